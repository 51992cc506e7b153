"""Heartbeat: a member is alive, and learns whether it has to join again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import HeartbeatResponse

from tui.broker.api import Api, RequestContext
from tui.broker.groups.calls import Identity

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    identity = Identity(request.member_id or "", request.group_instance_id)
    return HeartbeatResponse(error_code=broker.groups.heartbeat(request.group_id, identity, request.generation_id))


API = Api(key=12, min_version=0, max_version=4, handle=handle)
