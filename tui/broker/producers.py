"""Idempotent producers: their ids, and per partition the sequence numbers they have written (KIP-98)."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.broker.batch import NO_PRODUCER_ID, BatchHeader
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions.transaction import ProducerIdAndEpoch

REMEMBERED_BATCHES = 5  # what a client may have in flight, so what it may have to repeat
MAX_PRODUCERS = 2_000  # per partition; the one silent for longest is forgotten first
NO_SEQUENCE = -1
SEQUENCES = 1 << 31  # sequence numbers wrap to 0 after 2**31 - 1


class ActiveProducer(NamedTuple):
    """A producer as DescribeProducers tells of it; -1 where there is nothing to tell."""

    producer_id: int
    epoch: int
    last_sequence: int
    last_timestamp_ms: int
    coordinator_epoch: int


class WrittenBatch(NamedTuple):
    """A batch that is in the log, as its producer will name it should it send it again."""

    first_sequence: int
    last_sequence: int
    base_offset: int
    append_time_ms: int


@dataclass(slots=True)
class _ProducerState:
    epoch: int
    last_timestamp_ms: int = -1
    coordinator_epoch: int = -1
    written: deque[WrittenBatch] = field(default_factory=lambda: deque(maxlen=REMEMBERED_BATCHES))

    @property
    def last_sequence(self) -> int:
        return self.written[-1].last_sequence if self.written else NO_SEQUENCE


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
            expected = (state.last_sequence + 1) % SEQUENCES
        if header.base_sequence != expected:
            message = f"sequence number {header.base_sequence}, but {expected} is next"
            raise KafkaError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message)
        return None

    def remember(self, header: BatchHeader, base_offset: int, append_time_ms: int) -> None:
        """Note an appended batch; one without a producer id is nobody's."""
        if header.producer_id == NO_PRODUCER_ID:
            return
        state = self._at(header.producer_id, header.producer_epoch)
        written = WrittenBatch(header.base_sequence, _last_sequence(header), base_offset, append_time_ms)
        state.written.append(written)
        state.last_timestamp_ms = header.max_timestamp

    def check_marker(self, producer: ProducerIdAndEpoch, coordinator_epoch: int) -> None:
        """KafkaError if an earlier epoch of the producer or of the coordinator would end the transaction."""
        state = self._states.get(producer.producer_id)
        if state is not None and producer.epoch < state.epoch:
            raise KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, f"the producer's epoch is {state.epoch} by now")
        if state is not None and coordinator_epoch < state.coordinator_epoch:
            message = f"the coordinator's epoch is {state.coordinator_epoch} by now"
            raise KafkaError(ErrorCode.TRANSACTION_COORDINATOR_FENCED, message)

    def ended(self, producer: ProducerIdAndEpoch, coordinator_epoch: int, now_ms: int) -> None:
        """Note the marker of a transaction: with a higher epoch it fences, and sequence numbers start from 0."""
        state = self._at(producer.producer_id, producer.epoch)
        state.last_timestamp_ms = now_ms
        state.coordinator_epoch = coordinator_epoch

    def __iter__(self) -> Iterator[ActiveProducer]:
        for producer_id, state in self._states.items():
            yield ActiveProducer(
                producer_id, state.epoch, state.last_sequence, state.last_timestamp_ms, state.coordinator_epoch
            )

    def _at(self, producer_id: int, epoch: int) -> _ProducerState:
        """The state of a producer that is active now; with another epoch it has written nothing yet."""
        state = self._states.setdefault(producer_id, _ProducerState(epoch))
        if state.epoch != epoch:
            state.epoch = epoch
            state.written.clear()
        self._states.move_to_end(producer_id)
        if len(self._states) > MAX_PRODUCERS:
            self._states.popitem(last=False)
        return state


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
