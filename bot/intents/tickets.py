"""A ticket for staff (TMF621), in the customer's own words: opened, or said plainly that it was not."""

from __future__ import annotations

from msgspec.structs import replace

from bot.dialog.unsent import keep
from bot.errors import OutcomeUnknown, Refused, Unavailable
from bot.gate import MINUTE, logged_in
from bot.hiding import hide
from bot.intents.base import Call
from bot.model import Reply


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
