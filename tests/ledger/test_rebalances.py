"""The rebalance timeline: one entry for each change, with its cause and what moved."""

import pytest
from msgspec.structs import replace

from tests.ledger.builders import NOW
from tests.ledger.looks import ALONE, STANDS, rebalances, seen
from tui.events import Event, MembershipLost, PartitionsAssigned, WorkerState, WorkerStateChanged
from tui.group import Member
from tui.ledger.figures import Handover


def local(client_id: str, state: WorkerState = WorkerState.IDLE, at: float = NOW) -> WorkerStateChanged:
    return WorkerStateChanged(client_id, state, "", at)


def test_the_first_look_is_no_rebalance_and_neither_is_one_that_sees_the_same() -> None:
    assert rebalances(seen(STANDS), seen(STANDS, NOW + 1)) == ()


def test_a_worker_that_joins_is_named_with_what_moved_to_it() -> None:
    (entry,) = rebalances(
        seen(STANDS),
        seen({}, NOW + 1, state="PreparingRebalance"),
        seen({"client-0": (0, 3), "client-1": (1,), "client-2": (2,)}, NOW + 2),
    )
    assert (entry.cause, entry.at, entry.moved) == ("client-2 joined", NOW + 2, (2, 3))
    assert entry.handovers == (
        Handover("client-0", (0, 2), (0, 3)),
        Handover("client-1", (1, 3), (1,)),
        Handover("client-2", None, (2,)),
    )


@pytest.mark.parametrize(
    ("reported", "cause"),
    [
        ([local("client-1"), local("client-1", WorkerState.STOPPED)], "client-1 left"),
        ([local("client-1"), local("client-1", WorkerState.NO_BROKER)], "client-1 lost"),
        (
            [local("client-1"), MembershipLost("client-1", "heartbeat", 12.34, NOW)],
            "client-1 lost: no heartbeat for 12.3 s",
        ),
        (
            [local("client-1"), MembershipLost("client-1", "poll", 300.0, NOW)],
            "client-1 left: poll too late (after 300.0 s)",
        ),
        ([], "client-1 gone: unknown (foreign member)"),
    ],
)
def test_one_that_goes_left_or_was_lost_as_far_as_this_process_can_know(reported: list[Event], cause: str) -> None:
    (entry,) = rebalances(seen(STANDS), *reported, seen({"client-0": (0, 1, 2, 3)}, NOW + 1))
    assert entry.cause == cause
    assert entry.handovers[1] == Handover("client-1", (1, 3), None)


def killed(at: float) -> WorkerStateChanged:
    return local("client-1", WorkerState.KILLED, at)


def test_a_killed_worker_is_lost_after_the_time_from_the_kill_to_the_look_that_missed_it() -> None:
    (entry,) = rebalances(
        seen(STANDS),
        killed(NOW + 0.4),
        seen(STANDS, NOW + 9.6),
        seen(ALONE, NOW + 10.6, state="PreparingRebalance"),
        seen(ALONE, NOW + 11.6),
    )
    assert entry.cause == "client-1 lost: no heartbeat for 10.2 s (killed by you)"


def test_its_silence_begins_when_the_group_last_heard_of_it_not_when_it_was_killed() -> None:
    kill = WorkerStateChanged("client-1", WorkerState.KILLED, "", NOW + 0.4, heard_at=NOW - 0.1)
    (entry,) = rebalances(seen(STANDS), kill, seen(ALONE, NOW + 10.0))
    assert entry.cause == "client-1 lost: no heartbeat for 10.1 s (killed by you)"


def test_a_killed_worker_that_is_back_before_the_group_rests_is_one_entry() -> None:
    back = {"client-0": (0, 2), "client-1": (1, 3)}
    (entry,) = rebalances(
        seen(STANDS),
        killed(NOW),
        local("client-1", WorkerState.CONNECTING),
        seen(ALONE, NOW + 10.2, state="PreparingRebalance"),
        seen(back, NOW + 11, ids="b"),
    )
    assert entry.cause == "client-0 restarted, client-1 lost: no heartbeat for 10.2 s (killed by you), restarted"


def test_a_lost_worker_that_is_back_before_the_group_rests_joined_again_and_was_not_restarted() -> None:
    (entry,) = rebalances(
        seen(STANDS),
        local("client-1"),
        seen(ALONE, NOW + 10.2, state="PreparingRebalance"),
        MembershipLost("client-1", "heartbeat", 10.4, NOW + 10.5),
        replace(
            seen(STANDS, NOW + 11),
            members=(*seen({"client-0": (0, 2)}).members, Member("client-1-b", "client-1", "/h", (1, 3))),
        ),
    )
    assert entry.cause == "client-1 lost: no heartbeat for 10.4 s, joined again"


