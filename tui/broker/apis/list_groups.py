"""ListGroups: all groups of the broker, or those in given states (KIP-518) and of given types (KIP-848)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import ListGroupsResponse

from tui.broker.api import Api, RequestContext

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_CLASSIC = "classic"


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    states = {state.lower() for state in request.states_filter or ()}
    types = {group_type.lower() for group_type in request.types_filter or ()}
    return ListGroupsResponse(
        groups=[
            ListGroupsResponse.ListedGroup(
                group_id=group.group_id,
                protocol_type=group.members.protocol_type,
                group_state=group.state,
                group_type=_CLASSIC,
            )
            for group in broker.groups
            if (not states or group.state.lower() in states) and (not types or _CLASSIC in types)
        ]
    )


API = Api(key=16, min_version=0, max_version=5, handle=handle)
