"""Files of results: whole or not there at all, and the screen goes on meanwhile."""

import asyncio
import csv
import errno
import os
from pathlib import Path

import pytest

from tests.dashboard.seeded import received
from tui.dashboard.saving import in_words, save
from tui.ledger.export import Kind
from tui.ledger.ring import ResultRing, Rows


def some(count: int) -> Rows:
    ring = ResultRing(max(1, count))
    ring.extend(received("1", "sum", str(number), str(1 + number), offset=number) for number in range(count))
    return ring.rows(0, count)


async def test_all_rows_are_in_the_file_and_the_progress_is_told(tmp_path: Path) -> None:
    done: list[int] = []
    await save(some(2_500), Kind.CSV, tmp_path / "a.csv", done.append)
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert [int(row["offset"]) for row in csv.DictReader(lines)] == list(range(2_500))
    assert done == [1_000, 2_000, 2_500]
    assert os.listdir(tmp_path) == ["a.csv"]


async def test_the_loop_goes_on_while_it_writes(tmp_path: Path) -> None:
    saving = asyncio.create_task(save(some(5_000), Kind.JSON_LINES, tmp_path / "a.jsonl", lambda _: None))
    turns = 0
    while not saving.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 5_000


async def test_cancelled_it_leaves_nothing_and_the_older_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("older")
    begun = asyncio.Event()
    saving = asyncio.create_task(save(some(20_000), Kind.CSV, path, lambda _: begun.set()))
    await begun.wait()
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert path.read_text() == "older"
    assert os.listdir(tmp_path) == ["a.csv"]


async def test_an_older_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("older")
    await save(some(1), Kind.CSV, path, lambda _: None)
    assert path.read_text().startswith("seen_at,")


async def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        await save(some(1), Kind.CSV, tmp_path / "a.csv", lambda _: None)
    assert not os.listdir(tmp_path)


async def test_a_file_that_another_export_writes_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv.part").write_text("theirs")
    with pytest.raises(FileExistsError) as caught:
        await save(some(1), Kind.CSV, tmp_path / "a.csv", lambda _: None)
    assert (tmp_path / "a.csv.part").read_text() == "theirs"
    assert in_words(caught.value, tmp_path / "a.csv").startswith(f"{tmp_path}/a.csv.part is in the way")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "there is no folder /x: create it"),
        (errno.ENOTDIR, "there is no folder /x: create it"),
        (errno.EISDIR, "/x/a.csv is a folder"),
        (errno.EACCES, "no permission to write into /x: name another folder"),
        (errno.ENOSPC, "no space left in /x: make room"),
        (errno.EDQUOT, "no space left in /x: make room"),
        (errno.ENAMETOOLONG, "cannot write /x/a.csv: File name too long"),
        (errno.EROFS, "cannot write /x/a.csv: Read-only file system"),
    ],
)
def test_every_failure_is_told_in_words(number: int, words: str) -> None:
    assert in_words(OSError(number, os.strerror(number)), Path("/x/a.csv")).startswith(words)
