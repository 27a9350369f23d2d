"""The demo's web page: Converse.js beside the handset on which the SMS arrive."""

from bot.adapters.sandbox.page.page import PageAccount, page

__all__ = ["PageAccount", "page"]
