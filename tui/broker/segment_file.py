"""The file behind the logs: byte strings in slots of one anonymous temporary file."""

from __future__ import annotations

import errno
import os
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

SLOT_BYTES = 64 << 10


def temporary_file() -> BinaryIO:
    """A file without a name in the folder for temporary files (TMPDIR): it is gone with whoever has it open."""
    return tempfile.TemporaryFile(buffering=0)


class SegmentFile:
    """Byte strings that grow at their end and are given up as a whole.

    Whoever owns a string holds the list of its slots, and knows how long it is. Slots are given out lowest first, and
    the file ends with the last one in use, so the disk gets back what is given up at the end. The file is opened with
    the first write. All that fails raises OSError.
    """

    def __init__(self, open_file: Callable[[], BinaryIO] = temporary_file) -> None:
        self._open_file = open_file
        self._file: BinaryIO | None = None
        self._in_use = bytearray()  # a byte for each slot

    @property
    def is_open(self) -> bool:
        return self._file is not None

    @property
    def slot_count(self) -> int:
        """Slots in use, and those between them that are free."""
        return len(self._in_use)

    def write(self, slots: array[int], start: int, data: memoryview) -> None:
        """Write `data` from byte `start` of a string on, adding to `slots` what it needs; all of it or nothing."""
        if self._file is None:
            self._file = self._open_file()
        descriptor = self._file.fileno()
        end, before = start + len(data), len(slots)
        while len(slots) * SLOT_BYTES < end:
            slots.append(self._take())
        try:
            for position, begin, stop in _runs(slots, start, end):
                with data[begin - start : stop - start] as part:
                    _write_all(descriptor, part, position)
        except OSError:
            self.free(slots[before:])
            del slots[before:]
            raise

    def read(self, slots: array[int], start: int, end: int) -> bytes:
        """The bytes from `start` up to `end` of a string."""
        if self._file is None:
            raise OSError(errno.EBADF, "the temporary file is closed")
        descriptor = self._file.fileno()
        parts = [_read_all(descriptor, stop - begin, position) for position, begin, stop in _runs(slots, start, end)]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def free(self, slots: array[int]) -> None:
        """Give up a string."""
        for slot in slots:
            self._in_use[slot] = 0
        used = len(self._in_use.rstrip(b"\0"))
        if used < len(self._in_use):
            del self._in_use[used:]
            if self._file is not None:
                with suppress(OSError):  # then the disk gets it back later; nothing is lost
                    os.ftruncate(self._file.fileno(), used * SLOT_BYTES)

    def close(self) -> None:
        """Close the file, which deletes it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self) -> int:
        slot = self._in_use.find(0)
        if slot < 0:
            slot = len(self._in_use)
            self._in_use.append(0)
        self._in_use[slot] = 1
        return slot


def _runs(slots: array[int], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Bytes `start` to `end` of a string as pieces that lie together: position in the file, first byte, last + 1."""
    while start < end:
        index, within = divmod(start, SLOT_BYTES)
        position, following = slots[index] * SLOT_BYTES + within, index + 1
        while following * SLOT_BYTES < end and slots[following] == slots[following - 1] + 1:
            following += 1
        stop = min(end, following * SLOT_BYTES)
        yield position, start, stop
        start = stop


def _write_all(descriptor: int, data: memoryview, position: int) -> None:
    done = 0
    while done < len(data):
        # Released at once: while a view is alive, even in a traceback, its bytearray cannot grow.
        with data[done:] as rest:
            done += os.pwrite(descriptor, rest, position + done)


def _read_all(descriptor: int, length: int, position: int) -> bytes:
    data = os.pread(descriptor, length, position)
    while len(data) < length:
        more = os.pread(descriptor, length - len(data), position + len(data))
        if not more:
            raise OSError(errno.EIO, "the temporary file is cut off")
        data += more
    return data
