"""What the broker must make of the bytes that one connection sent: which requests, answered in which order."""

from __future__ import annotations

import struct
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka.protocol.api_header import ResponseClassRegistry

from tests.fuzz.frames import Frame
from tui.broker.apis import APIS
from tui.broker.settings import BrokerSettings

SIZE = struct.Struct(">i")
BEGINNING = struct.Struct(">hhi")  # API key, version, correlation id
PRODUCE, FETCH, JOIN_GROUP, SYNC_GROUP, API_VERSIONS = 0, 1, 11, 14, 18
#: What may wait for others as long as it says itself.
PARKING = frozenset({FETCH, JOIN_GROUP, SYNC_GROUP})
DECODED_BYTES = 1 << 13  # of a longer answer only the header is read
_LIMITS = BrokerSettings()
_RESPONSES: Any = ResponseClassRegistry


class WrongAnswerError(Exception):
    """The broker did what it must not do; the text says what, and to which frames."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the broker cuts it out of the stream; `frame` is the one in which it begins."""

    frame: Frame
    data: bytes
    api_key: int
    version: int
    correlation_id: int
    may_be_silent: bool

    @property
    def parks(self) -> bool:
        return self.api_key in PARKING


@dataclass(frozen=True, slots=True)
class Cut:
    """A stream in its requests. `is_out_of_bounds`: a length ends the connection before all of them are handled."""

    requests: list[Request]
    rest: Frame | None
    is_out_of_bounds: bool


def cut(frames: list[Frame], sent: bytes) -> Cut:
    """The requests in `sent`, which are the bytes of `frames`; `rest` is the frame whose request is incomplete."""
    starts = _starts(frames)
    requests: list[Request] = []
    position = 0
    first, end = next(starts)
    while len(sent) - position >= SIZE.size:
        while position >= end:
            first, end = next(starts)
        (size,) = SIZE.unpack_from(sent, position)
        is_produce = sent[position + 4 : position + 6] == b"\x00\x00"
        limit = _LIMITS.max_request_bytes if is_produce else _LIMITS.max_other_request_bytes
        if not 0 <= size <= limit:
            return Cut(requests, first, is_out_of_bounds=True)
        following = position + SIZE.size + size
        if following > len(sent):
            break
        requests.append(_request(first, sent[position + SIZE.size : following]))
        position = following
    if position == len(sent):
        return Cut(requests, None, is_out_of_bounds=False)
    while position >= end:
        first, end = next(starts)
    return Cut(requests, first, is_out_of_bounds=False)


def _starts(frames: list[Frame]) -> Iterator[tuple[Frame, int]]:
    """Each frame and where it ends in the stream."""
    end = 0
    for frame in frames:
        end += len(frame.data)
        yield frame, end


def _request(frame: Frame, data: bytes) -> Request:
    api_key, version, correlation_id = BEGINNING.unpack_from(data.ljust(BEGINNING.size, b"\0"))
    return Request(frame, data, api_key, version, correlation_id, may_be_silent=api_key == PRODUCE)


def check_answer(waiting: deque[Request], answer: bytes, codes: Counter[int]) -> tuple[Request, Any]:
    """Take the request that `answer` belongs to from those that wait; WrongAnswerError unless it is the next.

    Produce may have asked for no answer. The answer is decoded, and its error codes are counted; it is None
    beside the request if it is too long for that.
    """
    correlation_id = int.from_bytes(answer[:4], "big", signed=True)
    while waiting and waiting[0].correlation_id != correlation_id and waiting[0].may_be_silent:
        waiting.popleft()
    if not waiting or waiting[0].correlation_id != correlation_id:
        wanted = waiting[0].correlation_id if waiting else "none"
        raise WrongAnswerError(f"an answer has correlation id {correlation_id}, wanted: {wanted}")
    request = waiting.popleft()
    if len(answer) > DECODED_BYTES:
        return request, None
    return request, _decoded(request, answer, codes)


def _decoded(request: Request, answer: bytes, codes: Counter[int]) -> Any:
    api = APIS.get(request.api_key)
    if api is None:
        raise WrongAnswerError(f"an API that there is not is answered: {request.api_key}")
    version = request.version
    if not api.min_version <= version <= api.max_version:
        version = 0
        if request.api_key != API_VERSIONS:
            raise WrongAnswerError(f"API {api.key} is answered in version {request.version}, which is not announced")
    response_class = _RESPONSES._response_class_registry[request.api_key]
    try:
        response = response_class.decode(answer, version=version, header=True)
    except Exception as error:
        raise WrongAnswerError(f"an answer of API {api.key} version {version} cannot be read: {error!r}") from error
    codes.update(_error_codes(response.to_dict(json=False)))
    return response


def _error_codes(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("error_code"):
                yield inner
            else:
                yield from _error_codes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _error_codes(inner)
