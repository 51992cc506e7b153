"""The boxes that ask before a topic is made, grown or deleted: they say what that does and check what was typed."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from tui.clients.described import ClusterDescription, TopicInCluster
from tui.dashboard import help_places, keys
from tui.dashboard.formatting import byte_size, clean
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.screens.box import Box, answer_hints
from tui.dashboard.widgets.label import Label
from tui.dashboard.widgets.topic_changes import (
    MOST_NAME_CHARS,
    MOST_PARTITIONS,
    AddPartitions,
    CreateTopic,
    DeleteTopic,
    TopicChange,
    name_problem,
    number_problem,
)
from tui.settings import TopicSettings

_SHOWN_CELLS = 60
_MOST_DIGITS = 9


class TopicBox(Box[TopicChange]):
    """A box with a field a line; gives the change, or None if the person left. Subclasses say what is asked."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("next", "previous", "leave")
    PLACE: ClassVar[Place] = help_places.FIELDS
    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    TopicBox {
        & Horizontal { height: 1; }
        & Horizontal > .label { width: 14; color: $secondary-text; }
        & Horizontal > Input { width: 1fr; padding: 0 1; background: $surface; }
        & Horizontal > Input:focus { background: $surface-lighten-1; }
        & .said { height: auto; color: $error; margin: 1 0 0 0; }
        & .said.-changes { color: $foreground; }
    }
    """

    def __init__(self, title: str, does: str, words: Sequence[str], key_names: Mapping[str, str], glyphs: Glyphs):
        super().__init__(classes="-ascii" if glyphs.ascii else None)
        self.glyphs = glyphs
        self._title = title
        self._does = does
        self._words = words
        self._key_names = key_names

    def fields(self) -> Sequence[tuple[str, Input]]:
        """Labels and their fields."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with what was typed, "" if nothing is."""
        raise NotImplementedError

    def change(self) -> TopicChange:
        """The wish, when there is no problem."""
        raise NotImplementedError

    def remark(self) -> str:
        """What to say of what was typed while there is no problem."""
        return ""

    def compose(self) -> ComposeResult:
        """What it does, the fields, and room for words."""
        with VerticalScroll(classes="box", can_focus=False) as box:
            box.border_title = self._title
            box.border_subtitle = answer_hints(self._key_names, self._does, self.glyphs.ascii)
            for words in self._words:
                yield Static(words, markup=False, classes="block")
            for label, field in self.fields():
                with Horizontal():
                    yield Label(label)
                    yield field
            yield Static(self.remark(), markup=False, classes="said -changes")

    def value(self, field: str) -> str:
        """What stands in a field."""
        return self.query_one(f"#topic-{field}", Input).value.strip()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell("" if self.problem() else self.remark(), wrong=False)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_enter()

    def action_enter(self) -> None:
        """Leave with the change, or say what is wrong."""
        if problem := self.problem():
            self._tell(problem, wrong=True)
        else:
            self.dismiss(self.change())

    def _tell(self, words: str, wrong: bool) -> None:
        said = self.query_one(".said", Static)
        said.set_class(not wrong, "-changes")
        said.update(f"{self.glyphs.failed} {words}" if wrong else words)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)


class CreateTopicBox(TopicBox):
    """Asks for name, partitions and replication."""

    def __init__(
        self, cluster: ClusterDescription, settings: TopicSettings, key_names: Mapping[str, str], glyphs: Glyphs
    ) -> None:
        words = ("It keeps messages as long as kcalc's topics do. Partitions can be added later, never taken away.",)
        super().__init__("Make a topic", "make it", words, key_names, glyphs)
        self._present = {topic.name for topic in cluster.topics}
        self._brokers = max(1, len(cluster.brokers))
        self._partitions = str(settings.partitions)
        self._replication = str(min(self._brokers, max(1, settings.replication)))

    def fields(self) -> Sequence[tuple[str, Input]]:
        """Name, partitions, replication."""
        return (
            ("name", Input(id="topic-name", max_length=MOST_NAME_CHARS, compact=True)),
            ("partitions", Input(self._partitions, id="topic-partitions", max_length=_MOST_DIGITS, compact=True)),
            ("replication", Input(self._replication, id="topic-replication", max_length=_MOST_DIGITS, compact=True)),
        )

    def problem(self) -> str:
        """The first field that is wrong."""
        return (
            name_problem(self.value("name"), self._present)
            or number_problem("partitions", self.value("partitions"), 1, MOST_PARTITIONS)
            or number_problem("replication", self.value("replication"), 1, self._brokers)
        )

    def change(self) -> TopicChange:
        """The new topic."""
        return CreateTopic(self.value("name"), int(self.value("partitions")), int(self.value("replication")))


class AddPartitionsBox(TopicBox):
    """Says what more partitions do to keys, and asks how many there are to be."""

    def __init__(self, topic: TopicInCluster, key_names: Mapping[str, str], glyphs: Glyphs) -> None:
        words = [
            "Keys map to other partitions from now on, and what was sent before stays where it is: requests with one"
            " key are in order only within a partition. Partitions are never taken away.",
        ]
        if topic.used_for == "requests":
            words.append("The workers notice within 10 s, and share all partitions anew.")
        super().__init__("Add partitions", "add them", words, key_names, glyphs)
        self._topic = topic

    def fields(self) -> Sequence[tuple[str, Input]]:
        """How many in all."""
        wanted = str(min(2 * self._topic.partitions, MOST_PARTITIONS))
        return (("in all", Input(wanted, id="topic-total", max_length=_MOST_DIGITS, compact=True)),)

    def problem(self) -> str:
        """Fewer, or as many as there are, cannot be."""
        return number_problem("in all", self.value("total"), self._topic.partitions + 1, MOST_PARTITIONS)

    def remark(self) -> str:
        """From how many to how many."""
        wanted = self.value("total") if self.is_mounted else str(min(2 * self._topic.partitions, MOST_PARTITIONS))
        shown = clean(self._topic.name, _SHOWN_CELLS, self.glyphs)
        return f"{shown}: {self._topic.partitions} {self.glyphs.arrow} {wanted}"

    def change(self) -> TopicChange:
        """So many."""
        return AddPartitions(self._topic.name, int(self.value("total")))


_LOST = {
    "requests": "Requests that wait are never answered.",
    "results": "Results that were not read yet are lost.",
    "dead letters": "Its dead letters cannot be sent again.",
}


class DeleteTopicBox(TopicBox):
    """Says what is lost, and asks for the topic's name."""

    def __init__(self, topic: TopicInCluster, key_names: Mapping[str, str], glyphs: Glyphs) -> None:
        size = "" if byte_size(topic.size_bytes) == UNKNOWN else f", {byte_size(topic.size_bytes)}"
        shown = clean(topic.name, _SHOWN_CELLS, glyphs)
        words = (
            f"All that {shown} holds is lost: {topic.partitions} partitions{size}. {_LOST[topic.used_for]}",
            "As long as kcalc runs, it makes the topic again within seconds, empty.",
            f"Type {shown} to delete it.",
        )
        super().__init__("Delete a topic", "delete it", words, key_names, glyphs)
        self._topic = topic

    def fields(self) -> Sequence[tuple[str, Input]]:
        """Its name."""
        return (("name", Input(id="topic-name", max_length=MOST_NAME_CHARS, compact=True)),)

    def problem(self) -> str:
        """Anything but its name."""
        if self.value("name") == self._topic.name:
            return ""
        return f"that is not {clean(self._topic.name, _SHOWN_CELLS, self.glyphs)}: nothing was deleted"

    def change(self) -> TopicChange:
        """That one."""
        return DeleteTopic(self._topic.name)
