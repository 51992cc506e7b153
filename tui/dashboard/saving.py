"""Writes results to a file without holding up the screen, and leaves none behind that is not complete."""

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TextIO

from tui.clients.turns import Turns
from tui.ledger.export import Kind, Lines
from tui.ledger.ring import Rows

_BATCH = 1_000
"""Rows between two writes and two looks at the progress: about 10 ms of work."""


async def save(rows: Rows, kind: Kind, path: Path, progress: Callable[[int], None]) -> None:
    """Write all rows to `path` and tell `progress` how many are written. An older file is replaced at the end.

    Raises OSError. On that and when cancelled, the partial file `PATH.part` is removed and an older file stays.
    """
    part = path.with_name(f"{path.name}.part")
    file = await asyncio.to_thread(_create, part)
    try:
        try:
            await _write(rows, Lines(kind), file, progress)
            await asyncio.to_thread(file.close)
        finally:
            with suppress(OSError):  # a full disk, which was raised already
                file.close()
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _create(path: Path) -> TextIO:
    return open(path, "x", encoding="utf-8", newline="")


async def _write(rows: Rows, lines: Lines, file: TextIO, progress: Callable[[int], None]) -> None:
    left, turns, done = iter(rows), Turns(), 0
    while True:
        await turns.each(islice(left, _BATCH), lines.add)
        # In a thread: a disk may be slow, or at the end of a network.
        await asyncio.to_thread(file.write, lines.take())
        done = min(done + _BATCH, len(rows))
        progress(done)
        if done == len(rows):
            return


def in_words(error: OSError, path: Path) -> str:
    """Why a file could not be written, and what helps."""
    match error:
        case FileExistsError():
            return f"{error.filename} is in the way: another export is writing it, or it was left behind; remove it"
        case FileNotFoundError() | NotADirectoryError() if not path.parent.is_dir():
            return f"there is no folder {path.parent}: create it, or name another"
        case IsADirectoryError():
            return f"{path} is a folder: add a name"
        case PermissionError():
            return f"no permission to write into {path.parent}: name another folder"
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return f"no space left in {path.parent}: make room, or name another folder"
        case _:
            return f"cannot write {path}: {error.strerror or error}"
