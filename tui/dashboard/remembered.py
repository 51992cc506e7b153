"""What the dashboard remembers from one start to the next: theme, filter, last request. Never a secret."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from tui.dashboard.formatting import clean
from tui.dashboard.widgets.form_requests import Submission

log = logging.getLogger(__name__)

MAX_BYTES = 65_536
"""Two operands of the most digits that are allowed by default have 20 KB."""
_SHOWN_CELLS = 200


class Request(Struct, frozen=True):
    """A request as it stood in the form. How many times it was sent is not remembered: once is never too often."""

    x: str
    operation: str
    y: str | None
    key: str | None = None


class Remembered(Struct, frozen=True):
    """What is kept; empty where there is nothing to remember. Unknown fields of other versions are left alone."""

    theme: str = ""
    filter: str = ""
    request: Request | None = None


class Memory:
    """One file that holds a `Remembered`. Without a path nothing is read or written, and nothing is a first run.

    `recalled` is what stood there at the start, `first_run` is True if there was no file, `notice` says what was
    wrong with it ("" if nothing). With `own_theme` the configuration names a theme, which wins: `theme` is "" then.
    """

    def __init__(self, path: Path | None = None, *, own_theme: bool = False) -> None:
        self._path = path
        self._own_theme = own_theme
        self.recalled = Remembered()
        self.first_run = False
        self.notice = ""
        if path is not None:
            self._read(path)

    @property
    def theme(self) -> str:
        """The remembered theme, if it is to be used."""
        return "" if self._own_theme else self.recalled.theme

    def keep(self, theme: str, begun_with: str, filter: str, last: Submission | None) -> None:
        """Write the state at the end in place of what stood there, whole or not at all; a failure is only logged.

        The theme counts only if it is another one than it was `begun_with`, and the last request if there was one.
        """
        if self._path is None:
            return
        recalled = self.recalled
        remembered = Remembered(
            theme=recalled.theme if theme == begun_with else theme,
            filter=filter,
            request=recalled.request if last is None else Request(last.x, last.operation, last.y, last.key),
        )
        data = _encoded(remembered)
        if len(data) > MAX_BYTES:
            data = _encoded(msgspec.structs.replace(remembered, request=None))
        try:
            _replace(self._path, data)
        except OSError as error:
            log.warning("%s could not be written: %s", self._path, error.strerror)

    def _read(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise msgspec.ValidationError(f"larger than {MAX_BYTES:,} bytes")
            self.recalled = msgspec.json.decode(data, type=Remembered)
        except FileNotFoundError:
            self.first_run = True
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            self.notice = clean(f"{path} is not used: {why}", _SHOWN_CELLS)


def state_file(environ: Mapping[str, str]) -> Path | None:
    """Where the state of a user's programs belongs (XDG base directories); None without a home."""
    state = environ.get("XDG_STATE_HOME", "")
    if Path(state).is_absolute():
        return Path(state) / "kcalc" / "dashboard.json"
    home = environ.get("HOME", "")
    return Path(home) / ".local" / "state" / "kcalc" / "dashboard.json" if Path(home).is_absolute() else None


def _encoded(remembered: Remembered) -> bytes:
    return msgspec.json.format(msgspec.json.encode(remembered)) + b"\n"


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
