"""Reads records with header names that are no UTF-8: aiokafka's consumers, whose version is pinned, stop at them."""

from collections.abc import Callable, Iterator
from itertools import chain
from struct import Struct
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_LENGTH = Struct(">8xi")
"""A batch begins with its base offset and the length of what follows (KIP-98)."""


def read_any_header_name() -> None:
    """From now on every consumer of this process reads such records, their names with escapes (`\\xff`).

    Key, value and the headers' values stay as they are. Records that others can read cost no more than before.
    """
    names: Any = fetcher
    names.MemoryRecords, names.PartitionRecords = _Fetched, _AnyNames


class _Fetched(MemoryRecords):  # type: ignore[misc,valid-type]
    """What was fetched of one partition, whose last batch can be had once more."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._data = data
        self._taken = 0

    def next_batch(self) -> Any:
        """The next one."""
        self._taken += 1
        return super().next_batch()

    def last_batch(self) -> memoryview:
        """The bytes of the one that was taken last."""
        data, begin, end = memoryview(self._data), 0, 0
        for _ in range(self._taken):
            begin, end = end, end + _LENGTH.size + _LENGTH.unpack_from(data, end)[0]
        return data[begin:end]


class _AnyNames(fetcher.PartitionRecords):
    """Its records one by one. A batch with a name that is no UTF-8 is read by slower means."""

    _records_iterator: Iterator[Any] | None
    _unpack_records: Callable[[], Iterator[Any]]
    _consumer_record: Callable[[Any, Any], Any]

    def __next__(self) -> Any:
        try:
            return next(self._records_iterator or iter(()))
        except StopIteration:
            self._records_iterator = None
            raise
        except UnicodeDecodeError:
            self._records_iterator = chain(self._read_anyhow(), self._unpack_records())
            return next(self)

    def _read_anyhow(self) -> Iterator[Any]:
        batch: Any = _DefaultRecordBatchPy(self._records.last_batch())
        batch._maybe_uncompress()
        batch._buffer = _Lenient(batch._buffer)
        for record in batch:
            if record.offset >= self.next_fetch_offset:
                read = self._consumer_record(self._tp, record)
                self.next_fetch_offset = record.offset + 1
                yield read
        self.next_fetch_offset = batch.next_offset


class _Lenient(bytearray):
    """Bytes of which every part is some text."""

    def __getitem__(self, key: Any) -> Any:
        part = super().__getitem__(key)
        return _Lenient(part) if isinstance(key, slice) else part

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        """The text, with escapes for what is none."""
        return super().decode(encoding, errors)
