"""Terminals with few colours, and people who want none: what is drawn, by its escape sequences."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.terminal.tmux import Tmux

READY = ("STABLE", "client-0", "client-1", "client-2")


def codes(drawn: str) -> set[int]:
    """Every number in a sequence that sets how text looks (SGR, ECMA-48)."""
    found = re.findall(r"\x1b\[([0-9;]*)m", drawn)
    return {int(number or 0) for sequence in found for number in sequence.split(";")}


def is_colour(code: int) -> bool:
    return 30 <= code <= 38 or 40 <= code <= 48 or 90 <= code <= 97 or 100 <= code <= 107


@contextmanager
def opened(folder: Path, port: int, **environment: str) -> Iterator[Tmux]:
    with closing(Tmux(folder, 120, 40, {"KCALC_KAFKA__EMBEDDED_PORT": str(port), **environment})) as tmux:
        tmux.command("kcalc-tui")
        tmux.wait_for(*READY)
        tmux.text("12")
        tmux.keys("Tab", "Tab")
        tmux.text("0")
        tmux.wait_for("12", " 0 ")
        yield tmux


@pytest.mark.usefixtures("terminal")
def test_with_no_color_nothing_has_a_colour_and_the_focus_is_seen(tmp_path: Path, port: int) -> None:
    with opened(tmp_path, port, NO_COLOR="1") as tmux:
        reverse, underline = 7, 4
        tmux.wait_for_drawn(lambda drawn: {reverse, underline} <= codes(drawn), "the cursor, which blinks")
        tmux.keys("Enter", "Escape")
        tmux.wait_for("┏━ Results", "1 sent = 1 done")
        assert not [code for code in codes(tmux.drawn) if is_colour(code)]


@pytest.mark.usefixtures("terminal")
def test_an_empty_no_color_means_nothing(tmp_path: Path, port: int) -> None:
    with opened(tmp_path, port, NO_COLOR="") as tmux:
        assert [code for code in codes(tmux.drawn) if is_colour(code)]


@pytest.mark.usefixtures("terminal")
def test_a_theme_of_sixteen_colours_uses_no_others(tmp_path: Path, port: int) -> None:
    with opened(tmp_path, port, KCALC_DASHBOARD__THEME="ansi-dark", NO_COLOR="") as tmux:
        assert not codes(tmux.drawn) & {38, 48}
        assert [code for code in codes(tmux.drawn) if is_colour(code)]
