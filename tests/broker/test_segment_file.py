"""The temporary file behind the logs."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.broker.disk import file_size_limit
from tui.broker import segment_file
from tui.broker.segment_file import SegmentFile, temporary_file

SLOT = 64

#: To a string (by number) so many bytes are added, or it is given up.
steps = st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.binary(min_size=1, max_size=5 * SLOT))))


@pytest.fixture(autouse=True, scope="module")
def small_slots() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_file, "SLOT_BYTES", SLOT)
        yield


def written(file: SegmentFile, *contents: bytes) -> list[array[int]]:
    """The slots of one string for each of these."""
    strings = [array("I") for _ in contents]
    for slots, content in zip(strings, contents, strict=True):
        file.write(slots, 0, memoryview(content))
    return strings


@given(steps, st.data())
def test_every_string_is_read_back_whatever_the_others_do(
    changes: list[tuple[int, bytes | None]], data: st.DataObject
) -> None:
    strings = [array("I") for _ in range(5)]
    contents = [b""] * 5
    with closing(SegmentFile()) as file:
        for number, added in changes:
            if added is None:
                file.free(strings[number])
                strings[number], contents[number] = array("I"), b""
            else:
                file.write(strings[number], len(contents[number]), memoryview(added))
                contents[number] += added
        for slots, content in zip(strings, contents, strict=True):
            start = data.draw(st.integers(0, len(content)))
            end = data.draw(st.integers(start, len(content)))
            if content:
                assert file.read(slots, start, end) == content[start:end]
        used = [slot for slots in strings for slot in slots]
        assert len(used) == len(set(used)) == sum(-(-len(content) // SLOT) for content in contents)
        assert file.slot_count == max(used, default=-1) + 1


def test_what_is_given_up_is_used_again_lowest_first() -> None:
    with closing(SegmentFile()) as file:
        first, second, third = written(file, b"a" * 2 * SLOT, b"b" * SLOT, b"c" * SLOT)
        file.free(second)
        file.free(first)
        (fourth,) = written(file, b"d" * 4 * SLOT)
        assert list(fourth) == [0, 1, 2, 4]
        assert file.read(fourth, 0, 4 * SLOT) == b"d" * 4 * SLOT
        assert file.read(third, 0, SLOT) == b"c" * SLOT


def test_the_disk_gets_back_what_is_free_at_the_end() -> None:
    real = temporary_file()
    with closing(SegmentFile(lambda: real)) as file:
        first, second, third = written(file, b"a" * SLOT, b"b" * SLOT, b"c" * SLOT)
        file.free(second)
        assert os.fstat(real.fileno()).st_size == 3 * SLOT
        file.free(third)
        assert os.fstat(real.fileno()).st_size == SLOT
        file.free(first)
        assert os.fstat(real.fileno()).st_size == 0


def test_the_file_is_opened_with_the_first_write_in_the_folder_for_temporary_files_and_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened: list[BinaryIO] = []

    def open_file() -> BinaryIO:
        opened.append(temporary_file())
        return opened[-1]

    file = SegmentFile(open_file)
    assert not opened
    written(file, b"a", b"b")
    assert len(opened) == 1
    assert os.fstat(opened[0].fileno()).st_dev == tmp_path.stat().st_dev
    assert not list(tmp_path.iterdir())
    file.close()
    assert opened[0].closed


def test_a_write_that_finds_no_room_half_way_changes_nothing() -> None:
    with closing(SegmentFile()) as file:
        (slots,) = written(file, b"a" * 100)
        with file_size_limit(3 * SLOT + 10), pytest.raises(OSError, match="File too large"):
            file.write(slots, 100, memoryview(b"b" * 300))
        assert (len(slots), file.slot_count) == (2, 2)
        file.write(slots, 100, memoryview(b"c" * 300))
        assert file.read(slots, 0, 400) == b"a" * 100 + b"c" * 300


def test_a_file_that_was_cut_off_is_an_error_not_an_endless_read() -> None:
    real = temporary_file()
    with closing(SegmentFile(lambda: real)) as file:
        (slots,) = written(file, b"a" * SLOT)
        os.ftruncate(real.fileno(), SLOT - 1)
        with pytest.raises(OSError, match="cut off"):
            file.read(slots, 0, SLOT)


def test_a_closed_file_is_not_read() -> None:
    file = SegmentFile()
    (slots,) = written(file, b"a")
    file.close()
    with pytest.raises(OSError, match="closed"):
        file.read(slots, 0, 1)
