"""The wire: the hall as XEP-0114 component or as XMPP client. Nothing else in the project knows XMPP."""

from bot.adapters.xmpp.attach import XmppAttach
from bot.adapters.xmpp.settings import XmppSettings

__all__ = ["XmppAttach", "XmppSettings"]