def test_a_kill_explains_one_entry_and_no_later_one() -> None:
    again = seen(STANDS, NOW + 12)
    newest, joined, _ = rebalances(
        seen(STANDS), killed(NOW), seen(ALONE, NOW + 11), local("client-1"), again,
        local("client-1", WorkerState.STOPPED), seen(ALONE, NOW + 13),
    )  # fmt: skip
    assert (joined.cause, newest.cause) == ("client-1 joined", "client-1 left")


def test_a_worker_that_was_killed_before_a_look_saw_it_join_is_lost_by_the_hand_of_who_killed_it() -> None:
    lost, joined = rebalances(seen(ALONE), killed(NOW + 1), seen(STANDS, NOW + 1.2), seen(ALONE, NOW + 11.2))
    assert (joined.cause, lost.cause) == ("client-1 joined", "client-1 lost: no heartbeat for 10.2 s (killed by you)")


def test_each_kill_explains_the_loss_of_the_member_that_it_met() -> None:
    """The second comes while the group waits for what the first one left behind."""
    second = seen({"client-0": (0, 2)}, NOW + 14)
    again, first = rebalances(
        seen(STANDS),
        killed(NOW),
        local("client-1", WorkerState.JOINING, NOW + 9),
        seen(ALONE, NOW + 10, state="PreparingRebalance"),
        killed(NOW + 12),
        replace(second, members=(*second.members, Member("client-1-b", "client-1", "/h", (1, 3)))),
        seen(ALONE, NOW + 22.5),
    )
    assert first.cause == "client-1 lost: no heartbeat for 10.0 s (killed by you), restarted"
    assert again.cause == "client-1 lost: no heartbeat for 10.5 s (killed by you)"


def test_a_kill_that_the_group_never_saw_explains_nothing_later() -> None:
    (entry,) = rebalances(
        killed(NOW - 9),
        local("client-1"),
        seen(STANDS),
        seen(STANDS, NOW + 1),
        local("client-1", WorkerState.STOPPED),
        seen(ALONE, NOW + 2),
    )
    assert entry.cause == "client-1 left"


def test_a_worker_that_restarts_is_one_entry_though_the_group_rests_without_it_meanwhile() -> None:
    states = (WorkerState.STOPPING, WorkerState.STOPPED, WorkerState.CONNECTING, WorkerState.JOINING)
    restarting = [local("client-1", state) for state in states]
    back = seen({"client-0": (0, 2)}, NOW + 2)
    members = (*back.members, Member("client-1-b", "client-1", "/h", (1, 3)))
    (entry,) = rebalances(seen(STANDS), *restarting, seen(ALONE, NOW + 1), replace(back, members=members))
    assert (entry.cause, entry.moved) == ("client-1 restarted", ())


def test_a_worker_that_does_not_come_back_is_lost_after_a_while() -> None:
    looks = [seen(ALONE, NOW + second) for second in range(1, 20)]
    (entry,) = rebalances(seen(STANDS), local("client-1", WorkerState.JOINING), *looks)
    assert (entry.cause, entry.at) == ("client-1 lost", NOW + 16)


def test_a_worker_that_is_missing_is_given_time_to_say_why() -> None:
    (entry,) = rebalances(
        seen(STANDS),
        local("client-1"),
        seen(ALONE, NOW + 1),
        MembershipLost("client-1", "heartbeat", 15.0, NOW + 1.5),
        seen(ALONE, NOW + 2),
    )
    assert entry.cause == "client-1 lost: no heartbeat for 15.0 s"
    (entry,) = rebalances(seen(STANDS), local("client-1"), *(seen(ALONE, NOW + second) for second in range(1, 6)))
    assert (entry.cause, entry.at) == ("client-1 lost", NOW + 4)


def test_a_group_that_everybody_left_is_an_entry_too() -> None:
    left = [local(name, WorkerState.STOPPED) for name in STANDS]
    (entry,) = rebalances(seen(STANDS), *left, seen({}, NOW + 1, state="Empty"))
    assert (entry.cause, entry.moved) == ("client-0, client-1 left", (0, 1, 2, 3))


