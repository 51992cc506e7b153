"""LeaveGroup: one member goes, or (version 3 and later) several, also on behalf of an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import LeaveGroupResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import Identity

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_BATCHED_SINCE = 3


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    if not request.group_id:
        return LeaveGroupResponse(error_code=ErrorCode.INVALID_GROUP_ID)
    if context.api_version < _BATCHED_SINCE:
        error = broker.groups.leave(request.group_id, Identity(request.member_id or ""))
        return LeaveGroupResponse(error_code=error)
    return LeaveGroupResponse(
        members=[
            LeaveGroupResponse.MemberResponse(
                member_id=member.member_id,
                group_instance_id=member.group_instance_id,
                error_code=broker.groups.leave(
                    request.group_id, Identity(member.member_id or "", member.group_instance_id)
                ),
            )
            for member in request.members or ()
        ]
    )


API = Api(key=13, min_version=0, max_version=5, handle=handle)
