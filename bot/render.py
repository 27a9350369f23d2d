"""Reply → words: replies/<lang>/<brand>/x.j2 if there is one, else replies/<lang>/x.j2.

User text is only ever a variable: templates come from files, are compiled once, and undefined variables raise.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound

from bot import words
from bot.errors import ConfigError
from bot.model import Brand, Ms, Reply, Session, local

DEFAULT = "zh"


class JinjaRenderer:
    """Implements `ports.Renderer`. `house` is the operator's name in SMS and greeting."""

    def __init__(self, folder: Path, *, house: str, office: str) -> None:
        if not folder.is_dir():
            raise ConfigError(f"the replies folder {folder.name!r} does not exist")
        self._env = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # plain text; the web desk escapes what it shows
            auto_reload=False,
        )
        self._env.filters.update(
            yuan=words.yuan, short=words.short, month=words.month, mask=words.mask, price=words.price
        )
        self._env.filters.update(duration=words.duration, lasting=words.lasting, reason=words.reason, date=words.date)
        self._env.globals.update(house=house, office=office, brands=words.BRANDS)
        self._languages = tuple(sorted(p.name for p in folder.iterdir() if p.is_dir()))
        self._templates: dict[tuple[str, str, Brand | None], Template] = {}
        for name in self._env.list_templates(extensions=["j2"]):
            self._env.get_template(name)  # a syntax error refuses the start

    def __call__(self, reply: Reply, *, lang: str, brand: Brand | None, session: Session, at: Ms) -> str:
        template = self._template(reply.template, self._language(lang), brand)
        text = template.render(reply.data, session=session, now=local(at))
        return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())

    def _language(self, lang: str) -> str:
        short = lang[:2].lower()
        return short if short in self._languages else DEFAULT

    def _template(self, name: str, lang: str, brand: Brand | None) -> Template:
        key = (name, lang, brand)
        if found := self._templates.get(key):
            return found
        names = [f"{lang}/{name}.j2", f"{DEFAULT}/{name}.j2"]
        if brand:
            names = [f"{lang}/{brand.value}/{name}.j2", *names]
        try:
            found = self._env.select_template(names)
        except TemplateNotFound as error:
            raise LookupError(f"no template for {name}") from error
        found.globals = dict(found.globals)  # they are a chain of mappings, and copied for every reply: 8 µs
        self._templates[key] = found
        return found
