"""Which requests were answered, by partition and offset; a topic that was made anew begins afresh."""

from dataclasses import dataclass, field

from tui.ledger.seen import SeenNumbers

_PARTITIONS_SEEN = 1_024
_CLOCKS_DIFFER_S = 0.25
"""Who sends to one partition may have clocks so far apart."""


@dataclass(slots=True)
class _Log:
    """The offsets answered so far, the last of them, and when the latest of those requests was sent."""

    offsets: SeenNumbers = field(default_factory=SeenNumbers)
    last: int = -1
    sent_at: float = 0.0


class Positions:
    """Says whether an answer is the first to the request at its place."""

    def __init__(self) -> None:
        self._logs: dict[int, _Log] = {}

    def add(self, partition: int, offset: int, sent_at: float | None = None) -> bool:
        """Enter an answer; False if it repeats one. `sent_at` is the request's timestamp, if that is known.

        A log grows with time. So a request that is later than all before it, and does not stand behind them, is of
        another topic of the same name, of which nothing was answered yet.
        """
        log = self._log(partition)
        if offset <= log.last and sent_at is not None and log.sent_at and sent_at > log.sent_at + _CLOCKS_DIFFER_S:
            log = self._logs[partition] = _Log()
        log.last, log.sent_at = max(log.last, offset), max(log.sent_at, sent_at or 0.0)
        return log.offsets.add(offset)

    def _log(self, partition: int) -> _Log:
        log = self._logs.get(partition)
        if log is None:
            if len(self._logs) >= _PARTITIONS_SEEN:
                del self._logs[next(iter(self._logs))]
            log = self._logs[partition] = _Log()
        return log
