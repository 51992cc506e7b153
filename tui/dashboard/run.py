"""Runs the dashboard in the terminal, with what only a process of its own may do: collector, last resort."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import MutableMapping

from tui.dashboard.app import KcalcApp
from tui.dashboard.needs import RunningSession
from tui.dashboard.remembered import Memory

_END_AFTER_S = 2.5
"""More than the session and a slow terminal take to end properly; then the process ends whatever hangs."""


class Failed(Exception):
    """What no retry can mend, in words for the person; the terminal is restored."""


def run(session: RunningSession, memory: Memory | None = None) -> int:
    """Show the session in the terminal until the person leaves, and return the exit code.

    `memory` is what an earlier start left. Raises `UnknownTheme` and `KeymapError` before the screen is touched,
    `Failed` after it is restored.
    """
    # A terminal that is gone (SIGHUP) takes no output, and Textual waits for its output thread without a limit.
    last_resort = threading.Timer(_END_AFTER_S, os._exit, args=(1,))
    last_resort.daemon = True
    if sys.stdout.isatty():
        follow_the_window(os.environ)
    app = KcalcApp(session, painted=settle_memory, left=last_resort.start, memory=memory)
    try:
        asyncio.run(_show(app))
    finally:
        if not _threads_left():
            last_resort.cancel()
        elif not last_resort.is_alive():
            last_resort.start()
    if app.failure:
        raise Failed(app.failure)
    return app.return_code or 0


def follow_the_window(environ: MutableMapping[str, str]) -> None:
    """Remove the size that a shell may have exported: it would count for more than the window's, and never change."""
    for name in ("COLUMNS", "LINES"):
        environ.pop(name, None)


def _threads_left() -> bool:
    """True if Textual's input thread still reads a terminal that is gone; the interpreter waits for it for ever."""
    return any(thread is not threading.main_thread() and not thread.daemon for thread in threading.enumerate())


async def _show(app: KcalcApp) -> None:
    try:
        await app.run_async()
    finally:
        await app.stop_session()


def settle_memory() -> None:
    """Keep the collector away from what lives as long as the app: its longest stall went from 52 to 9 ms.

    What Textual draws is garbage in cycles. With 10,000 results a second it took 0.1 s to collect 50,000 objects, and
    0.3 s to collect the next generation; little and often, hardly any collection takes 0.1 s.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 4)
    gc.enable()
