"""Our own requests are remembered in runs: where each was stored and when, in bounded memory."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from tui.ledger.own_requests import OwnRequest, OwnRequests, Stored


def test_a_request_is_found_by_its_place_and_by_its_id() -> None:
    own = OwnRequests("me")
    own.asked(0, 8, None, 10.0)
    own.stored([1, 3, 5, 7], 2, 40, 11.0)
    there = OwnRequest(5, 10.0, None, Stored(2, 42, 11.0))
    assert own.find(2, 42, "me-5") == own.find(2, 42, "not-ours") == there
    assert own.find(3, 99, "me-5") == there, "the same id elsewhere: ours is where it was stored"


def test_what_others_sent_is_not_ours() -> None:
    own = OwnRequests("me")
    own.asked(0, 1, None, 10.0)
    own.stored([0], 0, 0, 11.0)
    for request_id in (None, "me", "me-", "me-x", "me-٣", "mee-0", "you-0", "me-" + "9" * 40):
        assert own.find(0, 1, request_id) is None


def test_a_partition_chosen_by_hand_is_remembered_and_partition_0_is_one() -> None:
    own = OwnRequests("me")
    own.asked(0, 2, 0, 10.0)
    own.asked(2, 1, None, 12.0)
    assert own.find(0, 9, "me-1") == OwnRequest(1, 10.0, 0, None)
    assert own.find(0, 9, "me-2") == OwnRequest(2, 12.0, None, None)


def test_of_a_topic_that_was_made_anew_the_latest_request_counts() -> None:
    own = OwnRequests("me", most=2)
    for number, at in ((0, 1.0), (1, 2.0), (2, 3.0)):
        own.stored([number], 0, 5, at)
    found = own.find(0, 5, None)
    assert found is not None
    assert (found.number, found.stored) == (2, Stored(0, 5, 3.0))


def test_the_oldest_are_forgotten_and_said_to_be() -> None:
    own = OwnRequests("me", most=10)
    for number in range(100):
        own.asked(number, 1, None, float(number))
        own.stored([number], 0, number, float(number))
    assert own.find(0, 99, "me-99") == OwnRequest(99, 99.0, None, Stored(0, 99, 99.0))
    assert own.find(0, 89, "me-89") == OwnRequest(89, None, None, None)


def test_a_hundred_thousand_single_requests_take_a_few_megabytes_and_a_million_no_more() -> None:
    own = OwnRequests("me")
    for number in range(250_000):
        own.asked(number, 1, None, 1.0)
        own.stored([number], number % 4, number // 4, 1.0)
    taken = sum(sys.getsizeof(part._bytes) for part in (own._asked, own._stored))
    assert taken < 8_000_000


@given(st.lists(st.lists(st.integers(0, 60), max_size=12), max_size=6))
def test_every_number_is_found_where_its_batch_was_stored(batches: list[list[int]]) -> None:
    own = OwnRequests("me")
    unused = iter(range(1_000))
    expected: list[tuple[int, int, int]] = []
    for partition, gaps in enumerate(batches):
        numbers = [number for gap in gaps for number in [next(unused) for _ in range(1 + gap % 4)][-1:]]
        own.stored(numbers, partition, 100 * partition, 1.0)
        expected += [(number, partition, 100 * partition + index) for index, number in enumerate(numbers)]
    for number, partition, offset in expected:
        place = Stored(partition, offset, 1.0)
        assert own.find(partition, offset, None) == own.find(77, 0, f"me-{number}")
        assert own.find(partition, offset, None) == OwnRequest(number, None, None, place)
