"""Reply → words: replies/<lang>/<brand>/x.j2 if there is one, else replies/<lang>/x.j2.

User text is only ever a variable: templates come from files, are compiled once, and undefined variables raise. Whatever
an English template puts out is looked up in the glossary first, so that names of the operator's need no filter there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound

from bot import words
from bot.errors import ConfigError
from bot.intents.learned import Memory, name_of
from bot.model import Brand, Ms, Reply, Session, local
from bot.tongue import DEFAULT, FILTERS, Tongue, Tongues


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    yield "jinja2", version("jinja2")
    for path in sorted(folder.rglob("*.j2")):
        yield str(path.relative_to(folder)), path.read_text("utf-8")


class JinjaRenderer:
    """Implements `ports.Renderer`. A language is served when it has a folder."""

    def __init__(self, folder: Path, tongues: Tongues, memory: Memory | None = None) -> None:
        """With a `memory`, templates that were found right at an earlier start are compiled when they are wanted."""
        if not folder.is_dir():
            raise ConfigError(f"the replies folder {folder.name!r} does not exist")
        self._worlds = {
            code: _world(folder, tongue)
            for code, tongue in tongues.items()
            if code == DEFAULT or (folder / code).is_dir()
        }
        self._templates: dict[tuple[str, str, Brand | None], Template] = {}
        name = name_of(_texts(folder)) if memory else ""
        if memory is None or memory.recall(name) is None:
            self._compile()
            if memory:
                memory.keep(name, b"right")

    def _compile(self) -> None:
        """A syntax error refuses the start."""
        for code, world in self._worlds.items():
            for name in world.list_templates(extensions=["j2"]):
                if name.startswith(f"{code}/"):
                    world.get_template(name)

    def __call__(self, reply: Reply, *, lang: str, brand: Brand | None, session: Session, at: Ms) -> str:
        template = self._template(reply.template, self._language(lang), brand)
        known = {**template.globals, **reply.data, "session": session, "now": local(at)}
        text = "".join(template.root_render_func(template.new_context(known, shared=True)))
        return "\n".join([line for raw in text.splitlines() if (line := raw.rstrip())])

    def _language(self, lang: str) -> str:
        short = lang[:2].lower()
        return short if short in self._worlds else DEFAULT

    def _template(self, name: str, lang: str, brand: Brand | None) -> Template:
        key = (name, lang, brand)
        if found := self._templates.get(key):
            return found
        names = [f"{lang}/{name}.j2", f"{DEFAULT}/{name}.j2"]
        if brand:
            names = [f"{lang}/{brand.value}/{name}.j2", *names]
        try:
            found = self._worlds[lang].select_template(names)
        except TemplateNotFound as error:
            raise LookupError(f"no template for {name}") from error
        found.globals = dict(found.globals)  # they are a chain of mappings, and copied for every reply: 8 µs
        self._templates[key] = found
        return found


def _world(folder: Path, tongue: Tongue) -> Environment:
    """Jinja as one language needs it."""
    world = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # plain text; the web desk escapes what it shows
        auto_reload=False,
        finalize=_named(tongue) if tongue.code != DEFAULT else None,
    )
    world.filters.update(yuan=words.yuan, total=words.total, short=words.short, mask=words.mask, bar=words.bar)
    world.filters.update({name: getattr(tongue, name) for name in FILTERS})
    world.globals.update(house=tongue.house, office=tongue.office, hotline=tongue.hotline)
    world.globals.update(brands=tongue.brands, kinds=tongue.kinds)
    world.globals.update(beside=False)  # where an order waits, whose answer a digit would be
    return world


def _named(tongue: Tongue) -> Callable[[Any], Any]:
    def named(value: Any) -> Any:
        return tongue.name(value) if isinstance(value, str) else value

    return named
