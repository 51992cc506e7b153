"""Operations as somebody might add them: one that hangs, one that ends its process, one that prints, one that waits."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path


def hang(x: int) -> int:
    """Never return."""
    while True:
        time.sleep(0.05)


def crash(x: int) -> int:
    """End the process as a fault in native code would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return x


def leave(x: int) -> int:
    """What no `except Exception` catches."""
    sys.exit(int(x))


def wait_s(x: int) -> int:
    """Take that many hundredths of a second."""
    time.sleep(int(x) / 100)
    return x


def twice(x: int) -> int:
    """Print, read, and compute."""
    print("noise" * 1_000, flush=True)
    assert sys.stdin.read() == ""
    return 2 * x


def process_id(x: int) -> int:
    """Where it runs."""
    return os.getpid()


def hang_at_first(x: int) -> int:
    """Hang the first time that this process's parent has it computed."""
    trace = Path(tempfile.gettempdir(), f"kcalc-test-{os.getppid()}-{x}")
    if not trace.exists():
        trace.touch()
        hang(x)
    trace.unlink()
    return x
