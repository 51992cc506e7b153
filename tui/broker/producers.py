"""Idempotent producers: their ids, and per partition the sequence numbers they have written (KIP-98)."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.broker.batch import NO_PRODUCER_ID, BatchHeader
from tui.broker.errors import ErrorCode, KafkaError

REMEMBERED_BATCHES = 5  # what a client may have in flight, so what it may have to repeat
MAX_PRODUCERS = 2_000  # per partition; the one silent for longest is forgotten first
SEQUENCES = 1 << 31  # sequence numbers wrap to 0 after 2**31 - 1


class WrittenBatch(NamedTuple):
    """A batch that is in the log, as its producer will name it should it send it again."""

    first_sequence: int
    last_sequence: int
    base_offset: int
    append_time_ms: int


@dataclass(slots=True)
class _ProducerState:
    epoch: int
    written: deque[WrittenBatch] = field(default_factory=lambda: deque(maxlen=REMEMBERED_BATCHES))


class ProducerStates:
    """What one partition remembers of its idempotent producers."""

    def __init__(self) -> None:
        self._states: OrderedDict[int, _ProducerState] = OrderedDict()

    def duplicate_of(self, header: BatchHeader) -> WrittenBatch | None:
        """The batch in the log that `header` repeats, or None if it is the next one to append.

        KafkaError OUT_OF_ORDER_SEQUENCE_NUMBER for a gap, INVALID_PRODUCER_EPOCH for an older epoch. A
        producer that is not remembered may start with any sequence number (KIP-360).
        """
        state = self._states.get(header.producer_id)
        if header.producer_id == NO_PRODUCER_ID or state is None:
            return None
        if header.producer_epoch < state.epoch:
            raise KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, f"the producer's epoch is {state.epoch} by now")
        expected = 0
        if header.producer_epoch == state.epoch:
            last_sequence = _last_sequence(header)
            for written in state.written:
                if written.first_sequence == header.base_sequence and written.last_sequence == last_sequence:
                    return written
            expected = (state.written[-1].last_sequence + 1) % SEQUENCES
        if header.base_sequence != expected:
            message = f"sequence number {header.base_sequence}, but {expected} is next"
            raise KafkaError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message)
        return None

    def remember(self, header: BatchHeader, base_offset: int, append_time_ms: int) -> None:
        """Note an appended batch; one without a producer id is nobody's."""
        if header.producer_id == NO_PRODUCER_ID:
            return
        state = self._states.get(header.producer_id)
        if state is None or state.epoch != header.producer_epoch:
            state = self._states[header.producer_id] = _ProducerState(header.producer_epoch)
        written = WrittenBatch(header.base_sequence, _last_sequence(header), base_offset, append_time_ms)
        state.written.append(written)
        self._states.move_to_end(header.producer_id)
        if len(self._states) > MAX_PRODUCERS:
            self._states.popitem(last=False)


def _last_sequence(header: BatchHeader) -> int:
    return (header.base_sequence + header.last_offset_delta) % SEQUENCES


class ProducerIds:
    """Gives every idempotent producer its own id."""

    def __init__(self) -> None:
        self._next = 0

    def take(self) -> int:
        producer_id = self._next
        self._next += 1
        return producer_id
