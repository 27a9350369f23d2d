"""How far the archive has been worked."""

import asyncio

from bot.adapters.xmpp.marker import Marker, forgetful
from tests.adapters.xmpp.live import Shelf


async def test_it_never_passes_what_was_not_accepted() -> None:
    shelf = Shelf()
    marker = Marker(shelf.load, shelf.save)
    first, second, third = (marker.arrived(f"a{n}") for n in range(3))
    second()
    await marker.stop()
    assert shelf.saves == []
    first()
    await marker.stop()
    assert shelf.saves == ["a1"]
    third()
    await marker.stop()
    assert shelf.archive_id == "a2"


async def test_a_copy_that_comes_again_takes_the_place_of_the_first() -> None:
    """The first did not fit into the lane and is never accepted: the marker stood still until the next start."""
    shelf = Shelf()
    marker = Marker(shelf.load, shelf.save)
    marker.arrived("a1")
    second, again = marker.arrived("a2"), marker.arrived("a1")
    second()
    await marker.stop()
    assert shelf.saves == []
    again()
    again()
    await marker.stop()
    assert shelf.saves == ["a2"]
    marker.arrived("a1")()  # read again from the archive
    marker.arrived("a3")()
    await marker.stop()
    assert shelf.archive_id == "a3"


async def test_many_steps_are_one_save() -> None:
    shelf = Shelf()
    marker = Marker(shelf.load, shelf.save)
    for n in range(100):
        marker.arrived(f"a{n}")()
    await asyncio.sleep(1.1)
    assert shelf.saves == ["a99"]
    await marker.stop()


async def test_a_frozen_marker_stays_where_it_is() -> None:
    shelf = Shelf("a0")
    marker = Marker(shelf.load, shelf.save)
    marker.frozen = True
    marker.arrived("a9")()
    await marker.stop()
    assert shelf.archive_id == "a0"


async def test_a_store_that_is_away_stops_nothing() -> None:
    async def save(_: str) -> None:
        raise ConnectionError

    marker = Marker(Shelf().load, save)
    marker.arrived("a1")()
    await marker.stop()


async def test_without_a_store_it_lasts_as_long_as_the_process() -> None:
    marker = forgetful()
    assert await marker.load() == ""
    marker.arrived("a1")()
    await marker.stop()
    assert await marker.load() == "a1"
