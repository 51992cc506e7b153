"""For tests: hooks that observe, delay, answer or cut off requests before the broker handles them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tui.broker.api import RequestContext


@dataclass(frozen=True, slots=True)
class Close:
    """A hook's verdict: close the connection instead of answering."""


#: Called with the context, the API key and the decoded request (None for an unknown ApiVersions version).
#: Returning None passes the request on, a response of `kafka.protocol` is sent as the answer, and what it
#: awaits delays the request.
Hook = Callable[[RequestContext, int, Any], Awaitable[Any]]
