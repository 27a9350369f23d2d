"""Samples of what customers and staff read at the desk."""

from __future__ import annotations

from typing import Any

from bot.desk.answers import BLANK
from bot.desk.model import Card, Status

CARD = Card("a@b", "10086@hall", asked="为什么扣我钱", operation="开通彩铃", reason="asked", score=87, logged_in=True)
TOLD = {"number": 17, "staff": "1208", "seconds": 20, "why": "客户要求", "late": 3, "minutes": 5, "ticket": "T000001"}
WAITS = {**TOLD, "what": "waiting", "ahead": 3, "rest": 8}
ANSWER = {**BLANK, "number": 17, "staff": "1208", "text": "您好", "name": "watch", "count": 2, "waiting": 3}
FULL = {
    **ANSWER,
    "rows": ("17 138****8001 等了2分钟 → 1208",) * 5,
    "more": 3,
    "here": 4,
    "free": 2,
    "codes": {"1": "已解答", "2": "已办理"},
    "canned": {"nhqw": "您好，请问有什么可以帮您？"},
    "wrapped": "1",
    "ticket": "T000001",
    "skill": "账务",
    "minutes": "5",
    "note": "午餐",
}


def _each(data: dict[str, Any], *whats: str) -> list[dict[str, Any]]:
    return [{**data, "what": what} for what in whats]


SAMPLES: dict[str, list[dict[str, Any]]] = {
    "desk/queued": [
        {"again": again, "ahead": ahead, "minutes": 2, "reason": reason, "busy": busy}
        for again in (False, True)
        for ahead in (0, 3)
        for reason in ("asked", "complaint", "lost")
        for busy in (False, True)
    ],
    "desk/place": [{"ahead": 0}, {"ahead": 12}],
    "desk/left": [{}],
    "desk/message": [{}],
    "desk/reading_only": [{"title": "开通业务"}],
    "desk/rated": [{"stars": 5}, {"stars": 1}],
    "desk/go_on": [{"staff": "1207"}],
    "desk/with_human": [{"staff": "1207"}],
    "desk/said": [
        *_each(
            TOLD,
            "yours",
            "yours_now",
            "barge",
            "hold",
            "requeued",
            "staff_gone",
            "ended",
            "back",
            "ticketed",
            "missed",
            "nobody",
            "waited",
        ),
        WAITS,
        {**WAITS, "ahead": 0},
    ],
    "desk/told": [
        *_each(
            TOLD,
            "offer",
            "transfer",
            "shift",
            "offer_over",
            "not_taken",
            "gone",
            "taken",
            "handed",
            "lost",
            "hold_over",
            "seized",
            "customer_ended",
            "whisper",
            "skipped",
            "break",
        ),
        {**TOLD, "what": "not_taken", "late": 0},
        {**TOLD, "what": "transfer", "why": ""},
    ],
    "desk/card": [
        {"number": 17, "card": card, "line": "138****8001", "brand": "全球通", "tried": tried, "urgency": urgency}
        | {"waited": 130, "lines": lines, "level": card.level, "operation": card.operation}
        for card, tried, urgency, lines in (
            (CARD, ["查话费", "查积分"], "lost", 18),
            (Card("a@b", "hall"), [], "unhappy", 0),
        )
    ],
    "desk/sidebar": [
        {"heard": heard, "caught": caught, "passed": passed, "title": title, "done": done, "next": following}
        for heard, caught, passed, title, done, following in (
            ("［验证码］", "code", True, "开通彩铃", "done", ""),
            ("［验证码］", "code", True, "开通彩铃", "failed", ""),
            ("［验证码］", "code", True, "开通彩铃", "unknown", ""),
            ("［密码］", "password", False, "", "", ""),
            ("确认", "", False, "", "", "code"),
            ("［密码］", "password", True, "", "", "confirm"),
        )
    ],
    "desk/card_sent": [{"sent": True, "text": "开通彩铃，5元/月"}, {"sent": False, "text": "没有这个业务"}],
    "desk/not_for_staff": [{"title": "PUK码"}, {"title": ""}],
    "desk/logged_in": [{}],
    "desk/answer": [
        *_each(
            FULL,
            "no_staff",
            "no_session",
            "not_yours",
            "returned",
            "asks_secret",
            "stale",
            "unknown",
            "help",
            "language",
            "history",
            "audit_away",
            "leaders_only",
            "reason",
            "too_late",
            "pending",
            "yours_already",
            "not_here",
            "full",
            "refused",
            "given_back",
            "hold_minutes",
            "held",
            "ended",
            "codes",
            "transfer_whom",
            "shift_whom",
            "requeued",
            "oneself",
            "nobody",
            "transferring",
            "handing",
            "note_what",
            "noted",
            "canned",
            "ticket",
            "no_ticket",
            "offer_what",
            "watching",
            "unwatched",
            "whisper_what",
            "whispered",
            "barged",
            "rated",
            "still_has",
            "again",
            "queue",
        ),
        *_each({**ANSWER, "where": "queue"}, "not_yours", "too_late"),
        *_each({**ANSWER, "where": "human"}, "not_yours", "too_late"),
        {**ANSWER, "what": "no_session", "number": 0},
        {**ANSWER, "what": "queue"},
        {**ANSWER, "what": "full", "staff": ""},
        *({**FULL, "what": "status", "name": status.value} for status in Status),
        *({**ANSWER, "what": "language", "name": lang} for lang in ("zh", "en")),
        *_each({**ANSWER, "text": ""}, "history", "watching"),
    ],
}
