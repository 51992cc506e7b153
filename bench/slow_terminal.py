"""Keys at a terminal behind a slow line, which takes what is drawn bit by bit while results come in."""

import asyncio
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.load import pour
from bench.ports import free_port
from bench.report import Figure, milliseconds, percentile
from bench.terminal import Terminal

RATES = (100_000, 50_000, 25_000)  # bytes/s: a frame of changed figures at 120x40 has some 2,000
FAR_RATE = 25_000
RESULTS_PER_S = 200
KEYS = 40
TARGET_S = 0.5
_PIECE_S = 0.01
_QUESTION, _ANSWER = b"\x1b[6n", b"\x1b[1;1R"


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


class FarTerminal(SlowTerminal):
    """As it is behind ssh: a buffer on the way takes all at once, and what came through it is answered."""

    _on_the_way = b""
    _seen = b""

    def read(self, wait_s: float) -> bool:
        """Let the buffer take what there is, and take in a piece when it is time for it."""
        while select.select([self._master], [], [], 0 if self._on_the_way else wait_s)[0]:
            try:
                self._on_the_way += os.read(self._master, 1 << 16)
            except OSError:  # Linux: the other side is closed
                break
        if not self._on_the_way:
            return False
        if self.rate and (early := self._next_at - time.perf_counter()) > 0:
            time.sleep(min(wait_s, early))
            return False
        self._stream.feed(self._take())
        return True

    def _taken(self, most: int) -> bytes:
        piece, self._on_the_way = self._on_the_way[:most], self._on_the_way[most:]
        self._since_typed += piece
        self._seen += piece
        questions = self._seen.count(_QUESTION)
        self._seen = self._seen[-len(_QUESTION) + 1 :]
        os.write(self._master, _ANSWER * questions)
        return piece


def measure() -> list[Figure]:
    """From a key to its letter on the screen, for each of `RATES`, and behind a buffer that takes everything."""
    near = [_keys_at(SlowTerminal, rate, "") for rate in RATES]
    return [*near, _keys_at(FarTerminal, FAR_RATE, ", behind ssh")]


def _keys_at(kind: type[SlowTerminal], rate: int, where: str) -> Figure:
    port, samples = free_port(), []
    environment = {"KCALC_KAFKA__EMBEDDED_PORT": str(port)}
    with kind(["kcalc-tui", "--workers", "3"], environment=environment) as terminal:
        terminal.wait_for("client-0", "client-1", "client-2", "STABLE")
        with _load(port):
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
        f"key to screen at a terminal that takes {rate // 1_000} kB/s{where}, {RESULTS_PER_S} results/s",
        milliseconds(samples),
        f"p95 ≤ {TARGET_S * 1_000:.0f} ms",
        percentile(samples, 95) <= TARGET_S,
    )


@contextmanager
def _load(port: int) -> Iterator[None]:
    """Results all the while; it ends before the broker does."""
    ended = threading.Event()

    async def until_ended() -> None:
        while not ended.is_set():
            await pour(f"127.0.0.1:{port}", RESULTS_PER_S, 2.0)

    loader = threading.Thread(target=lambda: asyncio.run(until_ended()), name="load", daemon=True)
    loader.start()
    try:
        yield
    finally:
        ended.set()
        loader.join(10.0)


def _take_in(terminal: Terminal, seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    while (left := deadline - time.perf_counter()) > 0:
        terminal.read(left)
