"""Everything in the cluster, one row each, of which one is selected; drawn, scrolled with arrows and mouse."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.strip import Strip

from tui.clients.described import ClusterDescription, TopicInCluster
from tui.dashboard.formatting import age, clean, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.cluster_lines import Row, Subject, cluster_rows
from tui.dashboard.widgets.drawing import Line, cut, line_cells

OLD_S = 10.0
"""Three looks in a row did not come."""
_MARK_CELLS = 2
_WORDS_CELLS = 400
_ID_CELLS = 40


class ClusterList(Drawn, can_focus=True):
    """Rows of a description. The selected row stays the same thing when another description comes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Previous", show=False),
        Binding("down", "choose(1)", "Next", show=False),
        Binding("pageup", "leaf(-1)", "Page up", show=False),
        Binding("pagedown", "leaf(1)", "Page down", show=False),
    ]
    ABOUT: ClassVar[str] = "Brokers, topics, groups with their members, and the permissions that are missing"
    DEFAULT_CSS = """
    ClusterList { height: 1fr; min-height: 4; }
    ClusterList.-old .drawn--text, ClusterList.-old .drawn--strong { color: $foreground 50%; }
    """

    def __init__(self, glyphs: Glyphs | None = None, id: str | None = None) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._cluster: ClusterDescription | None = None
        self._trouble = ""
        self._rows: list[Row] = []
        self._selected: Subject = ()

    @property
    def topic(self) -> TopicInCluster | None:
        """The selected topic, None if something else is selected."""
        topics = self._cluster.topics if self._cluster else ()
        return next((topic for topic in topics if ("topic", topic.name) == self._selected), None)

    def show(self, cluster: ClusterDescription | None, age_s: float | None, trouble: str) -> None:
        """Show this; what is drawn costs nothing while it stays the same."""
        self.set_class(age_s is not None and age_s > OLD_S, "-old")
        if cluster is not self._cluster or trouble != self._trouble:
            self._cluster, self._trouble = cluster, trouble
            self._write()
        failed: Line = ((self.glyphs.failed + (" " if cluster else ""), "error"),) if trouble else ()
        self.head((("Cluster", "title"),), (*failed, (age(age_s), "muted")) if cluster else failed)

    def on_resize(self, event: Resize) -> None:
        """Write the rows for the new width."""
        self._write()

    def render_line(self, y: int) -> Strip:
        """One of the rows, with a mark if it is the selected one."""
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return self.strip((), self.cells)
        each = self._rows[index]
        marked = bool(each.subject) and each.subject == self._selected and self._is_first(index)
        mark = (f"{self.glyphs.cursor} " if marked else " " * _MARK_CELLS, "title")
        return self.strip((mark, *each.line), self.cells)

    def action_choose(self, step: int) -> None:
        """Select the next or the previous row that is about something."""
        index = self._index() + step
        while 0 <= index < len(self._rows) and not (self._rows[index].subject and self._is_first(index)):
            index += step
        if 0 <= index < len(self._rows):
            self._select(index)
        else:
            self.scroll_to(y=0 if step < 0 else len(self._rows), animate=False)

    def action_leaf(self, step: int) -> None:
        """Go on by as much as is in sight."""
        places = [index for index, each in enumerate(self._rows) if each.subject and self._is_first(index)]
        if places:
            wanted = self._index() + step * max(1, self.size.height - 1)
            self._select(min(places, key=lambda place: abs(place - wanted)))

    def on_click(self, event: Click) -> None:
        """Select the row that was clicked."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= index < len(self._rows) and self._rows[index].subject:
            self._select(index)

    def _select(self, index: int) -> None:
        self._selected = self._rows[index].subject
        height = max(1, self.size.height)
        last = index
        while last + 1 < len(self._rows) and self._rows[last + 1].subject == self._selected:
            last += 1
        top = min(index, max(self.scroll_offset.y, last - height + 1))
        self.scroll_to(y=0 if not any(each.subject for each in self._rows[:index]) else top, animate=False)
        self.refresh()

    def _index(self) -> int:
        """Where the selected row is; -1 if there is none."""
        if not self._selected:
            return -1
        return next((index for index, each in enumerate(self._rows) if each.subject == self._selected), -1)

    def _is_first(self, index: int) -> bool:
        """True for the first of the rows about the same thing."""
        return not index or self._rows[index - 1].subject != self._rows[index].subject

    def _write(self) -> None:
        cells = self.cells - _MARK_CELLS
        trouble = clean(self._trouble, _WORDS_CELLS, self.glyphs)
        self._rows = [Row(cut(((trouble, "error"),), cells, self.glyphs.ellipsis)), Row(())] if trouble else []
        if self._cluster is not None:
            self._rows += cluster_rows(self._cluster, cells, self.glyphs)
            if self._index() < 0:
                self._selected = next((each.subject for each in self._rows if each.subject[:1] == ("topic",)), ())
        elif not trouble:
            self._rows = [Row((("looking at the cluster", "muted"),))]
        self.set_lines(len(self._rows))
        left, right = self._sums()
        self.foot(left if line_cells(left) + line_cells(right) + 3 <= self.edge_cells else (), right)
        self.refresh()

    def _sums(self) -> tuple[Line, Line]:
        cluster = self._cluster
        if cluster is None:
            return (), ()
        found = {"broker": len(cluster.brokers), "topic": len(cluster.topics), "group": len(cluster.groups)}
        sums = f" {self.glyphs.dot} ".join(_counted(number, what) for what, number in found.items())
        lacking = _counted(len(cluster.missing), "permission") if cluster.missing else ""
        missing = (f" {self.glyphs.dot} {self.glyphs.failed} {lacking} missing", "warning")
        name = clean(cluster.cluster_id, _ID_CELLS, self.glyphs)
        return ((f"id {name}", "muted"),), ((sums, "muted"), *((missing,) if lacking else ()))


def _counted(number: int, what: str) -> str:
    return f"{count(number)} {what}{'s' * (number != 1)}"
