"""What is written to a terminal, read back at the other end of a pseudo-terminal."""

import os
import pty
import time
import tty
from collections.abc import Callable, Iterator

import pytest

from tui.dashboard.terminal.intake import Intake
from tui.dashboard.terminal.writer import TerminalWriter

DEADLINE_S = 10.0
MUCH = b"".join(b"%07d\n" % number for number in range(5_000))


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """The terminal's end, and the program's."""
    terminal, program = pty.openpty()
    tty.setraw(program)
    yield terminal, program
    for fileno in (terminal, program):
        try:
            os.close(fileno)
        except OSError:
            continue  # the test has closed it


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)  # the pace of looking, not a wait: the condition decides


def read(terminal: int, size: int) -> bytes:
    taken = b""
    while len(taken) < size:
        taken += os.read(terminal, size - len(taken))
    return taken


def ready(intake: Intake) -> bool:
    return intake.ready(time.monotonic())


def test_everything_arrives_in_order_whatever_the_pieces(ends: tuple[int, int]) -> None:
    terminal, program = ends
    writer = TerminalWriter(program, Intake())
    for start in range(0, len(MUCH), 5_001):
        writer.write(MUCH[start : start + 5_001])
    assert read(terminal, len(MUCH)) == MUCH
    writer.close(DEADLINE_S)


def test_a_terminal_that_takes_nothing_is_noticed_and_no_frame_is_drawn_for_it_until_it_does(
    ends: tuple[int, int],
) -> None:
    terminal, program = ends
    intake = Intake()
    writer = TerminalWriter(program, intake)
    writer.write(MUCH)
    wait_until(lambda: 0 < intake.unwritten < len(MUCH) and not ready(intake))
    assert read(terminal, len(MUCH)) == MUCH
    wait_until(lambda: not intake.unwritten and ready(intake))
    writer.close(DEADLINE_S)


def test_closing_writes_the_rest(ends: tuple[int, int]) -> None:
    terminal, program = ends
    writer = TerminalWriter(program, Intake())
    writer.write(b"the end")
    writer.close(DEADLINE_S)
    assert read(terminal, 7) == b"the end"


def test_closing_does_not_wait_for_a_terminal_that_takes_nothing(ends: tuple[int, int]) -> None:
    intake = Intake()
    writer = TerminalWriter(ends[1], intake)
    writer.write(MUCH)
    begun = time.monotonic()
    writer.close(0.1)
    assert time.monotonic() - begun < DEADLINE_S / 2
    assert intake.unwritten == 0


def test_what_is_written_to_a_terminal_that_is_gone_is_dropped(ends: tuple[int, int]) -> None:
    terminal, program = ends
    intake = Intake()
    writer = TerminalWriter(program, intake)
    os.close(terminal)
    writer.write(MUCH)
    wait_until(lambda: not intake.unwritten)
    writer.write(MUCH)
    assert intake.unwritten == 0
    writer.close(DEADLINE_S)
