"""Events as the tests of the ledger need them."""

from tui.calc.messages import Result, ResultError
from tui.events import DeadLetterReceived, GroupObserved, ReceivedResult, ResultsReceived
from tui.group import Member, PartitionOffsets

NOW = 1_700_000_000.0


def result(
    request_id: str,
    *,
    client_id: str = "client-0",
    partition: int = 0,
    offset: int = 0,
    error: ResultError | None = None,
    sent_at: float | None = NOW,
    at: float = NOW,
) -> ReceivedResult:
    """A result that waited 3 ms and ran 2 ms."""
    message = Result(
        id=request_id,
        operator_1="5",
        operator_2="2",
        operation="sum",
        result=None if error else "7",
        error=error,
        client_id=client_id,
        partition=partition,
        offset=offset,
        attempt=1,
        received_at=NOW + 0.003,
        finished_at=NOW + 0.005,
        sent_at=sent_at,
    )
    return ReceivedResult(message, partition, offset, None, at)


def received(*results: ReceivedResult, replayed: bool = False, at: float = NOW) -> ResultsReceived:
    """One batch of results."""
    return ResultsReceived(results, replayed, at)


def dead(request_id: str, partition: int = 0, offset: int = 0, *, replayed: bool = False) -> DeadLetterReceived:
    """A dead letter seen now."""
    return DeadLetterReceived(request_id, "not_json", partition, offset, "client-0", b"{", replayed, NOW)


def group(
    *places: PartitionOffsets, members: tuple[Member, ...] = (), state: str = "Stable", at: float = NOW
) -> GroupObserved:
    """One look at the group on a cluster of one broker."""
    return GroupObserved(state, "roundrobin", members, places, 1, at)


def place(
    partition: int, committed: int | None, end: int, oldest_at: float | None = None, *, start: int = 0
) -> PartitionOffsets:
    """Where a partition stands whose log begins at `start`."""
    waiting_from = start if committed is None else max(start, committed)
    return PartitionOffsets(partition, 1, committed, waiting_from, end, oldest_at, start)
