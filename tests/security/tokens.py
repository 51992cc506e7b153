"""Unsecured JSON Web Tokens, as Kafka's own development validator takes them, and commands that print them."""

import base64
import json
import shlex
import sys
from pathlib import Path


def token(subject: str, now: float, lives_s: float = 3_600.0) -> str:
    """A token for `subject` that was made at `now`."""
    header = {"alg": "none"}
    claims = {"sub": subject, "iat": now - 10.0, "exp": now + lives_s}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join(parts) + "."


def printing(text: str) -> str:
    """A command line that prints `text`."""
    return shlex.join([sys.executable, "-c", f"print({text!r})"])


def counting(folder: Path, text: str) -> tuple[str, Path]:
    """A command line that prints `text`, and a file that gets a line with every run."""
    runs = folder / "runs"
    runs.touch()
    code = f"open({str(runs)!r}, 'a').write('run\\n'); print({text!r})"
    return shlex.join([sys.executable, "-c", code]), runs
