"""Scroll bars for terminals without UTF-8: Textual draws the ends of the thumb with parts of a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender


class AsciiScrollBarRender(ScrollBarRender):
    """The thumb begins and ends with a whole cell, which is a blank in another colour."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


@contextmanager
def ascii_scroll_bars() -> Iterator[None]:
    """Every scroll bar is drawn so within; Textual has one setting for all apps of a process."""
    before = ScrollBar.renderer
    ScrollBar.renderer = AsciiScrollBarRender
    try:
        yield
    finally:
        ScrollBar.renderer = before
