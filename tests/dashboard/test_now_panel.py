"""The panel "Now" says in a few lines what flows, what waits, and whether all is accounted for."""

import pytest
from msgspec.structs import replace

from tests.dashboard.hosting import WIDTHS, Host, drawn_lines, frame_texts
from tests.dashboard.seeded import accounting, because, first_figures, seeded_figures
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.now_panel import NowPanel, now_lines
from tui.ledger.figures import Figures


def texts(figures: Figures, cells: int = 58) -> list[str]:
    return [line_text(line).rstrip() for line in now_lines(figures, cells, UNICODE)]


def test_the_panel_reads_as_in_the_frame() -> None:
    lines = texts(seeded_figures())
    assert lines[0].startswith("sent        1289   ")
    assert lines[0].endswith("  41/s")
    assert lines[1].startswith("done        1273   ")
    assert lines[2].startswith("lag           12   ")
    assert lines[2].endswith("grows 4/s")
    assert lines[3] == "wait p50/p95  11 ms / 880 ms     run p50/p95  2 ms / 81 ms"
    assert lines[4] == "failed 3   dead letters 1   again 3   unsent 0"
    assert lines[5] == "check    1289 = 1273 done + 3 failed + 1 dead + 12 ✔ · ↻ 3"
    assert len(lines) == 6, "the note stands below the table of partitions"


@pytest.mark.parametrize("width", [*WIDTHS, 1, 10, 20, 58])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_is_wider_than_the_panel(width: int, glyphs: Glyphs) -> None:
    big = accounting(sent=10**12, done=10**12, wrong="lost: a-1")
    for figures in (seeded_figures(), first_figures(), seeded_figures(accounting=big, reasons=because("n" * 400))):
        assert all(line_cells(line) <= width for line in now_lines(figures, width, glyphs))


def test_before_anything_is_known_there_are_question_marks_not_zeros() -> None:
    lines = texts(first_figures())
    assert lines[2].split()[:2] == ["lag", "?"]
    assert lines[3] == "wait p50/p95  ? / ?              run p50/p95  ? / ?"
    assert lines[5].startswith("check    nothing sent yet")


@pytest.mark.parametrize(("per_s", "words"), [(4.0, "grows 4/s"), (-12.0, "shrinks 12/s"), (0.1, "steady")])
def test_the_course_of_the_lag_is_said_in_words(per_s: float, words: str) -> None:
    totals = replace(seeded_figures().totals, lag_per_s=per_s)
    assert texts(seeded_figures(totals=totals))[2].endswith(words)


def test_mishaps_of_other_programs_count_as_mishaps() -> None:
    lines = texts(seeded_figures(accounting=accounting(others_failed=2, others_dead=4, unsent=7)))
    assert lines[4] == "failed 5   dead letters 5   again 3   unsent 7"
    assert lines[6] == "others   0 done + 2 failed + 4 dead of other programs"


def test_a_lag_that_was_not_looked_at_for_a_while_says_how_old_it_is() -> None:
    def lag(age_s: float) -> str:
        return line_text(now_lines(seeded_figures(age_s=age_s), 70, UNICODE)[2])

    assert lag(1.0).endswith("grows 4/s")
    assert lag(14.0).endswith("14 s old")


async def test_the_panel_shows_its_figures_and_their_age() -> None:
    panel = NowPanel(glyphs=UNICODE)
    async with Host(panel).run_test(size=(70, 14)) as pilot:
        panel.show(seeded_figures())
        await pilot.pause()
        assert panel.outer_size.height == 9
        assert drawn_lines(panel)[0].startswith("sent        1289")
        assert "0.4 s" in frame_texts(panel)[0]
