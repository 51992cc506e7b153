"""What a JoinGroup means for the group in the state it is in."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import Join, JoinAnswer, Joined
from tui.broker.groups.group import Group
from tui.broker.groups.member import Member
from tui.broker.groups.rebalance import GroupState

# A member id is this much of the client's name and a UUID: strings of older encodings end at 32,767 bytes.
_NAME_CHARS_IN_MEMBER_ID = 255


def join(group: Group, call: Join, answer: JoinAnswer) -> None:
    """Answer a JoinGroup, now or at the end of the rebalance it takes part in (KIP-394, KIP-345, KIP-814)."""
    member_id = call.identity.member_id
    if not group.members.supports(call.protocol_type, call.protocols):
        answer(Joined(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, member_id))
    elif member_id == "":
        _join_unnamed(group, call, answer)
    elif group.members.is_pending(member_id) and call.identity.group_instance_id is None:
        group.admit(member_id, call, answer)
    else:
        member = group.members.find(call.identity)
        if isinstance(member, Member):
            _rejoin(group, member, call, answer)
        else:
            answer(Joined(member, member_id))


def _join_unnamed(group: Group, call: Join, answer: JoinAnswer) -> None:
    instance_id = call.identity.group_instance_id
    member_id = f"{(instance_id or call.client_id)[:_NAME_CHARS_IN_MEMBER_ID]}-{uuid.uuid4()}"
    predecessor = group.members.static_member(instance_id)
    if predecessor is not None:
        _replace(group, predecessor, member_id, call, answer)
    elif len(group.members) + group.members.pending_count >= group.settings.max_group_size:
        answer(Joined(ErrorCode.GROUP_MAX_SIZE_REACHED, ""))
    elif call.member_id_required and instance_id is None:
        group.expect(member_id, call.session_timeout_s)
        answer(Joined(ErrorCode.MEMBER_ID_REQUIRED, member_id))
    else:
        group.admit(member_id, call, answer)


def _rejoin(group: Group, member: Member, call: Join, answer: JoinAnswer) -> None:
    same_metadata = member.offers(call.protocols)
    leads = member.member_id == group.members.leader_id
    group.renew(member, call)
    answered_early = group.state is GroupState.COMPLETING_REBALANCE or (group.state is GroupState.STABLE and not leads)
    if same_metadata and answered_early:
        answer(group.rebalance.current_generation(member))
    else:
        group.rebalance.park_join(member, answer)


def _replace(group: Group, member: Member, member_id: str, call: Join, answer: JoinAnswer) -> None:
    same_metadata = member.offers(call.protocols)
    old_id = member.member_id
    led = old_id == group.members.leader_id
    group.rebalance.rename(member, member_id)
    group.renew(member, call)
    if not (same_metadata and group.state is GroupState.STABLE):
        group.rebalance.park_join(member, answer)
        return
    current = group.rebalance.current_generation(member)
    if not led:
        answer(current)
    elif call.skip_assignment_supported:
        answer(replace(current, skip_assignment=True))
    else:
        # It cannot skip the assignment, so it must not take itself for the leader: a stable group ignores it.
        answer(replace(current, leader=old_id, members=()))
