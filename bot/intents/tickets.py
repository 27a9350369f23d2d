"""A ticket for staff (TMF621), in the customer's own words: opened, or said plainly that it was not; and its state."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.dialog.unsent import keep
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.gate import MINUTE, logged_in
from bot.hiding import hide
from bot.intents.base import Call
from bot.intents.text import clean, core
from bot.model import Reply, Slots

PROGRESS = "progress"  # kind of a complaint that only asks what became of one
SHOWN = 4
NAMED = 60  # characters of a line that is about the ticket it names
_ID = re.compile(r"(?<![a-z0-9])t\d{6,}[0-9a-f]*(?![a-z0-9])")  # as the operator numbers them
_THING = "(?:投诉|工单|报修|报障|故障|留言)(?:工?单号?)?"
_LOOK = "(?:查询?(?:一下)?|查看|看看?(?:一下)?)"
_OWN = "(?:我的?|上次的?|之前的?|刚才的?|昨天的?|报的|提的){0,2}"
_STATE = (
    r"(?:的?(?:事情?|问题))?的?(?:现在|目前|有没有|有|处理|解决|办理?)*得?"
    r"(?:(?:进[度展]|状态|结果|记录|单号|到哪(?:一步|里|儿)?|怎么?样|如何|消息|反馈|人[管看理])(?:了|吗|么|呢|查询|没有?)*"
    r"|查询|(?:处理|解决|办|修)[好完]?了?(?:吗|么|没有?))"
)
_ASKED = re.compile(
    rf"{_LOOK}{_OWN}{_THING}(?:{_STATE})?|{_OWN}{_THING}{_STATE}|(?:我|上次|之前|昨天)的?(?:工单|{_THING}呢)"
    r"|(?:(?:what about|what happened to|any news (?:on|of|about)|check|show|see|where is|how is|status of)(?: me)?"
    r" (?:my|the) (?:tickets?|complaints?|fault reports?|message))|my tickets?"
    r"|(?:my |the )?(?:ticket|complaint) (?:status|progress)"
)
_IT = "工单"  # stands for the ticket that is named, in either language
_ONE = re.compile(
    rf"[ ,]*(?:{_THING}号?|(?:the |my |this )?(?:ticket|complaint|fault report)(?: (?:number|no\.?))?)?"
    rf"[ :#]*{_ID.pattern}[ ,]*"
)
_OF_ONE = re.compile(
    rf"(?:我?想?(?:催(?:一?下|促)?|{_LOOK}|关于))?{_OWN}(?:这个)?{_IT}(?:{_STATE}|呢|有没有人?(?:处理|解决|办|修|管)[完好]?"
    r"|(?:现在|目前)?是?(?:什么|啥)(?:情况|状态|进展|进度)[了呢]?|(?:什么时候|啥时候|多久)(?:能|可以)?(?:处理|解决|办|修)?[完好]?)?"
    rf"|(?:(?:what about|what happened to|any news (?:on|of|about)|check|show|see|look up|where is|how is|is"
    rf"|(?:what is the )?(?:status|state|progress) of) ?)?{_IT}"
    r" ?(?:status|state|progress|going|doing|done|ready|finished|solved|resolved|closed|fixed)?"
    r"(?: ?(?:yet|now|please))*"
)
_COMPLAINS = re.compile(
    r"(?<!不)[要再想]投诉(?!的?(?:进|结果|状态|记录|处理))|投诉[你您]|\b(?:to|must) complain\b|\banother complaint\b"
)


def named(line: str) -> str:
    """The ticket that a cleaned line names, T000001; "" if none, or if more is told than that."""
    found = _ID.search(line) if len(line) <= NAMED else None
    return found[0] if found else ""


def asked(line: str) -> bool:
    """What became of a ticket, or of all: 查我的投诉, T000001怎么样了; T000001还没处理完 tells of it instead."""
    if _ASKED.fullmatch(line) or _ASKED.fullmatch(core(line)):
        return True
    return bool(named(line) and not complained(line) and _OF_ONE.fullmatch(core(_ONE.sub(_IT, line))))


def complained(line: str) -> bool:
    """Is it said of a cleaned line that it is a complaint, whatever ticket it names?"""
    return bool(_COMPLAINS.search(line))


def about(slots: Slots) -> Slots:
    """A line that names a ticket, and is no sure wish of another kind: of its state, if it complains of nothing."""
    return slots if complained(clean(slots.line)) else replace(slots, kind=PROGRESS)


async def progress(call: Call) -> Reply:
    """What became of the tickets of this number; of the one that is named alone, where it is one of these."""
    tickets, number = await call.hall.tickets_of(call.account.number), named(clean(call.slots.line))
    meant = [ticket for ticket in tickets if ticket.id.lower() == number]
    missing = number.upper() if number and not meant else ""
    return Reply("talk/tickets", tickets=(meant or tickets)[:SHOWN], missing=missing, personal=True)


async def opened(call: Call, intent: str, topic: str, template: str) -> Reply:
    """`template` with the number of the ticket; else what he wrote is kept for another try, and he is told so."""
    number = call.session.account.number if call.session.account else ""
    text, key = hide(call.slots.text.strip()), call.slots.serial or call.key
    try:
        return Reply(template, ticket=await call.hall.ticket(number, text, topic, key))
    except Refused:
        unknown = False
    except Unavailable as error:
        if error.what == "redis":
            raise
        unknown = isinstance(error, OutcomeUnknown)
    kept = keep(intent, replace(call.slots, text=text, serial=key), call.says("再提交一次", "Send it again"), call.at)
    limits = call.limits
    minutes = (min(limits.idle, limits.menu) if logged_in(call.session) else limits.menu) // MINUTE
    return Reply("talk/unsent", unknown=unknown, minutes=minutes, state=kept)
