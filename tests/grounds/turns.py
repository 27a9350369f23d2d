"""Which answer belongs to which line, by the order of their ids. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

# A turn may be answered in several messages: r…-1, r…-2. They share what stands before the hyphen.
REPLY = re.compile(r"(r[A-Za-z2-7]{20})-\d+")


def stem(reply_id: str) -> str:
    found = REPLY.fullmatch(reply_id)
    return found[1] if found else reply_id


@dataclass(slots=True)
class Turn:
    """One line sent, and the stems of what answered it: more than one means doubled."""

    id: str
    stems: list[str] = field(default_factory=list)


class Turns:
    """A new stem answers the oldest unanswered line; when there is none, it doubles the last turn.

    When lines sent in a row are lost, the counts are right, but which of them is lost cannot be told.
    """

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._lines: set[str] = set()
        self._seen: set[str] = set()
        self._stems: set[str] = set()
        self.answered = 0
        """How many lines have an answer."""
        self.again = 0
        """Replies that came once more under an id seen before: allowed, but reported."""
        self.unasked: list[str] = []
        """Ids of what came before any line was sent."""

    def sent(self, line_id: str) -> None:
        """Counts a line; one with the id of another is no new line."""
        if line_id not in self._lines:
            self._lines.add(line_id)
            self._turns.append(Turn(line_id))

    def got(self, reply_id: str) -> bool:
        """Counts a reply; whether it is the first answer to a line."""
        if reply_id in self._seen:
            self.again += 1
            return False
        self._seen.add(reply_id)
        if stem(reply_id) in self._stems:
            return False
        self._stems.add(stem(reply_id))
        return self._attribute(stem(reply_id))

    def _attribute(self, new: str) -> bool:
        if self.answered < len(self._turns):
            self._turns[self.answered].stems.append(new)
            self.answered += 1
            return True
        if self._turns:
            self._turns[-1].stems.append(new)
        else:
            self.unasked.append(new)
        return False

    @property
    def turns(self) -> Sequence[Turn]:
        return self._turns

    @property
    def unanswered(self) -> list[str]:
        return [turn.id for turn in self._turns[self.answered :]]

    @property
    def doubled(self) -> int:
        """Answers beyond the first of each turn."""
        return sum(len(turn.stems) - 1 for turn in self._turns if turn.stems)
