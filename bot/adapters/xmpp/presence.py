"""Presence without a memory: what is asked is answered, nothing is kept, so a restart forgets no subscription. Pure.

slixmpp's own roster answers a probe with `unsubscribed` after a restart, which deletes the customers' subscriptions.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bot.adapters.xmpp.inbound import Us, customer
from bot.adapters.xmpp.jids import address
from bot.adapters.xmpp.xml import attributes


def answers(stanza: Element, us: Us, caps: str, *, client: bool) -> list[str]:
    """What a presence stanza is answered with. A client's server sends the available and unavailable ones itself."""
    sender, to = customer(stanza, us), address(stanza.get("to") or us.address)
    if sender is None or to is None or to.bare not in us.addresses:
        return []
    own = "" if client else to.bare
    match stanza.get("type"):
        case "probe":
            return [] if client else [available(own, sender.full, caps)]
        case "subscribe":
            welcome = [note("subscribed", own, sender.bare), note("subscribe", own, sender.bare)]
            return welcome if client else [*welcome, available(own, sender.bare, caps)]
        case "unsubscribe":
            # The customer removes the hall: it stops following him too.
            farewell = [note("unsubscribed", own, sender.bare), note("unsubscribe", own, sender.bare)]
            return farewell if client else [note("unavailable", own, sender.bare), *farewell]
        case _:
            return []


def available(sender: str, to: str, caps: str) -> str:
    return f"<presence{attributes(to=to, **{'from': sender})}>{caps}</presence>"


def note(kind: str, sender: str, to: str) -> str:
    return f"<presence type='{kind}'{attributes(to=to, **{'from': sender})}/>"
