"""Which city and district is said, as typed, by its short name or by sound. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.intents.base import Call
from bot.intents.text import clean, syllables
from bot.model import Need, Reply
from bot.ports.around import Area

CITIES = 6  # offered by digits
_ASKED = re.compile("商[城店场户家铺]")  # sounds like 上城, and is what is asked for
_READ = {  # cities whose characters are mostly read otherwise elsewhere
    **{"成都": "chengdu", "重庆": "chongqing", "厦门": "xiamen", "长沙": "changsha", "长春": "changchun"},
    **{"佛山": "foshan", "六安": "luan", "蚌埠": "bengbu", "漯河": "luohe"},
}
_SUFFIX = re.compile("(?:新区|区|市|县)$")


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    district: str = ""


def found_in(areas: Sequence[Area], text: str) -> Place | None:
    """The district that is named, else the city; None when neither is. A district of the city that is named wins."""
    line = clean(text)
    code = syllables(_ASKED.sub("", line))
    cities = [area for area in areas if _said(area.city, line, code)]
    for area in (*cities, *areas):
        for district in area.districts:
            if _said(district, line, code):
                return Place(area.city, district)
    return Place(cities[0].city) if cities else None


def _said(name: str, line: str, code: str) -> bool:
    """Two characters at least; by sound only when three syllables agree, or the line is hardly more than the name."""
    short = _SUFFIX.sub("", name)
    short = short if len(short) > 1 else name
    if short in line:
        return True
    sound = syllables(_READ.get(short, short))
    if line.isascii():  # Beijing Chaoyang
        return len(short) > 1 and sound in code.replace(" ", "")
    return sound in code and (len(short) > 2 or len(code) <= len(sound) + 4)


def ask_place(call: Call, areas: Sequence[Area], template: str) -> Need:
    """Asks for the place; says so when the one that was named is not known."""
    cities = [area.city for area in areas[:CITIES]]
    reply = Reply(template, cities=cities, unknown=call.slots.place[:12])
    return Need("place", reply, slots=call.slots, options=tuple((call.tongue.name(city), city) for city in cities))
