"""How the first view shares its window: which layout a size gets, and what is left for the workers."""

from textual.geometry import Region, Size
from textual.widget import Widget

from tui.dashboard.widgets.arrangement import HIGH, LOW, NARROW, WIDE

SMALLEST = Size(40, 12)
_HIGH_FOR_ALL = 38
_LEAST_RESULTS = 6
"""Lines of the results that no other panel takes: frame, titles and three rows."""
_LEAST_BELOW_TOASTS = 3
_SHARING = {"workers", "past"}


def layout_classes(size: Size) -> dict[str, bool]:
    """Which of the layouts in app.tcss a window of this size gets.

    `-tiny`: only a notice; `-one-view`: one panel at a time behind tabs; `-two-rows`: the form does not fit on one
    line; `-panes`: a pane per worker instead of a line; `-full`: the form with a row per field, beside the totals.
    """
    width, height = size
    tiny = width < SMALLEST.width or height < SMALLEST.height
    one_view = not tiny and (width < NARROW or height < LOW)
    return {
        "-tiny": tiny,
        "-one-view": one_view,
        "-two-rows": width < NARROW,
        "-panes": width >= WIDE and height >= HIGH,
        "-full": width >= WIDE and height >= _HIGH_FOR_ALL,
    }


def spare_lines(panels: Widget) -> int:
    """What the workers may take of the room of all panels, so that some results are always seen."""
    taken = sum(each.outer_size.height for each in panels.children if each.display and each.id not in _SHARING)
    return panels.size.height - taken - _LEAST_RESULTS


def below_toasts(screen: Size, past: Region) -> int:
    """Lines under the toasts: they end above the frame of `past` that has the accounting, wherever the workers are."""
    return max(_LEAST_BELOW_TOASTS, screen.height - past.bottom + 1) if past else _LEAST_BELOW_TOASTS
