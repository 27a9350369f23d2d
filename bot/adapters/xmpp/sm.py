"""Stream management (XEP-0198) in numbers: what each side has. Pure.

slixmpp's own plugin counts a stanza as handled when it is read, and on a resumed stream sends new stanzas before the
unconfirmed ones. Here a stanza is handled when it was accepted, in order; and what is sent is sent in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice

from bot.ports import DeliveryRef

NAMESPACE = "urn:xmpp:sm:3"
MODULO = 2**32
WINDOW = 12_000  # bytes that may be under way unconfirmed: ejabberd 23.01 ends a stream that brings 16 KiB at once


class Handled:
    """One stanza of the server's; `done` when the server may forget it."""

    __slots__ = ("_advance", "over")

    def __init__(self, advance: Callable[[], None]) -> None:
        self._advance = advance
        self.over = False

    def done(self) -> None:
        self.over = True
        self._advance()


class Counts:
    """Outlives the connections of one session; `id` is set while the session can be resumed.

    `caught_up` is called whenever all that was read is handled.
    """

    def __init__(self, caught_up: Callable[[], None] = lambda: None) -> None:
        self._caught_up = caught_up
        self.id = ""
        self.handled = 0
        self._open: deque[Handled] = deque()
        self._sent = 0
        self._unacked: deque[tuple[str, DeliveryRef | None, int]] = deque()
        self._refs: set[DeliveryRef] = set()  # of these
        self._written = 0  # how many of these went out on this connection
        self._under_way = 0  # their bytes

    def begin(self, id_: str, *, managed: bool = True) -> None:
        """A new session. Answers that were unconfirmed in the old one go first: they are older than all that comes.

        Where nothing is `managed` they are the outbox's.
        """
        self.id = id_
        self.handled = self._sent = 0
        self._unacked = deque(one for one in self._unacked if managed and one[1] is not None)
        if not managed:
            self._refs.clear()
        self.cut()

    def cut(self) -> None:
        """The connection is gone: what was not handled comes again and is counted anew, in both directions."""
        self._open.clear()
        self._written = self._under_way = 0

    # --- what the server sends ---------------------------------------------------------------------------------

    def arrived(self) -> Handled:
        handled = Handled(self._advance)
        self._open.append(handled)
        return handled

    @property
    def pending(self) -> int:
        """Stanzas read and not yet handled."""
        return len(self._open)

    def _advance(self) -> None:
        while self._open and self._open[0].over:
            self._open.popleft()
            self.handled = (self.handled + 1) % MODULO
            if not self._open:
                self._caught_up()

    # --- what we send ------------------------------------------------------------------------------------------

    def first(self, raw: str) -> None:
        """Queue what stands in front of all else in a new session."""
        self._unacked.appendleft((raw, None, len(raw.encode())))

    def send(self, raw: str, ref: DeliveryRef | None) -> None:
        """Queue one stanza; an answer that is queued already is not queued again."""
        if ref is not None:
            if ref in self._refs:
                return
            self._refs.add(ref)
        self._unacked.append((raw, ref, len(raw) if raw.isascii() else len(raw.encode())))

    def due(self) -> list[str]:
        """What may go out now, in order."""
        out: list[str] = []
        for raw, _, size in islice(self._unacked, self._written, None):
            if self._under_way and self._under_way + size > WINDOW:
                break
            self._under_way += size
            out.append(raw)
        self._written += len(out)
        return out

    @property
    def waiting(self) -> bool:
        """Is something held back until the server confirms?"""
        return self._written < len(self._unacked)

    @property
    def unconfirmed(self) -> int:
        return len(self._unacked)

    def acked(self, h: int) -> list[DeliveryRef]:
        """The server has the first `h` of this session; the references that this confirms."""
        new = (h - self._sent) % MODULO
        if new > len(self._unacked):
            return []  # a number that cannot be: confirms nothing, so that nothing is lost
        self._sent = h
        refs: list[DeliveryRef] = []
        for _ in range(new):
            _, ref, size = self._unacked.popleft()
            if self._written:
                self._written -= 1
                self._under_way -= size
            if ref is not None:
                self._refs.discard(ref)
                refs.append(ref)
        return refs
