"""Cuts the bytes of a connection into requests, and reads a request's header."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from kafka.protocol.api_header import RequestHeader

from tui.broker.errors import CloseConnection

SIZE = struct.Struct(">i")
FIXED_HEADER = struct.Struct(">hhih")  # api key, version, correlation id, length of the client id
PRODUCE = 0

_decode_header: Callable[..., Any] = RequestHeader.decode


class Header(NamedTuple):
    """A request header of version 1, which every later one begins with. The body of a request starts at `end`
    unless its version is a flexible one: then tagged fields come before (see skip_tags)."""

    api_key: int
    api_version: int
    correlation_id: int
    client_id: str | None
    end: int


def read_header(frame: bytes) -> Header:
    """CloseConnection for what is no request header."""
    try:
        api_key, api_version, correlation_id, length = FIXED_HEADER.unpack_from(frame)
        end = FIXED_HEADER.size + max(length, 0)
        if end > len(frame):
            raise CloseConnection("the request header is cut off")
        client_id = None if length < 0 else frame[FIXED_HEADER.size : end].decode()
    except (struct.error, UnicodeDecodeError) as error:
        raise CloseConnection(f"not a Kafka request header: {error}") from error
    return Header(api_key, api_version, correlation_id, client_id, end)


def skip_tags(frame: bytes, position: int) -> int:
    """Where the body of a flexible request starts, whose header 1 part ends at `position`."""
    if frame[position] == 0:
        return position + 1
    stream = io.BytesIO(frame)
    _decode_header(stream, flexible=True)
    return stream.tell()


class FrameBuffer:
    """Collects received bytes until requests are whole; never holds more than one incomplete request."""

    __slots__ = ("_buffer", "_max_other_bytes", "_max_produce_bytes")

    def __init__(self, max_produce_bytes: int, max_other_bytes: int) -> None:
        self._buffer = bytearray()
        self._max_produce_bytes = max_produce_bytes
        self._max_other_bytes = max_other_bytes

    def __len__(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """The requests that `data` completes, without their size; CloseConnection for one out of bounds."""
        if not self._buffer and len(data) >= SIZE.size:
            size = self._checked_size(data)
            if len(data) == SIZE.size + size:
                return [data[SIZE.size :]]
        self._buffer += data
        frames = []
        while len(self._buffer) >= SIZE.size:
            end = SIZE.size + self._checked_size(self._buffer)
            if len(self._buffer) < end:
                break
            with memoryview(self._buffer) as view:
                frames.append(bytes(view[SIZE.size : end]))
            del self._buffer[:end]
        return frames

    def _checked_size(self, data: bytes | bytearray) -> int:
        """The size of the request that `data` starts with; only Produce, told by its key, may be large."""
        size: int = SIZE.unpack_from(data)[0]
        small = 0 <= size <= self._max_other_bytes
        if small or (0 <= size <= self._max_produce_bytes and self._may_be_produce(data)):
            return size
        raise CloseConnection(f"a request of {size} bytes")

    @staticmethod
    def _may_be_produce(data: bytes | bytearray) -> bool:
        return len(data) < SIZE.size + 2 or int.from_bytes(data[4:6], "big") == PRODUCE
