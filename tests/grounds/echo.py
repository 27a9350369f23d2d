"""Components that say back what they hear: the smallest bots, for tests of the ground itself."""

import asyncio
import xml.etree.ElementTree as ET
from types import TracebackType
from typing import Any, Self

from slixmpp import ComponentXMPP

from tests.grounds.base import Ground
from tests.grounds.stream import hang_up


class Echo:
    """Answers each line with its own text, in order; `heard` keeps the ids."""

    def __init__(self, ground: Ground, name: str = "", port: int | None = None, patience: float = 10.0) -> None:
        self.heard: list[str] = []
        self._name = name
        self._patience = patience
        self._ready = asyncio.Event()
        component: Any = ComponentXMPP  # not typed
        self._xmpp = component(ground.hall, ground.secret, ground.host, port or ground.component)
        self._xmpp.whitespace_keepalive = False
        self._xmpp.add_event_handler("session_start", lambda _: self._ready.set())
        self._xmpp.add_event_handler("message", self._on_message)

    async def __aenter__(self) -> Self:
        self._xmpp.connect()
        try:
            async with asyncio.timeout(self._patience):
                await self._ready.wait()
        except BaseException:
            await hang_up(self._xmpp)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await hang_up(self._xmpp)

    def _on_message(self, message: Any) -> None:
        if message["type"] not in ("chat", "normal"):
            return
        self.heard.append(message["id"])
        self._answer(message)

    def _answer(self, message: Any) -> None:
        answer = self._xmpp.make_message(
            mto=message["from"], mfrom=message["to"], mtype="chat", mbody=self._name + message["body"]
        )
        answer["id"] = f"answer-{message['id']}"
        answer.send()


class Clerk(Echo):
    """An echo with manners: typing notes, receipts, no-store, and one command whose form asks for a password."""

    def __init__(self, ground: Ground, name: str = "") -> None:
        super().__init__(ground, name)
        for plugin in ("xep_0030", "xep_0004", "xep_0050"):
            self._xmpp.register_plugin(plugin)
        # slixmpp forgets the commands that were there before the connection.
        self._xmpp.add_event_handler("session_start", self._offer)
        self.passwords: list[str] = []

    def _answer(self, message: Any) -> None:
        for tag in ("{http://jabber.org/protocol/chatstates}composing", "{urn:xmpp:receipts}received"):
            note = self._xmpp.make_message(mto=message["from"], mfrom=message["to"], mtype="chat")
            ET.SubElement(note.xml, tag, {"id": message["id"]} if "receipts" in tag else {})
            note.send()
        super()._answer(message)

    def _offer(self, _: Any) -> None:
        self._xmpp.plugin["xep_0050"].add_command(self._xmpp.boundjid, "login", "登录", self._login)

    def _login(self, iq: Any, session: dict[str, Any]) -> dict[str, Any]:
        form = self._xmpp.plugin["xep_0004"].make_form("form", "登录", "请输入客服密码")
        form.add_field("password", "text-private", "客服密码", required=True)
        return {**session, "payload": form, "next": self._logged_in, "has_next": False}

    def _logged_in(self, payload: Any, session: dict[str, Any]) -> dict[str, Any]:
        self.passwords.append(payload["values"]["password"])
        session.update(payload=None, next=None, has_next=False, notes=[("info", "登录成功")])
        return session
