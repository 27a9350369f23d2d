"""A small loopback XMPP server for the demo and the tests; never a production option."""

from bot.adapters.sandbox.xmppd.config import XmppConfig
from bot.adapters.sandbox.xmppd.server import XmppServer

__all__ = ["XmppConfig", "XmppServer"]
