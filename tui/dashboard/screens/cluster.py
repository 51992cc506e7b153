"""The view "cluster": brokers, topics, groups, missing permissions; topics are made, grown and deleted here."""

import time
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from tui.clients.described import TopicInCluster
from tui.dashboard import keys
from tui.dashboard.cluster_looks import Looking
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.needs import RunningSession
from tui.dashboard.screens.view import View
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.dashboard.widgets.topic_changes import TopicChange, TopicChangeRequested
from tui.ledger.figures import Figures

_SHOWN_CELLS = 60


class ClusterView(View):
    """Looks at the cluster as long as it is shown. Posts `TopicChangeRequested`."""

    NAME = "cluster"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("create_topic", "add_partitions", "delete_topic")
    CLOCK: ClassVar[Callable[[], float]] = time.monotonic

    def __init__(self, session: RunningSession, glyphs: Glyphs, key_names: dict[str, str]) -> None:
        super().__init__(session, glyphs, key_names)
        self.looking = Looking(session, type(self).CLOCK)
        self._wanted_first = ""

    def body(self) -> ComposeResult:
        """One list."""
        yield ClusterList(glyphs=self.glyphs, id="body")

    def on_mount(self) -> None:
        """Begin to look."""
        self.looking.start()

    def on_unmount(self) -> None:
        """Nobody sees it any more."""
        self.looking.stop()

    def show_body(self, figures: Figures) -> None:
        """Show what was found last."""
        looking = self.looking
        trouble = looking.trouble
        if looking.latest is None and figures.link.down:
            trouble = trouble or f"{figures.link}: {figures.link_detail or 'trying again'}"
        self.query_one(ClusterList).show(looking.latest, looking.age_s, trouble)
        if looking.latest is not None and self._wanted_first:
            action, self._wanted_first = self._wanted_first, ""
            self.call_next(self.run_action, action)

    def when_known(self, action: str) -> None:
        """Do this action of the view as soon as the cluster is known."""
        self._wanted_first = action

    def action_create_topic(self) -> None:
        """Ask what topic to make."""
        from tui.dashboard.screens.topic_boxes import CreateTopicBox

        described = self.looking.latest
        if described is None:
            self._say("wait until the cluster is known")
            return
        self._ask(CreateTopicBox(described, self.session.settings.topics, self.key_names, self.glyphs))

    def action_add_partitions(self) -> None:
        """Ask how many partitions the selected topic is to have."""
        from tui.dashboard.screens.topic_boxes import AddPartitionsBox

        topic = self._selected()
        if topic is None:
            return
        if topic.internal:
            self._say("Kafka's own topics are not to be changed")
            return
        self._ask(AddPartitionsBox(topic, self.key_names, self.glyphs))

    def action_delete_topic(self) -> None:
        """Ask for the name of the selected topic before it is deleted."""
        from tui.dashboard.screens.topic_boxes import DeleteTopicBox

        topic = self._selected()
        if topic is None:
            return
        if not topic.used_for:
            shown = clean(topic.name, _SHOWN_CELLS, self.glyphs)
            self._say(f"only kcalc's own topics are deleted from here, and {shown} is none of them")
            return
        self._ask(DeleteTopicBox(topic, self.key_names, self.glyphs))

    def _selected(self) -> TopicInCluster | None:
        topic = self.query_one(ClusterList).topic
        if topic is None:
            self._say("select a topic first")
        return topic

    def _ask(self, box: ModalScreen[TopicChange]) -> None:
        if self.session.settings.kafka.read_only:
            self._say("read-only: no topic is changed")
            return
        self.app.push_screen(box, self._wanted)

    def _wanted(self, change: TopicChange | None) -> None:
        if change is not None:
            self.post_message(TopicChangeRequested(change))

    def _say(self, words: str) -> None:
        self.notify(words, severity="warning", markup=False)
