"""Lets a member of a group look for another coordinator before its session is over, and feels its pulse."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import NoError, RequestTimedOutError, UnknownMemberIdError
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.protocol.group import HeartbeatRequest, LeaveGroupRequest

from tui.clients.pulse import Pulse

Send = Callable[..., Awaitable[Any]]


_SHARE = 1 / 3  # so that there is time to ask who is the coordinator now, and to ask once more


def hurry(client: Any, session_timeout_s: float, pulse: Pulse | None = None) -> None:
    """Let a heartbeat, and the question for the coordinator, wait no longer than a third of the session.

    `client` is the one of a member. Its other requests keep its time-out, for a fetch may take long. A request that
    nobody waits for any more is left to aiokafka, which closes the connection when that time-out is over, too.
    `pulse` learns what the coordinator answers to heartbeats, and of a LeaveGroup.
    """
    send: Send = client.send
    within_s = session_timeout_s * _SHARE

    async def hurried(node_id: int, request: object, **options: Any) -> Any:
        if pulse is not None and isinstance(request, LeaveGroupRequest):
            pulse.left()
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
        answer = asking.result()
        if pulse is not None and isinstance(request, HeartbeatRequest):
            _feel(pulse, answer.error_code)
        return answer

    client.send = hurried


def _feel(pulse: Pulse, error_code: int) -> None:
    if error_code == NoError.errno:
        pulse.heard()
    elif error_code == UnknownMemberIdError.errno:
        pulse.given_up()


def _seen(asking: "asyncio.Future[Any]") -> None:
    """Nobody waits for it any more; else its error would be reported as never retrieved."""
    if not asking.cancelled():
        asking.exception()
