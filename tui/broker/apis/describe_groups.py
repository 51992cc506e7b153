"""DescribeGroups: state and members of groups; metadata and assignments while they are stable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeGroupsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.groups.group import Group
from tui.broker.groups.rebalance import GroupState

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_GROUP_ID_NOT_FOUND_SINCE = 6
_READ, _DELETE, _DESCRIBE = 3, 6, 8  # AclOperation codes: everybody may do everything to a group here

_Group = DescribeGroupsResponse.DescribedGroup


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    extra: dict[str, Any] = {}
    if request.include_authorized_operations:
        extra["authorized_operations"] = {_READ, _DELETE, _DESCRIBE}
    described = []
    for group_id in dict.fromkeys(request.groups or ()):
        group = broker.groups.get(group_id)
        if group is None:
            described.append(_unknown(group_id, context.api_version, extra))
        else:
            described.append(_described(group, extra))
    return DescribeGroupsResponse(groups=described)


def _unknown(group_id: str, version: int, extra: dict[str, Any]) -> Any:
    missing = version >= _GROUP_ID_NOT_FOUND_SINCE
    return _Group(
        error_code=ErrorCode.GROUP_ID_NOT_FOUND if missing else ErrorCode.NONE,
        error_message=f"Group {group_id} not found." if missing else None,
        group_id=group_id,
        group_state=GroupState.DEAD,
        members=[],
        **extra,
    )


def _described(group: Group, extra: dict[str, Any]) -> Any:
    protocol_name = group.rebalance.protocol_name if group.state is GroupState.STABLE else None
    return _Group(
        group_id=group.group_id,
        group_state=group.state,
        protocol_type=group.members.protocol_type,
        protocol_data=protocol_name or "",
        members=[
            _Group.DescribedGroupMember(
                member_id=member.member_id,
                group_instance_id=member.group_instance_id,
                client_id=member.client_id,
                client_host=member.client_host,
                member_metadata=b"" if protocol_name is None else member.protocols[protocol_name],
                member_assignment=b"" if protocol_name is None else member.assignment,
            )
            for member in group.members
        ],
        **extra,
    )


API = Api(key=15, min_version=0, max_version=6, handle=handle)
