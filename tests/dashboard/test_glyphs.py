"""The signs and the hues: one set for every terminal, and each can be told from the others."""

import io
import sys

import pytest
from rich.cells import cell_len

from tests.dashboard.contrast import contrast
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs, glyphs_for, terminal_glyphs
from tui.dashboard.hues import DARK, LIGHT, hue_index
from tui.events import WorkerState


def test_terminals_without_utf8_get_ascii_signs() -> None:
    assert glyphs_for("UTF-8") is UNICODE
    assert glyphs_for("utf8") is UNICODE
    assert glyphs_for("iso8859-1") is ASCII
    assert glyphs_for(None) is ASCII


@pytest.mark.parametrize(("encoding", "glyphs"), [("utf-8", UNICODE), ("latin-1", ASCII)])
def test_the_stream_that_is_drawn_on_decides(encoding: str, glyphs: Glyphs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding))
    assert terminal_glyphs() is glyphs
    monkeypatch.setattr(sys, "__stderr__", None)
    assert terminal_glyphs() is ASCII


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_state_has_a_sign_of_one_cell(glyphs: Glyphs) -> None:
    for state in [None, *WorkerState]:
        assert cell_len(glyphs.state(state)) == 1


def test_a_worker_keeps_its_hue_and_neighbours_differ() -> None:
    assert [hue_index(f"client-{number}") for number in range(9)] == [*range(8), 0]
    assert hue_index("worker-a") == hue_index("worker-a")
    assert 0 <= hue_index("\ud800") < 8


def test_every_hue_can_be_read_on_its_background() -> None:
    assert len(set(DARK)) == len(set(LIGHT)) == 8
    assert min(contrast(colour, "#121212") for colour in DARK) >= 7
    assert min(contrast(colour, "#fafafa") for colour in LIGHT) >= 4.5
