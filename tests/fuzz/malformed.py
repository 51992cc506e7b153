"""What a run of the fuzzing sends: message `number` of `seed`, always the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from tests.faults.messages import Headers
from tests.fuzz.values import KINDS, Outcome

_KINDS = tuple(KINDS)
_WEIGHTS = (*accumulate(weight for weight, _ in KINDS.values()),)
_HEADER_NAMES = (
    "a",
    "a",
    "",
    "kcalc-dlq-reason",
    "kcalc-dlq-offset",
    "kcalc-dlq-request-id",
    "\x1b[2J",
    "ключ",
)
_KEYS = 64


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message; `must` is what must come of it, None if that is for the product to say."""

    number: int
    kind: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    must: Outcome | None


@dataclass(frozen=True, slots=True)
class Slices:
    """What is sent: the messages `numbers` of `seed`, never more than `size` of them in memory."""

    seed: int
    numbers: range
    size: int

    def __iter__(self) -> Iterator[range]:
        return (self.numbers[at : at + self.size] for at in range(0, len(self.numbers), self.size))


def malformed(seed: int, number: int) -> Malformed:
    """Message `number`: mostly malformed in one of many ways, with any key and any headers; every fifth is good."""
    chance = Random(f"{seed} {number}")
    (kind,) = chance.choices(_KINDS, cum_weights=_WEIGHTS)
    value, must = KINDS[kind][1](chance)
    return Malformed(number, kind, _key(chance), value, _headers(chance), must)


def _key(chance: Random) -> bytes | None:
    lot = chance.random()
    if lot < 0.5:
        return f"key-{chance.randrange(_KEYS)}".encode()
    if lot < 0.75:
        return None
    return chance.randbytes(chance.choice([0, 1, 8, 100, 5_000]) if lot < 0.76 else chance.randrange(20))


def _headers(chance: Random) -> Headers:
    if chance.random() < 0.7:
        return ()
    return tuple((chance.choice(_HEADER_NAMES), _header_value(chance)) for _ in range(chance.randrange(1, 5)))


def _header_value(chance: Random) -> bytes | None:
    lot = chance.random()
    return None if lot < 0.2 else chance.randbytes(5_000 if lot > 0.995 else chance.randrange(20))
