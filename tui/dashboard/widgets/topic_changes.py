"""What can be wished of topics, with the words for it; and what is wrong with what was typed for such a wish."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from textual.message import Message

from tui.dashboard.formatting import clean
from tui.dashboard.needs import ClusterAccess

MOST_NAME_CHARS = 249
MOST_PARTITIONS = 1_000
"""As `topics.partitions` of config.yml; more at once is a slip of the finger."""
_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_SHOWN_CELLS = 60


class TopicChange(Protocol):
    """One change of a topic: `words` complete "could not …", `done` says that it was made."""

    @property
    def words(self) -> str: ...
    @property
    def done(self) -> str: ...
    async def made(self, cluster: ClusterAccess) -> None: ...


class TopicChangeRequested(Message):
    """A person wants this change and has confirmed it."""

    def __init__(self, change: TopicChange) -> None:
        super().__init__()
        self.change = change


@dataclass(frozen=True, slots=True)
class CreateTopic:
    """A new topic."""

    name: str
    partitions: int
    replication: int

    @property
    def words(self) -> str:
        """As a wish."""
        return f"make topic {self.name}"

    @property
    def done(self) -> str:
        """As a fact."""
        many = "1 partition" if self.partitions == 1 else f"{self.partitions} partitions"
        return f"topic {self.name} is there, with {many}"

    async def made(self, cluster: ClusterAccess) -> None:
        """Make it so."""
        await cluster.create_topic(self.name, self.partitions, self.replication)


@dataclass(frozen=True, slots=True)
class AddPartitions:
    """More partitions, `total` of them."""

    name: str
    total: int

    @property
    def words(self) -> str:
        """As a wish."""
        return f"add partitions to {clean(self.name, _SHOWN_CELLS)}"

    @property
    def done(self) -> str:
        """As a fact."""
        return f"topic {clean(self.name, _SHOWN_CELLS)} has {self.total} partitions"

    async def made(self, cluster: ClusterAccess) -> None:
        """Make it so."""
        await cluster.add_partitions(self.name, self.total)


@dataclass(frozen=True, slots=True)
class DeleteTopic:
    """One of kcalc's topics less, or rather an empty one in its place."""

    name: str

    @property
    def words(self) -> str:
        """As a wish."""
        return f"delete topic {self.name}"

    @property
    def done(self) -> str:
        """As a fact."""
        return f"topic {self.name} was deleted with all it held"

    async def made(self, cluster: ClusterAccess) -> None:
        """Make it so."""
        await cluster.delete_topic(self.name)


def name_problem(name: str, present: Collection[str]) -> str:
    """What is wrong with the name of a new topic, "" if nothing is."""
    if not name:
        return "name: type one"
    if name in present:
        return f"name: topic {name} exists already"
    if not _NAME.fullmatch(name) or name in (".", ".."):
        return "name: letters, digits, dots, dashes and underscores are allowed"
    if len(name) > MOST_NAME_CHARS:
        return f"name: at most {MOST_NAME_CHARS} characters are allowed"
    return ""


def number_problem(what: str, text: str, least: int, most: int) -> str:
    """What is wrong with a whole number from `least` to `most`, "" if nothing is."""
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return ""
    if least == most:
        return f"{what}: only {least} is possible"
    return f"{what}: allowed is a whole number from {least} to {most}"
