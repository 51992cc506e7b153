"""Secrets that are planted and then searched for, also in the forms in which they travel."""

import base64
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

DEADLINE_S = 30.0


def forms(secret: str) -> Iterator[str]:
    """The secret as it is, in hexadecimal, in a URL, and as a part of whatever text in base64."""
    yield secret
    yield quote(secret)
    yield secret.encode().hex()
    for skipped in range(3):
        # A secret within a longer text begins at any of three places; what its neighbours decide is cut off.
        coded = base64.b64encode(b"\0" * skipped + secret.encode()).decode().rstrip("=")
        yield coded[4 if skipped else 0 : -4]


def found(secrets: Mapping[str, str], text: str) -> list[str]:
    """Which secrets, by name, can be found in `text` in any form."""
    return [name for name, secret in secrets.items() if any(form in text for form in forms(secret))]


def seen_in_a_terminal(code: str, folder: Path, environment: Mapping[str, str], until: str) -> str:
    """All that a Python program writes to its terminal, until it ends, or is ended once `until` was written."""
    main, second = pty.openpty()
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, "TERM": "xterm-256color", "COLUMNS": "200", "LINES": "60"},
        stdin=second,
        stdout=second,
        stderr=second,
        start_new_session=True,
    )
    os.close(second)
    written = b""
    deadline = time.monotonic() + DEADLINE_S
    try:
        while time.monotonic() < deadline and until.encode() not in written:
            ready, _, _ = select.select([main], [], [], 0.1)
            if not ready:
                continue
            try:
                more = os.read(main, 65_536)
            except OSError:  # its last process has ended
                break
            written += more
    finally:
        process.kill()
        process.wait(DEADLINE_S)
        os.close(main)
    return written.decode(errors="replace")
