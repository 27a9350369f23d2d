"""Every reply in both languages: said by code, complete, every branch readable on a phone; SMS in two segments."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import product as product_of
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables
from msgspec.structs import replace

from bot import gate
from bot.adapters.memory.hall import NUMBERS, MemoryHall
from bot.adapters.memory.ledger import MemoryLedger
from bot.adapters.sandbox.operator.catalogue import CATALOGUE
from bot.adapters.sandbox.operator.offers import BRAND_NAMES, Offer
from bot.intents import points, service
from bot.intents.base import PAGE, Call
from bot.model import (
    Account,
    Brand,
    Draft,
    Plan,
    Points,
    Product,
    Reply,
    Service,
    Session,
    Slots,
)
from bot.paths import shipped
from bot.render import JinjaRenderer
from bot.talk import MOST_CHARACTERS, MOST_LINES
from bot.tongue import FILTERS, chinese, english
from bot.wiring import Words
from bot.words import BRANDS
from tests.support.offers import offer_of_staff
from tests.support.replies import BOTH, OP, SAMPLES, rendered, worded
from tests.support.samples import AT, account, session

LANGS = ("zh", "en")
ROOTS = {lang: shipped("replies") / lang for lang in LANGS}
BOT = Path(__file__).parents[1] / "bot"
GIVEN = {"session", "now", "house", "office", "brands", "kinds", "hotline"}
NOT_DATA = {"state", "menu", "secret", "personal", "logout", "topic", "score", "file", "besides"}
NAMES_OF = {
    lang: {str(path.relative_to(root).with_suffix("")) for path in root.rglob("*.j2")} for lang, root in ROOTS.items()
}
NAMES = NAMES_OF["zh"]
FOLDERS = {name.split("/")[0] for name in NAMES}

# --- code and templates agree ----------------------------------------------------------------------------------


@cache
def sources() -> tuple[ast.AST, ...]:
    return tuple(node for path in BOT.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8"))))


def said() -> set[str]:
    words = (node.value for node in sources() if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {word for word in words if re.fullmatch(r"[a-z]+/[a-z_]+", word) and word.split("/")[0] in FOLDERS}


def test_both_languages_have_every_template() -> None:
    assert NAMES_OF["en"] == NAMES_OF["zh"]


def test_every_template_is_said_and_every_template_that_is_said_exists() -> None:
    assert said() == NAMES


@cache
def calls() -> dict[str, list[set[str]]]:
    """Template → the names of the data it is given, once per place in the code that says it by name."""
    found: dict[str, list[set[str]]] = defaultdict(list)
    for node in sources():
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Reply", "UserError"}
        ):
            continue
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and all(word.arg for word in node.keywords):
            found[first.value].append({word.arg or "" for word in node.keywords} - NOT_DATA)
    return found


LOST = {"ticket": "T000001"}
PLAIN = Environment(trim_blocks=True, lstrip_blocks=True)
PLAIN.filters.update(dict.fromkeys(("yuan", "short", "mask", "bar", *FILTERS), str))


def parsed(name: str, lang: str = "zh") -> nodes.Template:
    return PLAIN.parse((ROOTS[lang] / f"{name}.j2").read_text("utf-8"))


def wanted(name: str, lang: str) -> set[str]:
    return find_undeclared_variables(parsed(name, lang)) - GIVEN


@pytest.mark.parametrize("name", sorted(NAMES))
def test_both_languages_use_the_same_variables(name: str) -> None:
    assert wanted(name, "en") == wanted(name, "zh")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_nothing_is_given_that_is_not_read(name: str) -> None:
    given = {word for words in calls().get(name, []) for word in words}
    assert given - wanted(name, "zh") <= {"account", "operation"}, "given, and never read"


def test_what_a_template_reads_in_every_branch_is_given_everywhere() -> None:
    always = {
        "gate/password": {"title", "digits"},
        "gate/code": {"operation", "digits", "life", "again"},
        "gate/sms_limit": {"limit", "wait", "asked", "sends"},
        "talk/remind": {"kind", "asked", "hint", "digits", "out"},
        "sms/code": {"code", "operation", "life"},
    }
    assert {name: set.union(*calls()[name]) for name in always} == always


# --- every branch of every template ----------------------------------------------------------------------------


ELSEWHERE, AT_DESK = BOTH


def render(words: Words, name: str, data: dict[str, Any], lang: str = "zh", who: Session = ELSEWHERE) -> str:
    return words.render(Reply(name, **data), lang=lang, brand=Brand.GOTONE, session=who, at=AT)


@pytest.fixture(scope="module")
def hall(words: Words) -> Words:
    return worded(words)


def test_there_is_a_sample_of_every_template() -> None:
    assert set(SAMPLES) == NAMES


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_sample_fits_a_phone_and_reads_well(name: str, lang: str, hall: Words) -> None:
    for data, who in product_of(SAMPLES[name], BOTH):
        text = render(hall, name, data, lang, who)
        assert text, data
        assert len(text.splitlines()) <= MOST_LINES, text
        assert len(text) <= MOST_CHARACTERS, text
        assert not re.search(r"None|\{\{|\}\}|\{%|Decimal|<|>|&|undefined", text), text
        assert all(line == line.rstrip() for line in text.splitlines()), text
        if lang == "zh":
            assert not re.search(r"(?<=[一-鿿])[,;:!?]|[,;!?](?=[一-鿿])", text), "half-width punctuation: " + text
        assert not re.search(r"[，。；：！？、]{2}|（）|“”|  $", text), text


def pieces(name: str, lang: str) -> set[str]:
    """Every piece of the language that stands in a template, whatever branch it is in."""
    tree = parsed(name, lang)
    texts = [node.data for node in tree.find_all(nodes.TemplateData)]
    texts += [node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return {line for line in lines if re.search(PIECE[lang], line)}


PIECE = {"zh": r"[一-鿿]", "en": r"[A-Za-z]{2,} |[A-Z]"}
COMPARED = {"gate/password": {"登录", "Log in"}}  # a title that is only compared with is no piece of its own


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_samples_go_through_every_branch(name: str, lang: str, hall: Words) -> None:
    whole = "\n".join(rendered(hall, name, lang))
    assert {piece for piece in pieces(name, lang) if piece not in whole} <= COMPARED.get(name, set())


def test_english_is_english() -> None:
    for name in NAMES:
        text = (ROOTS["en"] / f"{name}.j2").read_text("utf-8")
        text = re.sub(r"#[一-鿿]+", "", text)  # commands of the staff
        assert not re.search(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”]", text), name


AFTERWARDS = {("desk/said", "nobody")}  # he waited in vain, and may ask again


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_is_offered_staff_who_waits_for_them_or_is_served(lang: str, hall: Words) -> None:
    """`0` would leave the queue. What says `offer` asks the gate, which says no there."""
    assert not gate.offers_staff(AT_DESK)
    samples = [
        (name, {**data, "offer": False} if data.get("offer") is True else data)
        for name in NAMES
        for data in SAMPLES[name]
    ]

    def offers(who: Session) -> dict[str, str]:
        found = {}
        for name, data in samples:
            text = render(hall, name, data, lang, who)
            if (name, data.get("what")) not in AFTERWARDS and (offer := offer_of_staff(text)):
                found[name] = offer
        return found

    assert offers(AT_DESK) == {}
    assert len(offers(ELSEWHERE)) > 20, "elsewhere they are offered"


def test_what_a_customer_typed_is_never_a_template(words: Words) -> None:
    for text in ("{{7*7}}", "{% for i in range(9) %}x{% endfor %}", "{{ ''.__class__ }}", "{# x #}", "{{"):
        for name, key in (("talk/repeat", "text"), ("talk/raw", "text"), ("operation/none", "serial")):
            assert text in render(words, name, {key: text})


def test_what_secrets_need_stands_in_no_other_reply() -> None:
    for lang, root in ROOTS.items():
        texts = {name: (root / f"{name}.j2").read_text("utf-8") for name in NAMES}
        assert [name for name, text in texts.items() if re.search(r"\{\{ *code *\}\}", text)] == ["sms/code"]
        assert not [name for name, text in texts.items() if "password" in wanted(name, lang) or not text]


# --- every operation of the sandbox's catalogue, worded and as SMS ---------------------------------------------


def product(offer: Offer) -> Product:
    return Product(
        offer.id, offer.name, offer.short, offer.text, Decimal(offer.fee) / 100, offer.period, offer.points, offer.kind
    )


class Shop(MemoryHall):
    """Sells the whole catalogue of the sandbox to a line that has all of it, or nothing yet."""

    def __init__(self, *, full: bool) -> None:
        super().__init__()
        self.full = full

    async def points(self, account: Account) -> Points:
        return Points(10_000_000)

    async def rewards(self, brand: Brand) -> list[Product]:
        return [product(offer) for offer in CATALOGUE if offer.kind == "reward" and brand.value in offer.brands]

    async def catalogue(self, brand: Brand) -> list[Product]:
        return [product(offer) for offer in CATALOGUE if offer.kind == "service" and brand.value in offer.brands]

    async def services(self, account: Account) -> list[Service]:
        every = await self.catalogue(account.brand)
        return [Service(f"i-{p.id}", p) for p in every] if self.full else []


def call(words: Words, hall: Shop, brand: Brand, slots: Slots, lang: str = "zh") -> Call:
    known = replace(account(brand), number=NUMBERS[brand])
    here = replace(session(), account=known)
    return Call(here, slots, hall, MemoryLedger(), words.menus, words.catalogue, AT, "k", tongue=words.tongues[lang])


async def drafts(words: Words, brand: Brand, lang: str) -> list[Draft]:
    """Everything that this brand can subscribe to, cancel (alone, by page, nine by their digits) or redeem."""
    empty, full = Shop(full=False), Shop(full=True)
    answers = [
        await service.subscribe(call(words, empty, brand, Slots(items=(p.id,)), lang))
        for p in await empty.catalogue(brand)
    ]
    have = [s.id for s in await full.services(account(brand))]
    groups = [*([id] for id in have), *(have[n : n + PAGE] for n in range(0, len(have), PAGE)), have[:9]]
    answers += [await service.cancel(call(words, full, brand, Slots(items=tuple(ids)), lang)) for ids in groups]
    if brand in points.WITH_POINTS:
        for reward in await full.rewards(brand):
            slots = Slots(items=(reward.id,), quantity=99)
            answers.append(await points.redeem(call(words, full, brand, slots, lang)))
    assert all(isinstance(answer, Draft) for answer in answers)
    return [answer for answer in answers if isinstance(answer, Draft)]


def segments(text: str) -> int:
    """UCS-2: 70 characters in one, 67 in each of several; what is ASCII alone 160 and 153 (3GPP 23.040, 23.038)."""
    one, each = (160, 153) if text.isascii() else (70, 67)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= one else -(-units // each)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("brand", Brand)
async def test_every_operation_is_worded_on_a_phone_and_in_two_segments(brand: Brand, lang: str, words: Words) -> None:
    tongue = words.tongues[lang]
    for draft in await drafts(words, brand, lang):
        terms = words.render(draft.reply, lang=lang, brand=brand, session=session(), at=AT)
        assert len(terms.splitlines()) <= MOST_LINES - 1, terms  # a note may stand in front
        assert len(terms) <= MOST_CHARACTERS, terms
        assert tongue.says("确认", '"confirm"') in terms
        assert tongue.says("取消", '"cancel"') in terms
        assert all(tongue.name(i.name) in terms for i in draft.order.items), "everything that is agreed to is named"
        assert lang == "zh" or not re.search("[一-鿿]", terms + draft.title + draft.sms), "a name without a translation"
        meant = replace(OP, order=draft.order, title=draft.title, sms=draft.sms)
        sms = render(words, "sms/code", {"code": "012345", "operation": meant, "life": 180}, lang)
        assert segments(sms) <= 2, sms
        assert segments(sms) == 1 or not draft.title.startswith("开通"), sms
        assert draft.order.price.removesuffix("元") in sms or draft.title.startswith(("退订", "Cancel"))
        for name in ("gate/code", "operation/withdrawn", "gate/code_void"):
            data = {"operation": meant, "again": True, "digits": 6, "life": 180, "locked": True, "wait": 1800}
            assert len(render(words, name, data, lang)) <= MOST_CHARACTERS


@pytest.mark.parametrize("lang", LANGS)
def test_a_plan_that_begins_later_than_told_is_shown_with_the_reason(lang: str, words: Words) -> None:
    """The reason fell away before the longest names: the two were 315 characters."""
    plans = [(o, replace(product(o), included=tuple(o.allowances.items()))) for o in CATALOGUE if o.kind == "plan"]
    for (one, old), (other, new) in product_of(plans, plans):
        if one.brands == other.brands and one != other:
            data = {"plan": Plan("p", old), "new": new, "starts": "2026-09"}
            texts = (render(words, "note/new_month", {}, lang), render(words, "plan/change", data, lang))
            assert len("\n".join(texts)) <= MOST_CHARACTERS, texts


async def test_a_paid_service_is_named_with_price_period_start_and_end(words: Words) -> None:
    for draft in await drafts(words, Brand.GOTONE, "zh"):
        if draft.title.startswith("开通"):
            terms = words.render(draft.reply, lang="zh", brand=None, session=session(), at=AT)
            name = draft.title.removeprefix("开通")
            assert all(
                part in terms for part in (name, draft.order.price, "资费：", "生效：", f"退订{name}", "确认吗？")
            )


def test_brands_have_one_name_everywhere() -> None:
    assert dict(BRAND_NAMES) == BRANDS == {brand.value: BRANDS[brand.value] for brand in Brand}
    assert set(english().brands) == set(BRANDS)


def test_undefined_data_is_an_error_of_ours(words: Words) -> None:
    with pytest.raises(Exception, match="'digits' is undefined"):
        words.render(Reply("gate/password", title="查话费"), lang="zh", brand=None, session=Session(), at=AT)


def test_a_template_that_does_not_exist_is_an_error_of_ours() -> None:
    renderer = JinjaRenderer(shipped("replies"), {"zh": chinese()})
    with pytest.raises(LookupError, match="no template for talk/nothing"):
        renderer(Reply("talk/nothing"), lang="zh", brand=None, session=Session(), at=AT)


def test_a_hotline_is_named_where_there_is_one(words: Words, hall: Words) -> None:
    none = worded(words, hotline="")
    for lang in LANGS:
        assert "10086" in render(hall, "line/suspend", LOST, lang)
        assert len(render(none, "line/suspend", LOST, lang).splitlines()) == 1
