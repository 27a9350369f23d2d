"""Which template is taken, and what becomes of its text."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError

from bot.adapters.kept import Kept
from bot.errors import ConfigError
from bot.model import Brand, Reply, Session
from bot.render import JinjaRenderer
from bot.tongue import Glossary, chinese, english
from tests.support.samples import AT

NAMES = Glossary.of({"彩铃": "ring-back tone", "*元流量包": "* yuan data pack"})


def written(folder: Path, **texts: str) -> JinjaRenderer:
    """`zh__mzone__a__b="…"` becomes zh/mzone/a/b.j2."""
    for name, text in texts.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".j2")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return JinjaRenderer(
        folder, {"zh": chinese("示例移动", "工作日"), "en": english("Example Mobile", "on workdays", NAMES)}
    )


def said(renderer: JinjaRenderer, reply: Reply, lang: str = "", brand: Brand | None = None) -> str:
    return renderer(reply, lang=lang, brand=brand, session=Session(misses=2), at=AT)


def test_language_and_brand_are_looked_for_first(tmp_path: Path) -> None:
    renderer = written(
        tmp_path, zh__a__b="中", zh__mzone__a__b="动", en__a__b="en", en__group__a__c="group", zh__a__c="仅"
    )
    reply = Reply("a/b")
    assert said(renderer, reply) == "中"
    assert said(renderer, reply, "zh-CN", Brand.MZONE) == "动"
    assert said(renderer, reply, "en", Brand.MZONE) == "en"
    assert said(renderer, reply, "EN-gb") == "en"
    assert said(renderer, reply, "de") == "中"
    assert said(renderer, Reply("a/c"), "en") == "仅"
    assert said(renderer, Reply("a/c"), "en", Brand.GROUP) == "group"


def test_empty_lines_and_blanks_at_the_end_are_taken_away(tmp_path: Path) -> None:
    renderer = written(tmp_path, zh__a__b="\n  {% if x %}\n一  \n{% endif %}\n\n  二\n")
    assert said(renderer, Reply("a/b", x=True)) == "一\n  二"


def test_a_template_knows_the_house_the_session_and_the_time(tmp_path: Path) -> None:
    renderer = written(
        tmp_path, zh__a__b="{{ house }} {{ office }} {{ session.misses }} {{ now.hour }} {{ brands.mzone }}"
    )
    assert said(renderer, Reply("a/b")) == "示例移动 工作日 2 12 动感地带"


def test_text_is_never_escaped_and_never_evaluated(tmp_path: Path) -> None:
    renderer = written(tmp_path, zh__a__b="{{ text }}")
    assert said(renderer, Reply("a/b", text="<b>{{7*7}} & “x”")) == "<b>{{7*7}} & “x”"


def test_what_is_missing_is_an_error(tmp_path: Path) -> None:
    renderer = written(tmp_path, zh__a__b="{{ text }}")
    with pytest.raises(UndefinedError):
        said(renderer, Reply("a/b"))
    with pytest.raises(LookupError, match="no template for a/c"):
        said(renderer, Reply("a/c"))


def test_a_template_that_cannot_be_read_refuses_the_start(tmp_path: Path) -> None:
    with pytest.raises(TemplateSyntaxError):
        written(tmp_path, zh__a__b="{% if %}")
    with pytest.raises(ConfigError, match="does not exist"):
        JinjaRenderer(tmp_path / "nothing", {"zh": chinese()})


def test_no_template_outside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.j2").write_text("secret", "utf-8")
    renderer = written(tmp_path / "replies", zh__a__b="一")
    for name in ("../../secret", "../secret", "/etc/passwd"):
        with pytest.raises(LookupError):
            said(renderer, Reply(name))


def test_english_has_its_own_house_brands_and_names(tmp_path: Path) -> None:
    renderer = written(tmp_path, en__a__b="{{ house }} {{ office }} {{ brands.mzone }}: {{ pack }}, {{ name }} {{ n }}")
    reply = Reply("a/b", name="彩铃", pack="5元流量包", n=7)
    assert said(renderer, reply, "en") == "Example Mobile on workdays M-Zone: 5 yuan data pack, ring-back tone 7"


def test_a_language_without_a_folder_is_not_served(tmp_path: Path) -> None:
    assert said(written(tmp_path, zh__a__b="中"), Reply("a/b"), "en") == "中"


def test_templates_that_were_found_right_are_compiled_when_they_are_wanted(tmp_path: Path) -> None:
    """And found wrong again when one of them changed."""
    memory = Kept(tmp_path / "cache", "replies")
    folder = tmp_path / "replies"
    (folder / "zh/talk").mkdir(parents=True)
    (folder / "zh/talk/a.j2").write_text("{{ now.year }}年", "utf-8")
    for _ in range(2):
        render = JinjaRenderer(folder, {"zh": chinese()}, memory)
        assert render(Reply("talk/a"), lang="zh", brand=None, session=Session(), at=1764170000000) == "2025年"
    (folder / "zh/talk/b.j2").write_text("{% if %}", "utf-8")
    for _ in range(2):
        with pytest.raises(TemplateSyntaxError):
            JinjaRenderer(folder, {"zh": chinese()}, memory)
