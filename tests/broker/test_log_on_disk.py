"""The partition log when most of it is in the file: it must not be told from one in memory."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.broker.test_log import append, read_all
from tests.broker.wire import record_batch
from tui.broker import segment, segment_file
from tui.broker.log import PartitionLog, Retention
from tui.broker.records import RecordTime
from tui.broker.storage import Storage

MEBIBYTE = 1 << 20
PLACE_BYTES = 16  # what an append changes
LARGEST_BATCH_BYTES = 2000


class TinySegments(Retention):
    """Retention that drops in steps of a few batches."""

    @property
    def segment_bytes(self) -> int:
        return 700


@dataclass
class Model:
    """What a log must answer, as a list of everything ever appended."""

    appended: list[tuple[int, bytes, list[int]]] = field(default_factory=list)  # base offset, batch, timestamps
    end_offset: int = 0

    def append(self, batch: bytes, timestamps: list[int]) -> None:
        self.appended.append((self.end_offset, batch, timestamps))
        self.end_offset += len(timestamps)

    def from_offset(self, offset: int) -> list[bytes]:
        """The batches from the one with `offset` on, but for their place."""
        return [batch[PLACE_BYTES:] for base, batch, times in self.appended if base + len(times) > offset]

    def times(self, start_offset: int) -> list[RecordTime]:
        records = [RecordTime(base + i, time) for base, _, times in self.appended for i, time in enumerate(times)]
        return [record for record in records if record.offset >= start_offset]


timestamps = st.lists(st.integers(0, 50), min_size=1, max_size=4)
#: In one of two logs: append, read, pass time, delete; with a number that says how much.
steps = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.one_of(
            st.tuples(st.just("append"), st.binary(max_size=400), timestamps),
            st.tuples(st.sampled_from(["read", "wait", "delete", "look up"]), st.integers(0, 100)),
        ),
    ),
    max_size=60,
)


@pytest.fixture(autouse=True, scope="module")
def small_slots_and_index() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_file, "SLOT_BYTES", 256)
        patch.setattr(segment, "INDEX_INTERVAL_BYTES", 300)
        yield


@given(steps, st.sampled_from([0, 500, 3000, MEBIBYTE]), st.sampled_from([None, 2500]))
def test_a_log_answers_like_a_list_of_its_batches(
    changes: list[tuple[int, tuple[str, int] | tuple[str, bytes, list[int]]]],
    max_memory_bytes: int,
    max_bytes: int | None,
) -> None:
    with closing(Storage(max_memory_bytes)) as storage:
        logs = [PartitionLog(TinySegments(max_bytes, 1000), storage) for _ in range(2)]
        models = [Model(), Model()]
        now_ms = 0
        for which, change in changes:
            log, model = logs[which], models[which]
            match change:
                case ("append", bytes(value), list(times)):
                    batch = record_batch(*[value] * len(times), timestamps=times)
                    assert append(log, batch, now_ms) == model.end_offset
                    model.append(batch, times)
                case ("read", int(number)):
                    check_read(log, model, number)
                case ("wait", int(number)):
                    now_ms += 10 * number
                    log.expire(now_ms)
                case ("delete", int(number)):
                    log.delete_before(log.end_offset * number // 100)
                case ("look up", int(number)):
                    check_times(log, model, number)
            assert log.end_offset == model.end_offset
            assert storage.memory_bytes <= max(max_memory_bytes, LARGEST_BATCH_BYTES)
        for log, model in zip(logs, models, strict=True):
            kept = [batch[PLACE_BYTES:] for batch in read_all(log, 1000)]
            assert kept == (model.from_offset(log.start_offset) if log.start_offset < log.end_offset else [])
            log.delete_before(log.end_offset)
        assert (storage.memory_bytes, storage.file.slot_count) == (0, 0)


def check_read(log: PartitionLog, model: Model, per_cent: int) -> None:
    if log.start_offset == log.end_offset:
        return
    offset = log.start_offset + (log.end_offset - 1 - log.start_offset) * per_cent // 100
    expected = model.from_offset(offset)
    got = log.read(offset, 7 * per_cent)
    first_bytes = PLACE_BYTES + len(expected[0])
    assert len(got) == first_bytes or first_bytes < len(got) <= 7 * per_cent
    for batch in expected:
        if not got:
            break
        assert got[PLACE_BYTES : PLACE_BYTES + len(batch)] == batch
        got = got[PLACE_BYTES + len(batch) :]
    assert not got
    assert log.available_bytes(offset) == sum(PLACE_BYTES + len(batch) for batch in expected)


def check_times(log: PartitionLog, model: Model, number: int) -> None:
    times = model.times(log.start_offset)
    late = [record for record in times if record.timestamp_ms >= number]
    assert log.first_at_or_after(number) == (late[0] if late else None)
    assert log.newest() == max(times, key=lambda record: record.timestamp_ms, default=None)
