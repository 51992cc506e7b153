"""The dashboard as a person at a terminal uses it, from the first key to a clean terminal.

On its own embedded broker, as it starts without any configuration; tests/test_compose.py has it on real Kafka.
"""

import os
import signal
import socket

import psutil
import pytest

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux import PROMPT, Tmux

READY = ("STABLE", "client-0", "client-1", "client-2")


def start(tmux: Tmux, *arguments: str) -> None:
    tmux.command("kcalc-tui", *arguments)
    tmux.wait_for(*READY)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (160, 45)])
def test_two_operands_typed_are_answered_on_the_screen_and_quitting_leaves_the_terminal_clean(
    terminal: OpenTerminal, columns: int, rows: int
) -> None:
    tmux = terminal(columns, rows)
    start(tmux)
    tmux.text("0.1")
    tmux.keys("Tab", "Tab")
    tmux.text("0.2")
    tmux.keys("Enter")
    tmux.wait_for("0.1 + 0.2", " 0.3 ", "1 sent = 1 done")
    tmux.keys("C-q")
    tmux.wait_for(PROMPT, absent="Partition")
    assert not tmux.in_alternate_screen
    tmux.text("echo status=$?")
    tmux.keys("Enter")
    tmux.wait_for("status=0")


def test_five_hundred_requests_keep_all_workers_busy_and_the_books_balance(terminal: OpenTerminal) -> None:
    tmux = terminal(120, 40)
    start(tmux)
    tmux.text("7")
    tmux.keys("Tab", "Tab")
    tmux.text("8")
    tmux.keys("Tab")
    tmux.text("500")
    tmux.keys("Enter")
    # The terminal may be read while it takes in a frame, so all that belongs together is waited for.
    tmux.wait_for("500 sent = 500 done", "500 = 500 done", "✔", "done 250", "done 125")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_restores_the_terminal(terminal: OpenTerminal, number: signal.Signals) -> None:
    tmux = terminal(80, 24)
    start(tmux)
    os.kill(tmux.child(), number)
    tmux.wait_for(PROMPT, absent="Partition")
    assert not tmux.in_alternate_screen


def test_it_ends_when_its_terminal_vanishes(terminal: OpenTerminal) -> None:
    tmux = terminal(80, 24)
    start(tmux)
    process = psutil.Process(tmux.child())
    tmux.close()
    process.wait(timeout=10)


def test_a_window_too_small_says_so_and_everything_is_back_when_it_grows(terminal: OpenTerminal) -> None:
    tmux = terminal(120, 40)
    start(tmux)
    tmux.resize(20, 5)
    tmux.wait_for("40x12", absent="Partition")
    tmux.resize(40, 12)
    tmux.wait_for("kcalc", absent="40x12")
    tmux.resize(80, 24)
    tmux.wait_for("Partition", "Results", "STABLE")
    tmux.text("41")
    tmux.keys("Tab", "Tab")
    tmux.text("1")
    tmux.keys("Enter")
    tmux.wait_for("41 + 1", " 42 ")


def test_a_second_dashboard_joins_the_first_ones_broker_with_the_next_client_ids(terminal: OpenTerminal) -> None:
    first, second = terminal(120, 40), terminal(120, 40)
    start(first)
    second.command("kcalc-tui", "--workers", "1")
    second.wait_for("STABLE", "client-3")
    first.wait_for("client-3", "remote")
    second.text("20")
    second.keys("Tab", "Tab")
    second.text("22")
    second.keys("Enter")
    second.wait_for("20 + 22", "1 sent = 1 done")
    first.wait_for("20 + 22", " 42 ")


def test_a_port_in_use_by_something_else_is_said_after_the_terminal_is_restored(
    terminal: OpenTerminal, port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        tmux = terminal(80, 24)
        tmux.command("kcalc-tui")
        tmux.wait_for("in use", "embedded_port", PROMPT)
        assert not tmux.in_alternate_screen


def test_no_broker_is_said_on_the_screen_with_what_to_do_and_quitting_does_not_hang(
    terminal: OpenTerminal, port: int
) -> None:
    tmux = terminal(120, 40)
    tmux.command("kcalc-tui", "--bootstrap-servers", f"127.0.0.1:{port}")
    tmux.wait_for("no broker", str(port))
    tmux.keys("C-q")
    tmux.wait_for(PROMPT, absent="Partition")
    assert not tmux.in_alternate_screen
