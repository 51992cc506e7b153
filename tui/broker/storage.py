"""Where the logs keep their bytes: the newest in memory, within one bound for all of them, the older in a file."""

from __future__ import annotations

import logging
import tempfile
from array import array
from collections import OrderedDict
from collections.abc import Callable
from typing import BinaryIO

from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.segment_file import SegmentFile, temporary_file

#: What goes to the file at once: nothing else happens in the process meanwhile.
WRITE_BYTES = 128 << 10

log = logging.getLogger(__name__)


class Storage:
    """What all logs of a broker share.

    Together they keep at most `max_memory_bytes` in memory, but for a single batch that is larger. Beyond that,
    what was appended to least recently goes to the file. What is in memory stays there until it is safe in the
    file, so an error of the disk loses nothing: it is KafkaError KAFKA_STORAGE_ERROR for who needs the room.
    """

    def __init__(self, max_memory_bytes: int, open_file: Callable[[], BinaryIO] = temporary_file) -> None:
        self.max_memory_bytes = max_memory_bytes
        self.memory_bytes = 0
        self.file = SegmentFile(open_file)
        self._in_memory: OrderedDict[StoredBytes, None] = OrderedDict()  # appended to least recently first
        self._is_refusing = False

    def make_room(self, incoming_bytes: int) -> None:
        """See that so many bytes may be appended, or KafkaError, after which everything is as it was."""
        while self._in_memory and self.memory_bytes + incoming_bytes > self.max_memory_bytes:
            try:
                next(iter(self._in_memory)).write_out()
            except OSError as error:
                refusal = _storage_error("written", error)
                if not self._is_refusing:
                    log.warning("records are refused: %s", refusal.message)
                self._is_refusing = True
                raise refusal from error
        if self._is_refusing:
            log.warning("records are accepted again")
        self._is_refusing = False

    def grew(self, data: StoredBytes, more_bytes: int) -> None:
        """Note that so many bytes of `data` were added in memory."""
        self.memory_bytes += more_bytes
        self._in_memory[data] = None
        self._in_memory.move_to_end(data)

    def shrank(self, data: StoredBytes, fewer_bytes: int, bytes_left: int) -> None:
        """Note that so many bytes of `data` left memory, and so many are still there."""
        self.memory_bytes -= fewer_bytes
        if not bytes_left:
            self._in_memory.pop(data, None)

    def close(self) -> None:
        """Delete the file. What was in it cannot be read any more."""
        self.file.close()


class StoredBytes:
    """Bytes that grow at their end: their beginning in the file, once the room was needed, the rest in memory."""

    __slots__ = ("_in_file", "_slots", "_storage", "_tail")

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._slots = array("I")
        self._in_file = 0
        self._tail = bytearray()

    def __len__(self) -> int:
        return self._in_file + len(self._tail)

    def append(self, *parts: bytes | memoryview) -> None:
        """Add to the end; who appends has made room before."""
        before = len(self._tail)
        for part in parts:
            self._tail += part
        self._storage.grew(self, len(self._tail) - before)

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`; KafkaError KAFKA_STORAGE_ERROR if the file cannot be read."""
        begin, stop = start - self._in_file, end - self._in_file
        with memoryview(self._tail) as tail:
            if begin >= 0:
                return bytes(tail[begin:stop])
            try:
                stored = self._storage.file.read(self._slots, start, min(end, self._in_file))
            except OSError as error:
                raise _storage_error("read", error) from error
            return b"".join((stored, tail[:stop])) if stop > 0 else stored

    def write_out(self) -> None:
        """Move the oldest bytes that are in memory, WRITE_BYTES at most, to the file; OSError, and nothing moved."""
        with memoryview(self._tail) as tail, tail[:WRITE_BYTES] as oldest:
            self._storage.file.write(self._slots, self._in_file, oldest)
            count = len(oldest)
        self._in_file += count
        del self._tail[:count]
        self._storage.shrank(self, count, len(self._tail))

    def release(self) -> None:
        """Give up everything, in memory and in the file."""
        self._storage.file.free(self._slots)
        self._storage.shrank(self, len(self._tail), 0)
        self._slots, self._in_file, self._tail = array("I"), 0, bytearray()


def _storage_error(what_failed: str, error: OSError) -> KafkaError:
    return KafkaError(
        ErrorCode.KAFKA_STORAGE_ERROR,
        f"the log cannot be {what_failed}: {error.strerror or error} "
        f"(temporary file in {tempfile.tempdir}; TMPDIR names another folder)",
    )
