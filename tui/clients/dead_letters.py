"""Dead letters: what was no request, kept byte for byte, with headers that say why, where from, when and by whom."""

from collections.abc import Sequence

from tui.calc.messages import NoRequest, request_id
from tui.clients.aiokafka_types import Headers, Record
from tui.events import DeadLetterReceived

_PREFIX = "kcalc-dlq-"
REASON = _PREFIX + "reason"
MESSAGE = _PREFIX + "message"
TOPIC = _PREFIX + "topic"
PARTITION = _PREFIX + "partition"
OFFSET = _PREFIX + "offset"
TIMESTAMP = _PREFIX + "timestamp"
CLIENT_ID = _PREFIX + "client-id"
REQUEST_ID = _PREFIX + "request-id"
_OWN = (REASON, MESSAGE, TOPIC, PARTITION, OFFSET, TIMESTAMP, CLIENT_ID, REQUEST_ID)


def headers(record: Record, refused: NoRequest, client_id: str) -> Headers:
    """The record's own headers, untouched, and ours after them. The timestamp is in milliseconds, as in the record."""
    own = {
        REASON: refused.reason,
        MESSAGE: refused.message,
        TOPIC: record.topic,
        PARTITION: str(record.partition),
        OFFSET: str(record.offset),
        TIMESTAMP: str(record.timestamp),
        CLIENT_ID: client_id,
        REQUEST_ID: request_id(record.value) or f"{record.topic}/{record.partition}/{record.offset}",
    }
    return [*record.headers, *((name, text.encode(errors="replace")) for name, text in own.items())]


def received(record: Record, replayed: bool, at: float) -> DeadLetterReceived | None:
    """The event for a record of the dead-letter topic; None if no worker of kcalc wrote it."""
    # Of a header that comes twice the last is ours: a dead letter sent again as a request has older ones before it.
    found = {name: value for name, value in record.headers if name.startswith(_PREFIX) and value is not None}
    try:
        return DeadLetterReceived(
            request_id=found[REQUEST_ID].decode(),
            reason=found[REASON].decode(),
            partition=int(found[PARTITION]),
            offset=int(found[OFFSET]),
            client_id=found[CLIENT_ID].decode(),
            value=record.value,
            replayed=replayed,
            at=at,
            message=found.get(MESSAGE, b"").decode(errors="replace"),
            topic=found.get(TOPIC, b"").decode(errors="replace"),
            key=record.key,
            headers=without_last(record.headers, _OWN),
            sent_at=int(found[TIMESTAMP]) / 1_000 if TIMESTAMP in found else None,
            refused_at=record.timestamp / 1_000,
            letter_partition=record.partition,
            letter_offset=record.offset,
        )
    except (KeyError, ValueError):
        return None


def without_last(headers: Sequence[tuple[str, bytes | None]], names: Sequence[str]) -> Headers:
    """`headers` without the block at their end that has just these `names`: what we put behind those of others."""
    begin = len(headers) - len(names)
    whole = begin >= 0 and [name for name, _ in headers[begin:]] == list(names)
    return list(headers[:begin] if whole else headers)
