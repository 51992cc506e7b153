"""Key presses into a dashboard while something else goes on, and how long each took to be on the screen."""

import time
from collections.abc import Callable
from itertools import cycle

from bench.terminal import Terminal

_FIELD_CHARS = 8


def key_times(terminal: Terminal, going_on: Callable[[], bool]) -> list[float]:
    """Seconds from key to screen, about seven keys a second into the form's first field while `going_on()`."""
    samples = []
    # Only cells that differ are written: the same letter after a slow ctrl+u would not be.
    for letter in cycle("zy"):
        if not going_on():
            break
        terminal.type(letter)
        for _ in range(_FIELD_CHARS):
            pressed = terminal.type(letter)
            samples.append(terminal.wait_for_drawn(letter) - pressed)
            drain(terminal, 0.1)
        terminal.type("\x15")  # ctrl+u
        drain(terminal, 0.2)
    return samples


def drain(terminal: Terminal, seconds: float) -> None:
    """Take in what is drawn for so long."""
    deadline = time.perf_counter() + seconds
    while (left := deadline - time.perf_counter()) > 0:
        terminal.read(left)
