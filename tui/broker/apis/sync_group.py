"""SyncGroup: the leader hands in the assignments, every member gets its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import SyncGroupResponse

from tui.broker.api import Api, RequestContext
from tui.broker.groups.calls import Identity, Sync
from tui.broker.groups.parking import answered

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    call = Sync(
        identity=Identity(request.member_id or "", request.group_instance_id),
        generation=request.generation_id,
        protocol_type=request.protocol_type,
        protocol_name=request.protocol_name,
        assignments={each.member_id: each.assignment or b"" for each in request.assignments or ()},
    )
    synced = await answered(partial(broker.groups.sync, request.group_id, call), context.closed)
    if synced is None:
        return None
    return SyncGroupResponse(
        error_code=synced.error,
        protocol_type=synced.protocol_type,
        protocol_name=synced.protocol_name,
        assignment=synced.assignment,
    )


API = Api(key=14, min_version=0, max_version=5, handle=handle)
