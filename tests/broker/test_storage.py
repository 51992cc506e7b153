"""What the logs keep in memory, and what happens when the rest cannot go to disk."""

import logging
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.broker.disk import file_size_limit
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.segment_file import SLOT_BYTES
from tui.broker.storage import Storage, StoredBytes

BOUND = 1000


@pytest.fixture
def storage() -> Iterator[Storage]:
    with closing(Storage(BOUND)) as storage:
        yield storage


def append(storage: Storage, data: StoredBytes, content: bytes) -> None:
    storage.make_room(len(content))
    data.append(content)


def test_what_fits_into_memory_opens_no_file(storage: Storage) -> None:
    data = StoredBytes(storage)
    append(storage, data, b"x" * BOUND)
    assert not storage.file.is_open
    append(storage, data, b"y")
    assert storage.file.is_open


def test_memory_is_bounded_for_all_together_however_many_they_are(storage: Storage) -> None:
    many = [StoredBytes(storage) for _ in range(100)]
    for turn in range(20):
        for index, data in enumerate(many):
            append(storage, data, b"%06d" % (100 * turn + index))
            assert storage.memory_bytes <= BOUND
    for index, data in enumerate(many):
        assert data.read(0, len(data)) == b"".join(b"%06d" % (100 * turn + index) for turn in range(20))
    assert storage.file.slot_count <= len(many)


def test_who_was_appended_to_least_recently_goes_to_the_file(storage: Storage) -> None:
    first, second = StoredBytes(storage), StoredBytes(storage)
    append(storage, first, b"a" * 400)
    append(storage, second, b"b" * 400)
    append(storage, first, b"c" * 100)
    append(storage, first, b"d" * 200)
    assert storage.memory_bytes == 700  # the second one gave way
    append(storage, second, b"e" * 301)
    assert storage.memory_bytes == 301  # the first one gave way, as a whole
    assert first.read(0, 700) == b"a" * 400 + b"c" * 100 + b"d" * 200
    assert second.read(0, 701) == b"b" * 400 + b"e" * 301


def test_one_that_is_larger_than_all_memory_is_kept_until_the_next_comes(storage: Storage) -> None:
    data = StoredBytes(storage)
    append(storage, data, b"x" * 5 * BOUND)
    append(storage, data, b"y")
    assert storage.memory_bytes == 1
    assert data.read(0, len(data)) == b"x" * 5 * BOUND + b"y"


def test_reads_may_span_file_and_memory(storage: Storage) -> None:
    data, content = StoredBytes(storage), os.urandom(3 * SLOT_BYTES)
    for start in range(0, len(content), 700):
        append(storage, data, content[start : start + 700])
    for start, end in [(0, 10), (SLOT_BYTES - 5, 2 * SLOT_BYTES + 5), (len(content) - 1500, len(content)), (7, 7)]:
        assert data.read(start, end) == content[start:end]
    assert data.read(0, len(data)) == content


def test_what_is_released_frees_its_memory_and_its_place_in_the_file(storage: Storage) -> None:
    data, other = StoredBytes(storage), StoredBytes(storage)
    append(storage, data, b"x" * BOUND)
    append(storage, data, b"y" * 10)
    append(storage, other, b"z" * 10)
    data.release()
    assert (storage.memory_bytes, storage.file.slot_count) == (10, 0)
    other.release()
    assert (storage.memory_bytes, storage.file.slot_count) == (0, 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_refusal_that_says_what_and_where() -> None:
    with closing(Storage(BOUND, lambda: Path("/dev/full").open("r+b", buffering=0))) as storage:
        data = StoredBytes(storage)
        append(storage, data, b"x" * BOUND)
        with pytest.raises(KafkaError, match=r"cannot be written: No space left on device \(.*TMPDIR") as refused:
            append(storage, data, b"y")
        assert refused.value.code == ErrorCode.KAFKA_STORAGE_ERROR
        assert data.read(0, len(data)) == b"x" * BOUND


def test_a_folder_that_cannot_be_used_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with closing(Storage(0)) as storage:
        data = StoredBytes(storage)
        append(storage, data, b"x")
        with pytest.raises(KafkaError, match=f"No such file or directory .*{tmp_path}"):
            append(storage, data, b"y")
        (tmp_path / "gone").mkdir()
        append(storage, data, b"y")
        assert data.read(0, 2) == b"xy"


def test_after_a_refusal_it_goes_on_when_there_is_room_on_disk(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    data = StoredBytes(storage)
    with file_size_limit(BOUND + 500):
        append(storage, data, b"a" * BOUND)
        append(storage, data, b"b" * BOUND)
        for _ in range(3):
            with pytest.raises(KafkaError, match="File too large"):
                append(storage, data, b"c")
        assert data.read(0, len(data)) == b"a" * BOUND + b"b" * BOUND
    append(storage, data, b"d")
    assert data.read(0, len(data)) == b"a" * BOUND + b"b" * BOUND + b"d"
    said = [record.message for record in caplog.records]
    assert len(said) == 2
    assert "records are refused: the log cannot be written" in said[0]
    assert "records are accepted again" in said[1]


def test_after_a_refusal_it_goes_on_when_something_is_released(storage: Storage) -> None:
    old, data = StoredBytes(storage), StoredBytes(storage)
    with file_size_limit(SLOT_BYTES):
        append(storage, old, b"a" * BOUND)
        append(storage, data, b"b" * BOUND)
        with pytest.raises(KafkaError):
            append(storage, data, b"c")
        old.release()
        append(storage, data, b"c")
    assert data.read(0, len(data)) == b"b" * BOUND + b"c"


def test_what_cannot_be_read_is_a_storage_error(storage: Storage) -> None:
    data = StoredBytes(storage)
    append(storage, data, b"x" * BOUND)
    append(storage, data, b"y")
    storage.close()
    with pytest.raises(KafkaError, match="cannot be read") as refused:
        data.read(0, 1)
    assert refused.value.code == ErrorCode.KAFKA_STORAGE_ERROR
