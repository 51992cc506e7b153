"""What another client read back after a run, and looked at during it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tests.faults.messages import Headers


class Stored(NamedTuple):
    """One record of a topic."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    def __str__(self) -> str:
        return f"p{self.partition}/{self.offset} {self.key!r} {self.value!r}"


class Sample(NamedTuple):
    """One look at one partition: first at its committed offset, then at the ends of the topics of answers."""

    partition: int
    committed: int
    results_end: int
    dead_letters_end: int


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Three topics, each partition in order, the group's offsets by partition, and the looks during the run."""

    requests: Iterable[Stored]
    results: Iterable[Stored]
    dead_letters: Iterable[Stored]
    committed: Mapping[int, int]
    samples: Iterable[Sample] = ()
