"""The driver of our own: it asks the terminal and is stopped and continued without a trace on the screen."""

import os
import signal

from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_dashboard import start
from tests.terminal.tmux import PROMPT

NOTHING_TYPED = "type two numbers and press Enter"


def test_what_the_terminal_answers_is_typed_neither_into_a_field_nor_into_the_shell(terminal: OpenTerminal) -> None:
    tmux = terminal(120, 40)
    start(tmux)
    tmux.text("12")
    tmux.keys("Tab", "Tab")
    tmux.text("30")
    tmux.keys("Enter")
    screen = tmux.wait_for("12 + 30", " 42 ", "1 sent = 1 done")
    assert "R" not in "".join(line.split("│")[1] for line in screen.splitlines()[2:5])
    tmux.keys("C-q")
    tmux.wait_for(PROMPT, absent="Partition")
    tmux.text("echo end=$?")
    tmux.keys("Enter")
    assert f"\n{PROMPT} echo end=$?\n" in tmux.wait_for("end=0")


def test_stopped_it_gives_the_terminal_to_the_shell_and_continued_it_draws_everything_again(
    terminal: OpenTerminal,
) -> None:
    tmux = terminal(120, 40)
    start(tmux)
    before = tmux.wait_for(NOTHING_TYPED)
    child = tmux.child()
    os.kill(child, signal.SIGTSTP)
    tmux.wait_for("Stopped", PROMPT, absent="Partition")
    assert not tmux.in_alternate_screen
    tmux.text("fg")
    tmux.keys("Enter")
    after = tmux.wait_for("STABLE", "Request", NOTHING_TYPED, "Rebalances", "commands")
    assert len(after.splitlines()) == len(before.splitlines())
    tmux.text("6")
    tmux.keys("Tab", "Tab")
    tmux.text("7")
    tmux.keys("Enter")
    tmux.wait_for("6 + 7", " 13 ")
    tmux.keys("C-q")
    tmux.wait_for(PROMPT, absent="Partition")


def test_a_size_that_the_shell_exports_does_not_keep_it_from_following_its_window(terminal: OpenTerminal) -> None:
    tmux = terminal(120, 40)
    tmux.command("export", "COLUMNS=60", "LINES=20")
    start(tmux)
    tmux.wait_for("Rebalances", "quit")
    tmux.resize(80, 24)
    tmux.wait_for("Results", "Send", "quit", absent="Rebalances")
    tmux.resize(120, 40)
    tmux.wait_for("Rebalances", "quit")
