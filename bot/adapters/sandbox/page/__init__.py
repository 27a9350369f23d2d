"""The demo's web page: Converse.js beside the handset on which the SMS arrive."""

from bot.adapters.sandbox.page.page import PageAccount, page
from bot.adapters.sandbox.page.relay import add_handset

__all__ = ["PageAccount", "add_handset", "page"]
