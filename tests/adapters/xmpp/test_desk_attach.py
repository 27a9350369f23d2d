"""The desk's own connection: what staff write is heard as they wrote it."""

import asyncio

from bot.adapters.xmpp.desk import DeskAttach
from tests.adapters.xmpp.bare import HALL, bare
from tests.adapters.xmpp.roads import EchoRoad
from tests.support.till import until

LI = "li@im.localhost"


class Notes:
    """Whoever writes is noted as there: at first that takes a while."""

    def __init__(self) -> None:
        self._wait = 0.1

    async def staff(self, bare: str, full: str, show: str | None) -> None:
        wait, self._wait = self._wait, 0.0
        await asyncio.sleep(wait)

    async def returned(self) -> None:
        """Nobody was here before."""


async def test_lines_of_staff_stay_in_order_whatever_is_noted_beside_them() -> None:
    async with bare() as (server, settings):
        road = EchoRoad()
        attach = DeskAttach(settings, road, Notes(), number_of=lambda jid: "1207" if jid == LI else "", staff=(LI,))
        road.wire = attach
        await attach.start()
        try:
            for n in range(5):
                server.say(
                    f"<message from='{LI}/pc' to='s1@{HALL}' type='chat' id='m{n}'><body>第{n}句</body></message>"
                )

            async def heard() -> bool:
                return len(road.heard) == 5

            await until(heard)
        finally:
            await attach.stop()
        assert [message.text for message in road.heard] == [f"第{n}句" for n in range(5)]
        assert {message.sender for message in road.heard} == {f"1207@{HALL}"}
