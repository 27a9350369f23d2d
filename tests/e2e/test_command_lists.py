"""A client with a command menu needs no typing: lists by brand and language, forms to the end of an operation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slixmpp import ClientXMPP

from bot.model import Brand
from bot.wiring import Words
from tests.e2e.hall import Hall, opened
from tests.grounds.stream import hang_up
from tests.support.samples import account

pytestmark = pytest.mark.asyncio(loop_scope="module")
ADHOC = "http://jabber.org/protocol/commands"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory, words: Words) -> AsyncIterator[Hall]:
    async with opened(tmp_path_factory.mktemp("hall"), words=words) as hall:
        yield hall


@pytest.mark.parametrize("brand", Brand)
async def test_every_function_of_the_brand_is_listed_and_no_other(brand: Brand, hall: Hall, words: Words) -> None:
    async with hall.talker(hall.fresh(brand.value)) as customer:
        listed = await customer.commands()
        wanted = words.menus.menu(account(brand)).functions()
        assert set(listed) == {*wanted, "login", "password.change", "password.reset"}
        assert all(title == words.catalogue[name].title for name, title in listed.items())
        english = await customer.commands("en")
        assert {name: words.catalogue[name].english for name in listed} == english


async def test_the_language_that_was_asked_for_is_that_of_the_list(hall: Hall) -> None:
    async with hall.talker(hall.fresh()) as customer:
        await customer.say("English please")
        assert (await customer.commands())["bill.query"] == "Check bill"
        form = await customer.execute("bill.query")
        assert (form.title, form["password"].label) == ("Check bill", "Service password")
        await customer.say("说中文")
        assert (await customer.commands("en"))["bill.query"] == "查话费"


async def test_several_services_are_ticked_and_one_step_back_is_possible(hall: Hall) -> None:
    number = hall.fresh()
    async with hall.talker(number) as customer:
        await customer.submit(await customer.execute("login"), {"password": hall.password(number)})
        form = await customer.execute("service.cancel")
        assert (form["choice"].kind, form.actions) == ("list-multi", ("prev", "next"))
        terms = await customer.submit(form, {"choice": form["choice"].options[0][0]}, "next")
        assert terms["confirm"].values == ("取消",)
        code = await customer.submit(terms, {"confirm": "确认"}, "next")
        assert (code["code"].kind, code.actions) == ("text-private", ("prev", "complete"))
        again = await customer.submit(code, {"code": ""}, "prev")
        assert again["confirm"].values == ("取消",)
        assert hall.ledger(number)[0] in ("drafted", "confirmed")


class Client(ClientXMPP):
    """Nothing but slixmpp and its own XEP-0050, as its documentation writes it."""

    def __init__(self, jid: str, password: str) -> None:
        mechanisms = {"unencrypted_scram": True, "unencrypted_plain": True}
        super().__init__(jid, password, plugin_config={"feature_mechanisms": mechanisms})
        self.enable_direct_tls, self.enable_starttls, self.enable_plaintext = False, False, True
        self.register_plugin("xep_0004")
        self.register_plugin("xep_0050")
        self.online = asyncio.Event()
        self.add_event_handler("session_start", self._started)
        self.steps: asyncio.Queue[tuple[Any, dict[str, Any]]] = asyncio.Queue()

    def _started(self, _: Any) -> None:
        self.send_presence()
        self.online.set()

    def began(self, iq: Any, session: dict[str, Any]) -> None:
        self.steps.put_nowait((iq, session))

    async def step(self) -> tuple[Any, dict[str, Any]]:
        return await asyncio.wait_for(self.steps.get(), 15)


async def test_slixmpps_own_client_orders_a_service(hall: Hall) -> None:
    number = hall.fresh()
    client = Client(f"{number}@{hall.ground.domain}/menu", hall.ground.accounts[number])
    client.connect(hall.ground.host, hall.ground.c2s)
    await asyncio.wait_for(client.online.wait(), 15)
    adhoc: Any = client.plugin["xep_0050"]
    forms: Any = client.plugin["xep_0004"]
    disco: Any = client.plugin["xep_0030"]

    def answers(session: dict[str, Any], **values: str) -> None:
        form = forms.make_form(ftype="submit")
        for name, value in values.items():
            form.add_field(var=name, value=value)
        session["payload"] = form
        session["next"] = client.began

    listed = await disco.get_items(jid=hall.bot_jid, node=ADHOC)
    titles = {node: name for _, node, name in listed["disco_items"]["items"]}
    assert titles["service.subscribe"] == "开通业务"
    adhoc.start_command(hall.bot_jid, "service.subscribe", {"next": client.began, "error": client.began})
    iq, session = await client.step()
    answers(session, password=hall.password(number))
    adhoc.complete_command(session)
    iq, session = await client.step()
    options = iq["command"]["form"].get_fields()["choice"]["options"]
    answers(session, choice=next(one["value"] for one in options if one["label"] == "彩铃"))
    adhoc.continue_command(session)
    iq, session = await client.step()
    assert "5元/月" in iq["command"]["form"]["instructions"]
    answers(session, confirm="确认")
    adhoc.continue_command(session)
    iq, session = await client.step()
    answers(session, code=await hall.code(number))
    adhoc.complete_command(session)
    iq, session = await client.step()
    assert iq["command"]["status"] == "completed"
    assert "办理成功" in iq.xml.findtext(f".//{{{ADHOC}}}note")
    assert hall.ledger(number) == ["done"]
    await hang_up(client)
