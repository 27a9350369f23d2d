"""What the operator tells about its town: channels and news, halls, partner shops, boards, the club."""

from __future__ import annotations

from aiohttp import web

from bot.adapters.sandbox.operator import paths, times
from bot.adapters.sandbox.operator.times import Clock
from bot.adapters.sandbox.operator.wire import Json, answer
from bot.adapters.town import leisure, news, places


class Town:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        told = {
            "channels": self._channels,
            "news": self._news,
            "areas": self._areas,
            "branches": self._branches,
            "shops": self._shops,
            "boards": self._boards,
            "club": self._club,
        }
        return [web.get(f"{paths.HALL}/{name}", handler) for name, handler in told.items()]

    async def _channels(self, request: web.Request) -> web.Response:
        found = news.CHANNELS.get(request.query.get("brand", ""), ())
        return answer([{"id": one.id, "name": one.name} for one in found])

    async def _news(self, request: web.Request) -> web.Response:
        found = news.news(request.query.get("channel", ""), self._clock())
        return answer([{"title": n.title, "channel": n.channel, "publishedAt": times.iso(n.at)} for n in found])

    async def _areas(self, _: web.Request) -> web.Response:
        return answer([{"city": a.city, "districts": [{"name": d} for d in a.districts]} for a in places.AREAS])

    async def _branches(self, request: web.Request) -> web.Response:
        city, district = request.query.get("city", ""), request.query.get("district", "")
        found = [one for one in places.BRANCHES if one.city == city and district in ("", one.district)]
        shown: list[Json] = [
            {
                "name": one.name,
                "city": one.city,
                "district": one.district,
                "address": one.address,
                "hours": one.hours,
                "kind": "kiosk" if one.kiosk else "hall",
            }
            for one in found
        ]
        return answer(shown)

    async def _shops(self, request: web.Request) -> web.Response:
        found = [one for one in places.SHOPS if one.city == request.query.get("city", "")]
        names = ("name", "city", "kind", "discount", "address")
        return answer([{name: getattr(one, name) for name in names} for one in found])

    async def _boards(self, _: web.Request) -> web.Response:
        return answer(
            [
                {"id": one.id, "name": one.name, "link": one.link, "posts": [{"title": post} for post in one.posts]}
                for one in leisure.BOARDS
            ]
        )

    async def _club(self, request: web.Request) -> web.Response:
        club = leisure.CLUBS.get(request.query.get("level", ""), leisure.NOBODY)
        benefits = [{"name": one} for one in club.benefits]
        return answer([{"level": club.level, "benefits": benefits, "next": club.next}])