def test_the_same_client_id_with_another_member_id_was_restarted() -> None:
    (entry,) = rebalances(seen(STANDS), seen(STANDS, NOW + 1, ids="b"))
    assert (entry.cause, entry.moved) == ("client-0, client-1 restarted", ())


def test_new_partitions_are_a_cause() -> None:
    more = {"client-0": (0, 2, 4), "client-1": (1, 3, 5)}
    (entry,) = rebalances(seen(STANDS), seen(more, NOW + 1, count=6))
    assert (entry.cause, entry.moved) == ("partitions 4 → 6", (4, 5))


def test_a_change_that_nothing_explains_is_not_explained() -> None:
    swapped = {"client-0": (1, 3), "client-1": (0, 2)}
    assert [entry.cause for entry in rebalances(seen(STANDS), seen(swapped))] == ["unknown (foreign member)"]
    ours = [local(name) for name in STANDS]
    assert [entry.cause for entry in rebalances(*ours, seen(STANDS), seen(swapped))] == ["shared anew"]


def test_several_causes_within_one_look_are_one_entry() -> None:
    names = {f"client-{number}": (number,) for number in range(4)}
    (entry,) = rebalances(seen({}, state="Empty"), seen({**names, "client-10": ()}, NOW + 1))
    assert entry.cause == "client-0, client-1, client-2 and 2 more joined"


def test_the_generation_is_what_a_member_here_knows_also_if_it_tells_it_later() -> None:
    alone = {"client-0": (0, 1, 2, 3)}
    older, newer = PartitionsAssigned("client-0", 7, {}, NOW), PartitionsAssigned("client-0", 8, {}, NOW)
    newest, before = rebalances(seen({}, state="Empty"), older, seen(alone, NOW + 1), seen(STANDS, NOW + 2), newer)
    assert (before.generation, newest.generation) == (7, 8)
    assert [entry.generation for entry in rebalances(seen(alone), seen(STANDS))] == [None]


def test_a_group_without_members_has_a_generation_that_nobody_knows() -> None:
    first, second = PartitionsAssigned("client-0", 7, {}, NOW), PartitionsAssigned("client-0", 9, {}, NOW + 2)
    empty = seen({}, NOW + 1, state="Empty")
    newest, gone = rebalances(first, seen(ALONE), empty, second, seen(ALONE, NOW + 2.1))
    assert (gone.generation, newest.generation) == (None, 9)


def test_a_generation_that_comes_long_after_an_entry_is_that_of_the_next_one() -> None:
    first = PartitionsAssigned("client-0", 7, {}, NOW + 0.9)
    second = PartitionsAssigned("client-0", 8, {}, NOW + 11)
    newest, before = rebalances(seen(ALONE), first, seen(STANDS, NOW + 1), second, seen(ALONE, NOW + 12))
    assert (before.generation, newest.generation) == (7, 8)


def test_an_entry_keeps_its_generation_when_the_next_one_comes_soon() -> None:
    crowd = {**STANDS, "client-2": ()}
    newest, before = rebalances(
        seen(STANDS),
        PartitionsAssigned("client-0", 7, {}, NOW + 0.5),
        seen(crowd, NOW + 0.6),
        PartitionsAssigned("client-0", 8, {}, NOW + 1.5),
        seen(STANDS, NOW + 1.6),
    )
    assert (before.generation, newest.generation) == (7, 8)


def test_a_generation_that_changed_nothing_is_not_that_of_a_change_seen_before_its_members_tell() -> None:
    newest, *_ = rebalances(
        seen(STANDS),
        PartitionsAssigned("client-0", 7, {}, NOW + 0.5),
        seen(STANDS, NOW + 1),
        seen(STANDS, NOW + 2),
        seen(ALONE, NOW + 3),
        PartitionsAssigned("client-0", 8, {}, NOW + 3.1),
    )
    assert newest.generation == 8


def test_an_entry_is_of_the_moment_at_which_a_worker_here_had_its_partitions() -> None:
    """The look comes later: what was answered meanwhile was answered by the new owners."""
    (entry,) = rebalances(seen(STANDS), PartitionsAssigned("client-0", 7, {}, NOW + 0.5), seen(ALONE, NOW + 0.9))
    assert entry.at == NOW + 0.5
    early = PartitionsAssigned("client-0", 7, {}, NOW - 1)
    assert rebalances(early, seen(STANDS), seen(ALONE, NOW + 0.9))[0].at == NOW + 0.9
