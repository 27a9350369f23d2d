"""Data for every branch of what the hall offers besides the account."""

from __future__ import annotations

from msgspec.structs import replace

from bot.adapters.town import leisure, news, places
from bot.adapters.town.promotions import PROMOTIONS
from bot.intents.answers import entries
from bot.intents.base import PAGE
from bot.intents.places import Place
from bot.intents.shop import FEW
from bot.model import Brand, Score
from bot.ports.around import Board, Club, Ticket
from tests.support.replies.road import DAY, Samples

ALL = [one for some in PROMOTIONS.values() for one in some]
RUNNING = [replace(ALL[0], name="全球通二十周年感恩大抽奖")] * PAGE
JOINED = [replace(one, joined=True) for one in RUNNING]
NAMES = [one.name for one in ALL]
CITIES = [area.city for area in places.AREAS]
CHANNELS = [channel.name for channel in news.CHANNELS["gotone"]]
TITLES = [replace(one, title="全球通客户在机场贵宾厅停车可用积分") for one in news.news("gotone", DAY)] * 2
WHERE = Place("上海", "浦东新区")
BRANCHES = [replace(one, address="解放大道中山路口新世界广场300号") for one in places.BRANCHES[:3]]
CLUBS = [*leisure.CLUBS.values(), leisure.NOBODY, Club()]
TEXT = "晚上七点老地方见，别忘了带上充电器和身份证。" * 6

ENGLISH = {"全球通二十周年感恩大抽奖": "GoTone anniversary draw"}

SAMPLES: Samples = {
    "promo/query": [
        {"promotions": some, "more": more, "brand": brand, "beside": beside}
        for some, more in ((RUNNING, True), (JOINED, True), (RUNNING[:1], False), ([], False))
        for brand in Brand
        for beside in (False, True)
    ],
    "promo/choose": [{"promotions": RUNNING, "more": more} for more in (True, False)],
    "promo/none": [{"any": some} for some in (True, False)],
    "promo/joined": [{"promotion": ALL[0], "others": others} for others in (NAMES[:3], [])],
    "promo/join": [{"promotion": one} for one in (*ALL, replace(ALL[0], text=""))],
    "news/query": [
        {"channel": "全球通资讯", "news": some, "others": others}
        for some in (TITLES[:4], [])
        for others in (CHANNELS, [])
    ],
    "news/none": [{}],
    "news/choose": [{"channels": CHANNELS}],
    "news/subscribe": [
        {"names": CHANNELS, "new": new, "daily": daily} for new in (True, False) for daily in (True, False)
    ],
    "news/unsubscribe": [
        {"names": names, "left": left, "all": all_}
        for names, left, all_ in (
            (CHANNELS, [], True),
            (CHANNELS[:2], CHANNELS[2:], False),
            (CHANNELS, [], False),
            ([], [], False),
        )
    ],
    "vip/query": [{"club": club} for club in CLUBS],
    "bbs/query": [
        {"boards": some, "more": True, "beside": beside}
        for some in (list(leisure.BOARDS), [])
        for beside in (False, True)
    ],
    "bbs/board": [{"board": leisure.BOARDS[0]}, {"board": Board("b", "版块", "https://bbs.example.com/m/b")}],
    "shop/query": [
        {"city": "武汉", "kind": kind, "shops": shops, "more": more}
        for kind in ("餐饮", "")
        for shops, more in ((list(places.SHOPS[:FEW]), True), ([], False))
    ],
    "shop/place": [{"cities": CITIES, "unknown": unknown} for unknown in ("", "拉萨")],
    "hall/place": [{"cities": CITIES, "unknown": unknown} for unknown in ("", "乌鲁木齐天山区附近哪里有")],
    "hall/nearby": [
        {"where": where, "branches": some, "more": bool(some), "brand": brand}
        for where in (WHERE, Place("北京"))
        for some in (BRANCHES, [])
        for brand in (*Brand, None)
    ],
    "sms/number": [{"several": several} for several in (True, False)],
    "sms/text": [{"number": "13900139000", "problem": p, "length": 2000} for p in ("", "long", "link")],
    "sms/send": [{"number": "13900139000", "text": TEXT[:134], "price": "0.2元", "parts": 2, "length": 134}],
    "sms/too_many": [{"most": 20}],
}

HISTORY = [(f"{n}123", 1, 2) for n in range(4, 10)]
SAMPLES |= {
    "game/play": [{"left": 10, "best": best} for best in (0, 6)],
    "game/guess": [{"history": history, "left": 4} for history in (HISTORY, HISTORY * 2, HISTORY[:1])],
    "game/wrong": [{"guess": "1123", "left": 9}],
    "game/won": [
        {"guesses": n, "points": 50, "after": Score(350, n, n), "record": record}
        for n in (1, 6)
        for record in (True, False)
    ],
    "game/over": [
        {"answer": "0123", "guesses": guesses, "total": total} for guesses in (0, 1, 10) for total in (0, 100)
    ],
    "game/none": [{}],
    "note/playing": [{}],
    "note/own_line": [{"changes": changes} for changes in (True, False)],
    "note/still_asked": [{"title": "兑换积分"}],
    "note/one_by_one": [
        {"titles": titles, "later": later}
        for titles in (["查积分"], ["查积分", "近六个月账单"])
        for later in (True, False)
    ],
    "note/still_login": [{"title": "兑换积分"}],
    "note/game_left": [{}],
}

EVERY = list(entries())
LONGEST = sorted(EVERY, key=lambda entry: -len(entry.title + entry.english))[:PAGE]
SAMPLES |= {
    "talk/faq": [{"entry": entry} for entry in EVERY],
    "talk/faq_choose": [
        {"entries": LONGEST, "more": more, "asked": asked} for more in (True, False) for asked in (True, False)
    ],
}

TICKET = Ticket("T20261126abcdef0123", "complaint", False, DAY)
SAMPLES |= {
    "talk/tickets": [
        {"tickets": tickets, "missing": missing}
        for tickets in (
            [],
            [TICKET, replace(TICKET, topic="fault", done=True)],
            [replace(TICKET, topic=topic) for topic in ("handoff", "operation", "own")] + [TICKET],
        )
        for missing in ("", "T000009")
    ],
}
