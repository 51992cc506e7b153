"""When the screen is redrawn: not before the terminal has taken, or nearly, what was drawn before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dashboard.slow_line import PERIOD_S, SlowLine
from tui.dashboard.pace import Pace
from tui.dashboard.terminal.answers import EXPIRES_S, Answers
from tui.dashboard.terminal.backlog import HOLDS, Backlog
from tui.dashboard.terminal.intake import LATE_S, NEARLY_S, Intake

FRAME = 2_800
"""Bytes of a frame at 120x40 while 200 results come in each second."""
FULL_RATE = 1 / PERIOD_S


def steady(rate: float) -> SlowLine:
    return SlowLine(lambda now: rate, FRAME)


# The beat


def test_a_loop_that_is_slow_to_draw_draws_less_often_and_recovers() -> None:
    pace = Pace(0.1)
    assert [pace.due(0.0) for _ in range(3)] == [True] * 3
    for _ in range(5):
        pace.took(0.5)
    assert sum(pace.due(0.0) for _ in range(16)) == 4
    assert [pace.early(now) for now in (50.0, 50.15)] == [True, True]
    for _ in range(60):
        pace.took(0.01)
    assert all(pace.due(0.0) for _ in range(4))


def test_a_single_answer_is_drawn_out_of_turn_and_those_that_pour_in_wait_for_the_beat() -> None:
    pace = Pace(0.1)
    happened = (50.0, 50.05, 50.11, 50.15, 50.3)
    assert [pace.early(now) for now in happened] == [True, False, False, False, True]


def test_nothing_is_drawn_in_or_out_of_turn_while_the_terminal_is_not_ready() -> None:
    pace = Pace(0.1, ready=lambda now: now >= 60.0)
    assert not pace.due(50.0)
    assert not pace.early(50.0)
    assert pace.due(60.0)
    assert pace.early(60.0)


# The whole, against terminals that are played


@pytest.mark.parametrize("answers", [False, True])
def test_a_quick_terminal_gets_the_full_rate(answers: bool) -> None:
    line = SlowLine(lambda now: 1e6, FRAME, answers=answers).run(60.0)
    assert line.drawn == pytest.approx(60.0 * FULL_RATE, abs=1)


@given(
    rate=st.floats(11_000, 2e6),
    frame=st.integers(300, 20_000),
    holds=st.integers(4_000, 16_000),
    answers=st.booleans(),
)
def test_a_terminal_never_gets_more_than_it_takes(rate: float, frame: int, holds: int, answers: bool) -> None:
    line = SlowLine(lambda now: rate, frame, holds=holds, answers=answers).run(30.0)
    assert line.drawn * frame <= rate * 30.0 + HOLDS + 2 * frame
    assert line.worst_s() <= (holds + 2_048 + frame) / rate + 0.01
    assert line.drawn >= min(30.0 * FULL_RATE, 30.0 * rate / frame) / 4 - 2


@pytest.mark.parametrize("rate", [100_000, 50_000, 25_000])
def test_an_echo_is_rarely_late_at_a_slow_terminal_that_does_not_answer(rate: float) -> None:
    line = steady(rate).run(120.0)
    assert line.worst_s(0.95) <= 0.5
    assert line.worst_s() <= HOLDS / rate + 0.15
    assert line.drawn >= 0.7 * min(120.0 * FULL_RATE, 120.0 * rate / FRAME)


@pytest.mark.parametrize("rate", [100_000, 50_000, 25_000])
def test_an_echo_is_never_late_at_a_slow_terminal_that_answers_whatever_is_buffered_on_the_way(rate: float) -> None:
    line = SlowLine(lambda now: rate, FRAME, holds=1e6, answers=True, away_s=0.15).run(120.0)
    assert line.worst_s() <= FRAME / rate * 2 + LATE_S
    assert line.drawn >= 120.0 * 3


def test_a_far_terminal_that_answers_gets_the_full_rate_if_it_is_quick() -> None:
    line = SlowLine(lambda now: 1e6, FRAME, answers=True, away_s=0.3)
    line.run(5.0)
    assert line.run(20.0).drawn == pytest.approx(20.0 * FULL_RATE, abs=1)


def test_a_terminal_that_becomes_quick_gets_the_full_rate_again() -> None:
    line = SlowLine(lambda now: 12_000 if now < 130.0 else 1e6, FRAME)
    assert line.run(30.0).drawn < 30.0 * FULL_RATE / 2
    line.run(70.0)
    assert line.run(10.0).drawn == pytest.approx(10.0 * FULL_RATE, abs=1)


def test_a_terminal_that_stood_still_is_drawn_again_within_seconds() -> None:
    line = SlowLine(lambda now: 1.0 if 110.0 < now < 140.0 else 1e6, FRAME)
    line.run(12.0)
    assert line.run(28.0).drawn <= 1
    assert line.run(2.0).drawn >= 1


# The parts


def test_before_the_buffer_was_full_once_nothing_is_held_back() -> None:
    backlog = Backlog()
    for _ in range(100):
        backlog.wrote(10_000, 5.0)
    assert backlog.seconds(5.0) == 0.0


def test_between_two_full_moments_the_terminal_took_what_was_written() -> None:
    backlog = Backlog()
    backlog.full(1.0)
    backlog.wrote(2_000, 1.05)
    backlog.full(1.1)
    assert backlog.rate(1.1) == pytest.approx(20_000)
    assert backlog.seconds(1.1) == pytest.approx(HOLDS / 16_000)
    assert backlog.seconds(1.6) == pytest.approx(HOLDS / 16_000 - 0.5)


def test_what_was_measured_is_believed_for_a_while_and_then_doubted() -> None:
    backlog = Backlog()
    backlog.full(1.0)
    backlog.wrote(2_000, 1.1)
    backlog.caught_up(1.1)
    assert backlog.rate(30.0) == pytest.approx(20_000)
    assert backlog.rate(32.0) == pytest.approx(40_000)
    assert backlog.rate(60.0) > 1e6
    assert backlog.rate(1e9) > 1e6


def test_a_frame_waits_while_the_kernel_takes_nothing() -> None:
    intake = Intake()
    intake.given(10)
    assert intake.ready(1.0)
    intake.full(1.0)
    assert not intake.ready(1.0)
    intake.wrote(10, 1.01)
    assert intake.ready(1.01)


def test_a_frame_waits_while_much_is_unwritten() -> None:
    intake = Intake()
    intake.given(10_000)
    assert not intake.ready(1.0)
    intake.wrote(10_000, 1.01)
    assert intake.ready(1.01)


def test_a_full_buffer_is_waited_for_until_it_is_nearly_taken() -> None:
    intake = Intake()
    intake.given(4_000)
    intake.full(1.0)
    intake.wrote(4_000, 1.2)
    taken_s = HOLDS / (20_000 * 0.8)
    assert not intake.ready(1.2 + taken_s - NEARLY_S - 0.01)
    assert intake.ready(1.2 + taken_s - NEARLY_S + 0.01)


def test_a_terminal_that_gave_no_answer_is_asked_no_more() -> None:
    answers = Answers()
    assert answers.ask(1.0)
    assert answers.waiting(1.5)
    assert not answers.waiting(3.0)
    assert not any(answers.ask(1.0 + second) for second in range(1, 100))
    assert answers.late_s(2.0) == 0.0


def test_a_terminal_is_late_when_an_answer_takes_longer_than_the_quickest() -> None:
    answers = Answers()
    assert answers.ask(1.0)
    answers.answered(1.2)
    assert answers.ask(2.0)
    assert answers.waiting(4.0)
    assert answers.late_s(2.1) == 0.0
    assert answers.late_s(2.5) == pytest.approx(0.3)
    answers.answered(2.6)
    assert answers.late_s(2.6) == 0.0


def test_a_terminal_that_stops_answering_is_tried_once_more() -> None:
    answers = Answers()
    assert answers.ask(1.0)
    answers.answered(1.1)
    assert answers.ask(2.0)
    later = 2.0 + EXPIRES_S + 0.1
    assert answers.late_s(later) == 0.0
    assert not answers.known
    assert answers.ask(later)
    assert not answers.ask(later + EXPIRES_S + 0.1)


def test_an_answer_to_no_question_is_ignored() -> None:
    answers = Answers()
    answers.answered(1.0)
    assert not answers.known


def test_questions_are_asked_after_bytes_that_are_worth_it() -> None:
    intake = Intake()
    assert intake.ask(0, 1.0, worth=0)
    intake.answered(1.01)
    assert not intake.ask(200, 2.0)
    assert intake.ask(200, 3.0)
    assert not intake.ask(200, 4.0)
