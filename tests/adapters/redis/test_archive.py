"""The marker of the archive survives the process, one per account, and names nobody."""

from __future__ import annotations

from bot.adapters.redis import ArchiveMarker, Link
from tests.support.valkey import valkey

KEY = bytes(range(32))


async def test_the_marker_survives_the_process_and_is_one_per_account() -> None:
    with valkey() as server:
        link = Link(server.url)
        await ArchiveMarker(link, KEY, "hall@im.example").save("a-17")
        await link.close()
        link = Link(server.url)
        try:
            assert await ArchiveMarker(link, KEY, "hall@im.example").load() == "a-17"
            assert await ArchiveMarker(link, KEY, "other@im.example").load() == ""
            assert b"example" not in b"".join(await link.command("KEYS", "*"))
        finally:
            await link.close()
