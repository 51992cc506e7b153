"""From the bytes of a request to the bytes of its answer: finds the API, decodes, handles, encodes."""

from __future__ import annotations

import re
import struct
from types import ModuleType
from typing import TYPE_CHECKING, Any

import kafka.protocol.admin
import kafka.protocol.consumer
import kafka.protocol.metadata
import kafka.protocol.producer

from tui.broker import frames
from tui.broker.api import Api, RequestContext
from tui.broker.apis import APIS
from tui.broker.errors import CloseConnection
from tui.broker.frames import Header
from tui.broker.hooks import Close
from tui.broker.nulls import count_elements, has_forbidden_null

if TYPE_CHECKING:
    from tui.broker.broker import Broker

PRODUCE = 0
API_VERSIONS = 18

#: A varint of the compact types ends with a byte below 0x80, and kafka.protocol reads it however long it is,
#: in quadratic time. Outside Produce (spoken here in versions without them) no field needs so
#: long a run of others.
ENDLESS_VARINT = re.compile(rb"[\x80-\xff]{1024}")

#: Elements of all lists in one request, but for Produce: it may name every partition there can be, and its topic.
#: What a request costs grows with them, and all others wait meanwhile.
MAX_ELEMENTS = 20_000


def _request_classes(*modules: ModuleType) -> dict[int, Any]:
    exported = (getattr(module, name) for module in modules for name in module.__all__ if name.endswith("Request"))
    return {request.API_KEY: request for request in exported}


REQUESTS = _request_classes(
    kafka.protocol.admin, kafka.protocol.consumer, kafka.protocol.metadata, kafka.protocol.producer
)


async def answer(broker: Broker, frame: bytes, context: RequestContext, header: Header) -> bytes | None:
    """The framed response, None where the protocol has none; CloseConnection for what cannot be answered."""
    api = APIS.get(header.api_key)
    if api is None:
        raise CloseConnection(f"unknown API {header.api_key}")
    if not api.min_version <= header.api_version <= api.max_version:
        if header.api_key != API_VERSIONS:
            raise CloseConnection(f"API {header.api_key} has no version {header.api_version} here")
        request, version = None, 0
    else:
        request, version = decode(frame, header), header.api_version
    response = await _handled(broker, api, request, context)
    if response is None:
        return None
    response.API_VERSION = version
    response.with_header(correlation_id=header.correlation_id)
    encoded: bytes = response.encode(header=True, framed=True)
    return encoded


def decode(frame: bytes, header: Header) -> Any:
    """The request as kafka.protocol has it; CloseConnection if it is none."""
    request_class = REQUESTS[header.api_key]
    if header.api_key != PRODUCE and ENDLESS_VARINT.search(frame):
        raise CloseConnection("a varint without an end")
    try:
        start = header.end
        if request_class.flexible_version_q(header.api_version):
            start = frames.skip_tags(frame, start)
        request = request_class.decode(memoryview(frame)[start:], version=header.api_version)
    except (struct.error, IndexError, ValueError, OverflowError, AssertionError) as error:
        raise CloseConnection(f"malformed request of API {header.api_key}: {error}") from error
    if has_forbidden_null(request, request_class, header.api_version):
        raise CloseConnection(f"null in a request of API {header.api_key} where the protocol has none")
    # An element takes a byte or more, so only a long request can have too many.
    if header.api_key != PRODUCE and len(frame) > MAX_ELEMENTS:
        count = count_elements(request, request_class, header.api_version)
        if count > MAX_ELEMENTS:
            raise CloseConnection(f"a request of API {header.api_key} with {count} elements")
    return request


async def _handled(broker: Broker, api: Api, request: Any, context: RequestContext) -> Any:
    for hook in broker.hooks:
        verdict = await hook(context, api.key, request)
        if isinstance(verdict, Close):
            raise CloseConnection("closed by a hook")
        if verdict is not None:
            return verdict
    return await api.handle(broker, request, context)
