"""Charts as PNG: SVG from templates beside the replies, drawn by one renderer with one small font."""

from bot.adapters.pictures.draw import Drawing

__all__ = ["Drawing"]
