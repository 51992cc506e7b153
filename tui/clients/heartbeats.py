"""Lets a member of a group look for another coordinator before its session is over."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import RequestTimedOutError
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.protocol.group import HeartbeatRequest

Send = Callable[..., Awaitable[Any]]


_SHARE = 1 / 3  # so that there is time to ask who is the coordinator now, and to ask once more


def hurry(client: Any, session_timeout_s: float) -> None:
    """Let a heartbeat, and the question for the coordinator, wait no longer than a third of the session.

    `client` is the one of a member. Its other requests keep its time-out, for a fetch may take long. A request that
    nobody waits for any more is left to aiokafka, which closes the connection when that time-out is over, too.
    """
    send: Send = client.send
    within_s = session_timeout_s * _SHARE

    async def hurried(node_id: int, request: object, **options: Any) -> Any:
        if not isinstance(request, HeartbeatRequest | FindCoordinatorRequest):
            return await send(node_id, request, **options)
        asking = asyncio.ensure_future(send(node_id, request, **options))
        try:
            await asyncio.wait([asking], timeout=within_s)
        except asyncio.CancelledError:
            asking.cancel()
            raise
        if not asking.done():
            asking.add_done_callback(_seen)
            raise RequestTimedOutError(f"no answer within {within_s:.1f} s")
        return asking.result()

    client.send = hurried


def _seen(asking: "asyncio.Future[Any]") -> None:
    """Nobody waits for it any more; else its error would be reported as never retrieved."""
    if not asking.cancelled():
        asking.exception()
