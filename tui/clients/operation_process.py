"""A process of its own for added operations, which may hang or crash: requests come on stdin, answers go to stdout."""

import os
import signal
import time
from typing import BinaryIO

import msgspec

from tui.calc.answer import answer
from tui.calc.messages import NoRequest, encode_result
from tui.calc.numbers import Limits
from tui.calc.operations import Operations

HEAD_BYTES = 4  # before each message: its length, big-endian


class Setup(msgspec.Struct, frozen=True, array_like=True):
    """The first message: what the process needs to know. After `alarm_s` in one operation it ends by itself."""

    operations: dict[str, str]
    max_digits: int
    division_digits: int
    max_request_bytes: int
    alarm_s: float


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """One request message and where it was read."""

    value: bytes | None
    topic: str
    partition: int
    offset: int
    client_id: str
    attempt: int
    sent_at: float


class Answered(msgspec.Struct, frozen=True, array_like=True):
    """The encoded result; or None, and why the message is a dead letter."""

    result: bytes | None
    reason: str = ""
    message: str = ""


def framed(message: msgspec.Struct) -> bytes:
    """`message` as it travels."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(HEAD_BYTES, "big") + body


def main() -> None:
    """Answer until stdin ends. Whoever started this has its own deadline; the alarm is for the case that it died."""
    requests, answers = _private(0, "rb"), _private(1, "wb")
    setup = msgspec.msgpack.decode(_next(requests), type=Setup)
    limits = Limits(setup.max_digits, setup.division_digits)
    operations = Operations.standard(limits).with_added(setup.operations)
    _write(answers, Answered(b""))
    while body := _next(requests):
        asked = msgspec.msgpack.decode(body, type=Asked)
        signal.setitimer(signal.ITIMER_REAL, setup.alarm_s)
        found = answered(asked, operations, setup.max_request_bytes)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        _write(answers, found)


def answered(asked: Asked, operations: Operations, max_bytes: int) -> Answered:
    """The answer to one request, computed here and now."""
    try:
        result = answer(
            asked.value,
            operations,
            topic=asked.topic,
            partition=asked.partition,
            offset=asked.offset,
            client_id=asked.client_id,
            attempt=asked.attempt,
            received_at=time.time(),
            sent_at=asked.sent_at,
            clock=time.time,
            max_bytes=max_bytes,
        )
    except NoRequest as refused:
        return Answered(None, refused.reason, refused.message)
    return Answered(encode_result(result))


def _private(descriptor: int, mode: str) -> BinaryIO:
    """The file at `descriptor`, which then leads nowhere: an operation that prints or reads disturbs nothing."""
    kept = os.dup(descriptor)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return os.fdopen(kept, mode)  # type: ignore[return-value]


def _next(requests: BinaryIO) -> bytes:
    """The next message, empty at the end."""
    return requests.read(int.from_bytes(requests.read(HEAD_BYTES), "big"))


def _write(answers: BinaryIO, found: Answered) -> None:
    answers.write(framed(found))
    answers.flush()
