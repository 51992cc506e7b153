"""Results packed into bytes: a third of the memory of objects, and a filter reads only what it needs."""

import pickle

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from tui.calc.messages import Result, ResultError
from tui.events import ReceivedResult


class Head(Struct, frozen=True, gc=False, array_like=True):
    """The first part of a packed result; reading no more than this takes a third of the time."""

    partition: int
    attempt: int
    received_at: float
    finished_at: float
    sent_at: float | None
    operation: str
    client_id: str
    error: ResultError | None
    key: bytes | None


class Row(Head, frozen=True, gc=False, array_like=True):
    """All of a packed result, in the order in which it is packed."""

    id: str
    operator_1: str
    operator_2: str | None
    result: str | None
    offset: int
    result_partition: int
    result_offset: int
    at: float


_encode = Encoder().encode
_decode_row = Decoder(Row).decode
_decode_head = Decoder(Head).decode
_PICKLED = 0x80
"""How a pickle begins; in MessagePack it would be an empty map."""


def pack(received: ReceivedResult) -> bytes:
    """The result as bytes that hold all of it."""
    result = received.result
    row = Row(
        result.partition,
        result.attempt,
        result.received_at,
        result.finished_at,
        result.sent_at,
        result.operation,
        result.client_id,
        result.error,
        received.key,
        result.id,
        result.operator_1,
        result.operator_2,
        result.result,
        result.offset,
        received.result_partition,
        received.result_offset,
        received.at,
    )
    try:
        return _encode(row)
    except OverflowError:  # whole numbers of more than 64 bits, which a stranger may send
        return pickle.dumps(row)


def read_row(packed: bytes) -> Row:
    """All of what was packed."""
    return _decode_row(packed) if packed[0] != _PICKLED else _unpickled(packed)


def read_head(packed: bytes) -> Head:
    """The first part of what was packed."""
    return _decode_head(packed) if packed[0] != _PICKLED else _unpickled(packed)


def unpack(packed: bytes) -> ReceivedResult:
    """What was packed."""
    one = read_row(packed)
    result = Result(
        id=one.id,
        operator_1=one.operator_1,
        operator_2=one.operator_2,
        operation=one.operation,
        result=one.result,
        error=one.error,
        client_id=one.client_id,
        partition=one.partition,
        offset=one.offset,
        attempt=one.attempt,
        received_at=one.received_at,
        finished_at=one.finished_at,
        sent_at=one.sent_at,
    )
    return ReceivedResult(result, one.result_partition, one.result_offset, one.key, one.at)


def _unpickled(packed: bytes) -> Row:
    unpickled: Row = pickle.loads(packed)
    return unpickled
