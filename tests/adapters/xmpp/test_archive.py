"""Reading the archive in pages and once more: what is asked for, from where. The real servers: tests/servers."""

from xml.etree import ElementTree as ET

from bot.adapters.xmpp.archive import MAM, PAGE, RSM, CatchUp
from bot.adapters.xmpp.marker import forgetful


class Archive:
    """Numbered from 1; answers as XEP-0313 and XEP-0059 say."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.read: list[int] = []

    async def ask(self, payload: str) -> ET.Element:
        query = ET.fromstring(payload)
        if query.find(f"{{{RSM}}}set/{{{RSM}}}before") is not None:
            page = [self.size] if self.size else []
        else:
            after = int(query.findtext(f"{{{RSM}}}set/{{{RSM}}}after", "0"))
            page = list(range(after + 1, self.size + 1))[:PAGE]
            self.read += page
        complete = "true" if not page or page[-1] == self.size else "false"
        last = f"<last>{page[-1]}</last>" if page else ""
        return ET.fromstring(f"<iq><fin xmlns='{MAM}' complete='{complete}'><set xmlns='{RSM}'>{last}</set></fin></iq>")


async def test_a_first_run_reads_nothing_and_a_second_look_what_came_since() -> None:
    for size in (0, 1, 70):
        archive = Archive(size)
        run = CatchUp(archive.ask, forgetful())
        assert await run.run()
        assert archive.read == []
        await run.again()
        assert archive.read == []
        archive.size += 120
        await run.again()
        assert archive.read == list(range(size + 1, size + 121))


async def test_from_a_marker_on_everything_is_read_and_then_only_what_came_since() -> None:
    archive, marker = Archive(130), forgetful()
    marker.arrived("10")()
    await marker.stop()
    run = CatchUp(archive.ask, marker)
    assert await run.run()
    assert archive.read == list(range(11, 131))
    await run.again()
    archive.size = 133
    await run.again()
    assert archive.read == list(range(11, 134))


async def test_without_an_archive_there_is_no_second_look() -> None:
    asked: list[str] = []

    async def ask(payload: str) -> ET.Element:
        asked.append(payload)
        return ET.fromstring("<iq type='error' xmlns='jabber:client'><error><service-unavailable/></error></iq>")

    run = CatchUp(ask, forgetful())
    assert await run.run()
    await run.again()
    assert len(asked) == 1
