"""Results as the text of a file: CSV (RFC 4180) for spreadsheets, JSON Lines for programs."""

import csv
import io
import re
from base64 import b64encode
from datetime import UTC, datetime
from enum import StrEnum

from msgspec.json import encode
from msgspec.structs import asdict

from tui.calc.json_text import printable
from tui.events import ReceivedResult

COLUMNS = (
    "seen_at", "id", "x", "operation", "y", "result", "error", "error_message", "worker", "partition", "offset",
    "attempt", "result_partition", "result_offset", "key", "sent_at", "received_at", "finished_at", "wait_ms", "run_ms",
)  # fmt: skip
"""The columns of a CSV file. Times are ISO 8601 in UTC; what is unknown is empty."""

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


class Kind(StrEnum):
    """How results are written; the value is the ending of the file's name."""

    CSV = "csv"
    JSON_LINES = "jsonl"


def kind_of(name: str) -> Kind | None:
    """The kind that a file's name asks for by its ending; None if it asks for another."""
    ending = name.rpartition(".")[2].lower()
    return next((kind for kind in Kind if kind == ending), None)


class Lines:
    """Collects the text of results until it is taken; the first piece of a CSV file begins with the column names.

    A line of JSON is the result message as it is in Kafka (as of `kcalc results --json`), and with it
    `result_partition`, `result_offset`, `seen_at` and the record's `key` as text; if that is no UTF-8, `key_base64`.
    """

    def __init__(self, kind: Kind) -> None:
        self._text = io.StringIO(newline="")
        self._csv = csv.writer(self._text, lineterminator="\r\n")
        self.add = self._add_row if kind is Kind.CSV else self._add_object
        if kind is Kind.CSV:
            self._csv.writerow(COLUMNS)

    def take(self) -> str:
        """What was added since the last time."""
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return text

    def _add_row(self, received: ReceivedResult) -> None:
        result = received.result
        error = result.error
        self._csv.writerow(
            (
                _iso(received.at),
                guarded(result.id),
                guarded(result.operator_1),
                guarded(result.operation),
                guarded(result.operator_2 or ""),
                guarded(result.result or ""),
                guarded(error.code) if error else "",
                guarded(error.message) if error else "",
                guarded(result.client_id),
                result.partition,
                result.offset,
                result.attempt,
                received.result_partition,
                received.result_offset,
                guarded(_key_text(received.key)),
                "" if result.sent_at is None else _iso(result.sent_at),
                _iso(result.received_at),
                _iso(result.finished_at),
                "" if result.sent_at is None else _ms(result.received_at - result.sent_at),
                _ms(result.finished_at - result.received_at),
            )
        )

    def _add_object(self, received: ReceivedResult) -> None:
        fields = asdict(received.result)
        fields["result_partition"] = received.result_partition
        fields["result_offset"] = received.result_offset
        fields["seen_at"] = received.at
        fields["key"] = None if received.key is None else _key_text(received.key)
        if received.key is not None and not _is_utf8(received.key):
            fields["key_base64"] = b64encode(received.key).decode()
        self._text.write(printable(encode(fields).decode()) + "\n")


def guarded(text: str) -> str:
    """Text that a spreadsheet takes for no formula: `'` in front of what begins like one and is no plain number.

    Numbers stay as they are. As text that begins with `'` gets one, too, the first `'` of a cell is never the text's.
    """
    return f"'{text}" if text.startswith(_RISKY) and not _PLAIN_NUMBER.fullmatch(text) else text


def _key_text(key: bytes | None) -> str:
    return "" if key is None else key.decode("utf-8", "backslashreplace")


def _is_utf8(key: bytes) -> bool:
    try:
        key.decode()
    except UnicodeDecodeError:
        return False
    return True


def _iso(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):  # a number that is no time
        return ""


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3f}"
