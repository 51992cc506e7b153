"""Keys at a terminal behind a slow line, which takes what is drawn bit by bit while results come in."""

import asyncio
import threading
import time

from bench.load import pour
from bench.ports import free_port
from bench.report import Figure, milliseconds, percentile
from bench.terminal import Terminal

RATES = (100_000, 50_000, 25_000)  # bytes/s: a frame of changed figures at 120x40 has some 5,000
RESULTS_PER_S = 200
KEYS = 40
TARGET_S = 0.5
_PIECE_S = 0.01


class SlowTerminal(Terminal):
    """Takes `rate` bytes a second of what the program writes; the pseudo-terminal holds some 17 kB on the way."""

    rate = 0
    _next_at = 0.0

    def read(self, wait_s: float) -> bool:
        """Take in a piece when it is time for it."""
        if self.rate and (early := self._next_at - time.perf_counter()) > 0:
            time.sleep(min(wait_s, early))
            return False
        return super().read(wait_s)

    def _take(self) -> bytes:
        piece = self._taken(round(self.rate * _PIECE_S) if self.rate else 1 << 16)
        self._next_at = time.perf_counter() + (len(piece) / self.rate if self.rate else 0.0)
        return piece


def measure() -> list[Figure]:
    """From a key to its letter on the screen, for each of `RATES`."""
    return [_keys_at(rate) for rate in RATES]


def _keys_at(rate: int) -> Figure:
    port, samples = free_port(), []
    environment = {"KCALC_KAFKA__EMBEDDED_PORT": str(port)}
    with SlowTerminal(["kcalc-tui", "--workers", "3"], environment=environment) as terminal:
        terminal.wait_for("client-0", "client-1", "client-2", "STABLE")
        seconds = KEYS * 1.5 + 10
        loader = threading.Thread(
            target=lambda: asyncio.run(pour(f"127.0.0.1:{port}", RESULTS_PER_S, seconds)), name="load", daemon=True
        )
        loader.start()
        terminal.rate = rate
        _take_in(terminal, 5.0)
        for number in range(KEYS):
            if number % 6 == 0:
                terminal.type("\x15")
                _take_in(terminal, 1.0)
            pressed = terminal.type("z")
            while b"z" not in terminal.since_typed:
                terminal.read(0.05)
            samples.append(time.perf_counter() - pressed)
            _take_in(terminal, 0.3)
    return Figure(
        f"key to screen at a terminal that takes {rate // 1_000} kB/s, {RESULTS_PER_S} results/s",
        milliseconds(samples),
        f"p95 ≤ {TARGET_S * 1_000:.0f} ms",
        percentile(samples, 95) <= TARGET_S,
    )


def _take_in(terminal: Terminal, seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    while (left := deadline - time.perf_counter()) > 0:
        terminal.read(left)
