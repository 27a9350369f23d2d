"""Picture → SVG → PNG. The renderer is loaded with the first picture that somebody looks at."""

from __future__ import annotations

from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from bot.model import Picture

HERE = Path(__file__).parent
FONT = HERE / "font" / "HallSans.ttf"
DEFAULT = "zh"
WIDTH = 720  # pixels: sharp at the width of a phone


class Drawing:
    """`folder` holds the templates, `<lang>/<counter>/<intent>.svg`; what they call stands in charts.svg here."""

    def __init__(self, folder: Path) -> None:
        self._env = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(HERE)]),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def svg(self, picture: Picture) -> str:
        names = [f"{lang}/{picture.template}.svg" for lang in (picture.lang[:2].lower(), DEFAULT)]
        try:
            return self._env.select_template(names).render(picture.data)
        except TemplateNotFound as error:
            raise LookupError(f"no picture for {picture.template}") from error

    def png(self, picture: Picture) -> bytes:
        """Some 20 ms of one core: call it in a thread."""
        import resvg_py  # 4 MB that most processes never need

        return resvg_py.svg_to_bytes(
            svg_string=self.svg(picture),
            width=WIDTH,
            skip_system_fonts=True,
            font_files=[str(FONT)],
            font_family="Hall Sans",
            sans_serif_family="Hall Sans",
        )
