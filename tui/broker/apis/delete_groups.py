"""DeleteGroups: forget groups without members, with all their offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DeleteGroupsResponse

from tui.broker.api import Api, RequestContext

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    return DeleteGroupsResponse(
        results=[
            DeleteGroupsResponse.DeletableGroupResult(group_id=group_id, error_code=broker.groups.delete(group_id))
            for group_id in request.groups_names or ()
        ]
    )


API = Api(key=42, min_version=0, max_version=2, handle=handle)
