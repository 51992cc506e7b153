"""JoinGroup: become a member, or join again in a rebalance; answered when the join phase ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import JoinGroupResponse

from tui.broker.api import Api, RequestContext
from tui.broker.groups.calls import Identity, Join, Joined
from tui.broker.groups.parking import answered

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_REBALANCE_TIMEOUT_SINCE = 1
_MEMBER_ID_REQUIRED_SINCE = 4
_NULLABLE_PROTOCOL_SINCE = 7
_SKIP_ASSIGNMENT_SINCE = 9


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    call = _call(request, context)
    joined = await answered(partial(broker.groups.join, request.group_id, call), context.closed)
    return None if joined is None else _response(joined, context.api_version)


def _call(request: Any, context: RequestContext) -> Join:
    version = context.api_version
    timeout_ms = request.rebalance_timeout_ms if version >= _REBALANCE_TIMEOUT_SINCE else request.session_timeout_ms
    return Join(
        identity=Identity(request.member_id or "", request.group_instance_id),
        client_id=context.client_id or "",
        client_host=f"/{context.client_host}",
        session_timeout_s=request.session_timeout_ms / 1000,
        rebalance_timeout_s=max(timeout_ms, 0) / 1000,
        protocol_type=request.protocol_type or "",
        protocols={each.name or "": each.metadata or b"" for each in request.protocols or ()},
        member_id_required=version >= _MEMBER_ID_REQUIRED_SINCE,
        skip_assignment_supported=version >= _SKIP_ASSIGNMENT_SINCE,
    )


def _response(joined: Joined, version: int) -> Any:
    no_protocol = None if version >= _NULLABLE_PROTOCOL_SINCE else ""
    return JoinGroupResponse(
        error_code=joined.error,
        generation_id=joined.generation,
        protocol_type=joined.protocol_type,
        protocol_name=joined.protocol_name or no_protocol,
        leader=joined.leader,
        skip_assignment=joined.skip_assignment,
        member_id=joined.member_id,
        members=[
            JoinGroupResponse.JoinGroupResponseMember(
                member_id=member.identity.member_id,
                group_instance_id=member.identity.group_instance_id,
                metadata=member.metadata,
            )
            for member in joined.members
        ],
    )


API = Api(key=11, min_version=0, max_version=9, handle=handle)
