"""One visit from the start to the end, one that a fault of kcalc ends, and one at a terminal behind a slow line."""

import csv
import statistics
import sys
import time
from pathlib import Path

from bench.slow_terminal import SlowTerminal
from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_dashboard import READY, start
from tests.terminal.tmux import PROMPT

BROKEN = """
from tui.cli import dashboard
from tui.dashboard.app import KcalcApp

KcalcApp.action_explain = lambda self: 1 / 0
dashboard()
"""
SLOW_BYTES_PER_S = 25_000
KEYS = 12
TARGET_S = 0.5
DEADLINE_S = 20.0


def test_a_request_is_sent_traced_and_saved_while_workers_join_and_the_window_changes(terminal: OpenTerminal) -> None:
    tmux = terminal(120, 40)
    start(tmux)
    tmux.text("6")
    tmux.keys("Tab", "Tab")
    tmux.text("7")
    tmux.keys("Enter")
    tmux.wait_for("6 + 7", " 13 ", "1 sent = 1 done")
    tmux.keys("Escape")
    tmux.wait_for("2 workers")
    tmux.text("w")
    tmux.wait_for("client-3 joined", "client-3 ○ idle", "STABLE g2")
    tmux.resize(40, 12)
    tmux.wait_for("1 = 1 + 0 + 0 + 0 ✔", absent="Rebalances")
    tmux.resize(80, 24)
    tmux.wait_for("1 sent = 1 done", "g2: client-3 joined")
    tmux.keys("Down", "Enter")
    tmux.wait_for("Trace of 6 + 7 = 13", "acknowledged", "seen here")
    tmux.keys("Escape")
    tmux.wait_for("Partition ▸ worker", absent="Trace of")
    tmux.text("s")
    tmux.wait_for("1 result kept, into the file:")
    tmux.keys("C-u")
    tmux.text("saved.csv")
    tmux.keys("Enter")
    tmux.wait_for("✔ saved 1 result in")
    tmux.keys("Escape")
    tmux.wait_for("quit", absent="Save results")
    tmux.keys("q")
    tmux.wait_for(PROMPT, absent="Partition")
    tmux.command("cat", "saved.csv")
    saved = tmux.wait_for("operation", "client-")
    assert {"6", "7", "13"} <= {cell for row in csv.reader(saved.splitlines()) for cell in row}


def test_a_fault_of_kcalc_gives_the_terminal_back_and_says_what_it_was(terminal: OpenTerminal) -> None:
    tmux = terminal(120, 40)
    tmux.command(sys.executable, "-c", BROKEN)
    tmux.wait_for(*READY)
    tmux.keys("Escape")
    tmux.wait_for("2 workers")
    tmux.text("e")
    tmux.wait_for("ZeroDivisionError: division by zero", PROMPT)
    assert not tmux.in_alternate_screen
    tmux.text("echo status=$?")
    tmux.keys("Enter")
    tmux.wait_for("status=1")


def test_little_is_drawn_before_a_key_is_seen_at_a_terminal_that_takes_little(port: int) -> None:
    """What the line carries in half a second: bytes, as time would be that of the machine."""
    environment = {"KCALC_KAFKA__EMBEDDED_PORT": str(port)}
    with SlowTerminal([str(Path(sys.executable).parent / "kcalc-tui")], environment=environment) as slow:
        slow.wait_for(*READY)
        slow.type("1\t\t2\t100000\r")
        slow.wait_for("sent", "in flight")
        slow.rate = SLOW_BYTES_PER_S
        drawn = []
        for _ in range(KEYS):
            seen_by = slow.type("z") + DEADLINE_S
            while b"z" not in slow.since_typed:
                slow.read(0.05)
                assert time.perf_counter() < seen_by
            drawn.append(slow.since_typed.index(b"z"))
        assert statistics.median(drawn) <= SLOW_BYTES_PER_S * TARGET_S, drawn
