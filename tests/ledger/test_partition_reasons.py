"""What is said about single partitions: no leader, requests without a key that crowd, a rebalance of the new kind."""

from msgspec.structs import replace

from tests.dashboard.seeded import partition
from tests.ledger.builders import NOW
from tui.ledger.figures import PartitionFigures
from tui.ledger.keyless import Keyless
from tui.ledger.partition_reasons import partition_reasons, stand_still

GROWS = partition(1, "client-1", lag=40, lag_per_s=20.0, in_per_s=30.0, out_per_s=10.0)
CALM = partition(0, "client-0")


def said(*rows: PartitionFigures, state: str | None = "Stable", keyless: Keyless | None = None) -> list[str]:
    crowded = (keyless or Keyless()).crowded(len(rows))
    return [reason.what for reason in partition_reasons(state, rows, crowded)]


def sent(*partitions: int) -> Keyless:
    """200 requests without a key to each of these partitions."""
    keyless = Keyless()
    for number in partitions:
        for _ in range(200):
            keyless.add(None, number, NOW)
    return keyless


def test_nothing_is_said_while_all_is_well_or_nothing_is_known() -> None:
    assert said(CALM, GROWS) == []
    assert said(partition(0, "", leader=None, end=None, lag=None), state=None) == []


def test_partitions_without_a_leader_are_named() -> None:
    rows = [partition(number, "", leader=None, end=None, lag=None) for number in range(5)]
    assert said(*rows) == ["p0, p1, p2 and 2 more have no leader: nobody can read or write there"]
    assert said(rows[0]) == ["p0 has no leader: nobody can read or write there"]


def test_chance_that_gives_one_of_many_partitions_some_more_is_no_crowd() -> None:
    keyless = Keyless()
    for number in range(64):
        for _ in range(9 if number == 1 else 3):
            keyless.add(None, number, NOW)
    assert keyless.crowded(64) == {}
    for _ in range(200):
        keyless.add(None, 1, NOW)
    assert keyless.crowded(64) == {1: 209 / 398}


def test_requests_without_a_key_that_crowd_in_a_partition_that_grows_were_sent_there() -> None:
    crowded = sent(1, 1, 1, 0)
    assert said(CALM, GROWS, partition(2, "client-0"), keyless=crowded) == [
        "75% of all requests have no key and name p1 as their partition"
    ]
    shrinks = replace(GROWS, lag_per_s=-5.0)
    assert said(CALM, shrinks, partition(2, "client-0"), keyless=crowded) == []


def test_requests_without_a_key_crowd_from_twice_their_fair_share_on() -> None:
    assert sent(0, 0, 1, 2).crowded(4) == {0: 0.5}
    assert sent(0, 0, 1, 2).crowded(3) == {}
    assert sent(0, 1).crowded(2) == {}
    assert sent(0).crowded(2) == {0: 1.0}
    assert sent(0).crowded(1) == {}


def test_a_few_requests_prove_nothing_and_those_with_a_key_have_no_choice() -> None:
    few, keyed = Keyless(), Keyless()
    for _ in range(99):
        few.add(None, 0, NOW)
        keyed.add(b"a", 0, NOW)
    keyed.add(None, 1, NOW)
    assert few.crowded(8) == {}
    assert keyed.crowded(8) == {}


def test_what_retention_deleted_is_one_sentence_for_all_partitions() -> None:
    rows = [partition(number, "client-0", begin=405) for number in range(5)]
    assert said(*rows) == ["p0 p1 p2 …: 25 requests were deleted by retention before anybody read them"]


def test_lanes_that_fail_for_the_same_cause_stand_still_in_one_sentence() -> None:
    troubles = {0: "no permission: Write topic", 1: "too large", 2: "no permission: Write topic"}
    assert [reason.what for reason in stand_still(troubles)] == [
        "p0 p2 stand still: no permission: Write topic",
        "p1 stands still: too large",
    ]


def test_in_the_new_protocol_a_rebalance_stops_only_what_moves() -> None:
    for state in ("Assigning", "Reconciling"):
        assert said(CALM, state=state) == [
            "rebalance under way: partitions change hands one by one, the others are read meanwhile"
        ]
