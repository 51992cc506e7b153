"""The edge between a command and the shell: exit codes, messages on stderr, signals, a closed pipe."""

import asyncio
import errno
import io
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TextIO

OK = 0
FAILED = 1
USAGE = 2
NO_BROKER = 3
INTERRUPTED = 130

EXIT_CODES = (
    "Exit codes: 0 done; 1 a request was answered with an error, or the command found something wrong; "
    "2 wrong usage or configuration; 3 no broker, or no answer in time; 130 interrupted."
)

UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What writing a file may fail with, and no connection."""

P = ParamSpec("P")


class CommandError(Exception):
    """The command ends here: `message` goes to stderr, `code` to the shell."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """One line of narration on stderr; lost if nobody reads stderr any more."""
    try:
        print(text, file=sys.stderr, flush=True)
    except BrokenPipeError:
        _discard(sys.stderr)


def quiet() -> None:
    """Before anything else: logs go nowhere unless asked for, and no character can break the output."""
    logging.getLogger().addHandler(logging.NullHandler())
    # Closed by the caller (`>&-`): Python has None there, and a file opened later would get its number.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def log_to(path: Path | None) -> None:
    """Append what is logged to a file. CommandError if it cannot be written."""
    if path is None:
        return
    try:
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CommandError(f"{path}: cannot be written: {error.strerror}", USAGE) from None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def command(function: Callable[P, None]) -> Callable[P, None]:
    """A command whose errors end it with their message and exit code instead of a traceback."""

    @wraps(function)
    def edge(*args: P.args, **kwargs: P.kwargs) -> None:
        from tui.config import ConfigError

        try:
            function(*args, **kwargs)
        except ConfigError as error:
            say(f"kcalc: {error}")
            raise SystemExit(USAGE) from None
        except CommandError as error:
            say(f"kcalc: {error}")
            raise SystemExit(error.code) from None
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None

    return printing(edge)


def printing(function: Callable[P, None]) -> Callable[P, None]:
    """What prints on stdout: that nobody reads on is no error, and that it cannot be written is said."""

    @wraps(function)
    def edge(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            _discard(sys.stdout)
        except OSError as error:
            if error.errno not in UNWRITABLE:
                raise
            _discard(sys.stdout)
            say(f"kcalc: stdout cannot be written: {error.strerror}")
            raise SystemExit(FAILED) from None

    return edge


def _discard(stream: TextIO) -> None:
    """Its reader has seen enough (`| head`): nothing more is written to it, not even at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def run(main: Coroutine[None, None, None]) -> None:
    """Run an asynchronous command to its end; SIGINT cancels it."""
    asyncio.run(main)


async def stop_signal() -> signal.Signals:
    """Wait for the first SIGINT, SIGTERM or SIGHUP; from then on they have their usual meaning again."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[signal.Signals] = loop.create_future()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        # nohup has SIGHUP ignored, and means it.
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, _resolve, stopped, number)
    try:
        return await stopped
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _resolve(stopped: "asyncio.Future[signal.Signals]", number: signal.Signals) -> None:
    if not stopped.done():
        stopped.set_result(number)
