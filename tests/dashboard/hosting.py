"""A bare app that holds widgets of the dashboard for a test, without a session and without a tick."""

from collections.abc import Sequence

from textual import on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widget import Widget

from tui.dashboard.themes import DARK, LIGHT, variable_defaults
from tui.dashboard.widgets.canvas import Canvas
from tui.dashboard.widgets.worker_requests import WorkerRequested

WIDTHS = (40, 80, 100, 120, 160, 200)


class Host(App[None]):
    """Shows `widgets` from top to bottom in kcalc's colours and notes what is wished of workers."""

    CSS = "Host { layout: vertical; }"

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.held = widgets
        self.wishes: list[WorkerRequested] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """kcalc's own variables."""
        return variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        """The widgets as given."""
        yield from self.held

    def on_mount(self) -> None:
        """Wear kcalc's theme."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    @on(WorkerRequested)
    def _note(self, wish: WorkerRequested) -> None:
        self.wishes.append(wish)


def drawn_lines(widget: Canvas) -> list[str]:
    """What the widget draws inside its frame, line by line."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def frame_texts(widget: Canvas) -> tuple[str, str]:
    """What stands in the upper and in the lower border."""
    head, foot = (Content.from_markup(text or "").plain for text in (widget.border_title, widget.border_subtitle))
    return head, foot


def written(wishes: Sequence[WorkerRequested]) -> list[str]:
    """The wishes as words: `pause client-0`."""
    return [f"{type(wish).__name__.removesuffix('Requested').lower()} {wish.client_id}" for wish in wishes]
