"""The bounded memory of dead letters: the newest of them, grouped by the reason for which they were refused. Pure."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tui.events import DeadLetterReceived

MOST_LETTERS = 2_000
MOST_BYTES = 16 << 20
_BYTES_BESIDE = 1_000
"""What a letter takes besides the bytes of its key, value and headers."""


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """The letters that are kept and were refused for one `reason`, a code; `last_at` is when the last one was."""

    reason: str
    letters: tuple[DeadLetterReceived, ...]

    @property
    def last_at(self) -> float:
        """Unix time of the newest."""
        return refused_at(self.letters[0])


def refused_at(letter: DeadLetterReceived) -> float:
    """When it became a dead letter, or else when it was seen here."""
    return letter.at if letter.refused_at is None else letter.refused_at


@dataclass(slots=True)
class DeadLetters:
    """The newest letters, at most `most` of them and `most_bytes` of what they hold; `total` ever came."""

    most: int = MOST_LETTERS
    most_bytes: int = MOST_BYTES
    total: int = 0
    _kept: deque[DeadLetterReceived] = field(default_factory=deque)
    _bytes: int = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def dropped(self) -> int:
        """How many had to make room."""
        return self.total - len(self._kept)

    def add(self, letter: DeadLetterReceived) -> None:
        """Keep this one, and drop as many of the oldest as that takes."""
        self.total += 1
        self._kept.append(letter)
        self._bytes += _size(letter)
        while len(self._kept) > self.most or self._bytes > self.most_bytes:
            self._bytes -= _size(self._kept.popleft())

    def newest(self, most: int) -> Iterator[DeadLetterReceived]:
        """At most so many of those that are kept, the newest first."""
        return islice(reversed(self._kept), most)

    def groups(self) -> tuple[ReasonGroup, ...]:
        """A group for each reason, that of the newest letter first, and its letters the newest first."""
        found: dict[str, list[DeadLetterReceived]] = {}
        for letter in reversed(self._kept):
            found.setdefault(letter.reason, []).append(letter)
        return tuple(ReasonGroup(reason, tuple(letters)) for reason, letters in found.items())


def _size(letter: DeadLetterReceived) -> int:
    headers = sum(len(name) + len(value or b"") for name, value in letter.headers)
    return _BYTES_BESIDE + len(letter.key or b"") + len(letter.value or b"") + headers
