"""What the tests read out of answers: identities, error codes, fetched records; and asking until it is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from tui.broker.batch import CONTROL_BIT, HEADER_BYTES, LOG_OVERHEAD_BYTES, read_header

NONE = 0
UNKNOWN_TOPIC_OR_PARTITION = 3
COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR = 14, 15, 16
ILLEGAL_GENERATION, INVALID_GROUP_ID, UNKNOWN_MEMBER_ID = 22, 24, 25
INVALID_REQUEST, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE = 42, 45, 47, 48
INVALID_PRODUCER_ID_MAPPING, INVALID_TRANSACTION_TIMEOUT, CONCURRENT_TRANSACTIONS = 49, 50, 51
TRANSACTIONAL_ID_AUTHORIZATION_FAILED, OPERATION_NOT_ATTEMPTED = 53, 55
UNSTABLE_OFFSET_COMMIT, PRODUCER_FENCED, TRANSACTIONAL_ID_NOT_FOUND, TRANSACTION_ABORTABLE = 88, 90, 105, 120
NOT_YET = {COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_TRANSACTIONS}

DEADLINE_S = 30.0

T = TypeVar("T")


class Producer(NamedTuple):
    """What InitProducerId gave: the id and the epoch that every request of the producer carries."""

    id: int
    epoch: int


NOBODY = Producer(-1, -1)


class Fetched(NamedTuple):
    """A fetch of one partition: by offset the values, and `commit` or `abort` for a marker."""

    records: dict[int, bytes | str]
    high_watermark: int
    last_stable_offset: int
    aborted: list[tuple[int, int]] | None


async def settled(ask: Callable[[], Awaitable[T]], error_of: Callable[[T], int]) -> T:
    """The first answer that does not say "later", as a client would go on asking."""
    return await eventually(ask, lambda answer: error_of(answer) not in NOT_YET)


async def eventually(ask: Callable[[], Awaitable[T]], accept: Callable[[T], bool]) -> T:
    """The first acceptable answer; TimeoutError if there is none in time."""
    async with asyncio.timeout(DEADLINE_S):
        while not accept(answer := await ask()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return answer


def contents(records: bytes) -> dict[int, bytes | str]:
    """Uncompressed records by offset."""
    found: dict[int, bytes | str] = {}
    while records:
        header = read_header(records)
        size = header.length + LOG_OVERHEAD_BYTES
        if header.attributes & CONTROL_BIT:
            kind = int.from_bytes(records[HEADER_BYTES + 7 : HEADER_BYTES + 9], "big")
            found[header.base_offset] = ("abort", "commit")[kind]
        else:
            found |= dict(enumerate(_values(records[HEADER_BYTES:size], header.record_count), header.base_offset))
        records = records[size:]
    return found


def _values(records: bytes, count: int) -> list[bytes]:
    """The values of small records without keys: each of their varints is one byte."""
    values = []
    for _ in range(count):
        values.append(records[6 : 6 + records[5] // 2])
        records = records[1 + records[0] // 2 :]
    return values
