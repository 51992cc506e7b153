"""Requests of other programs are known by their place, as long as it is in the same topic."""

from tests.ledger.builders import NOW, received, result
from tui.ledger.ledger import Ledger
from tui.ledger.positions import Positions


def test_a_request_is_new_once_and_one_that_was_overtaken_as_well() -> None:
    positions = Positions()
    assert [positions.add(0, offset, NOW) for offset in (0, 2, 2, 1, 1)] == [True, True, False, True, False]
    assert positions.add(1, 2, NOW)


def test_a_place_of_a_topic_that_was_made_anew_was_never_answered() -> None:
    positions = Positions()
    for offset in range(100):
        positions.add(0, offset, NOW + offset / 100)
    assert not positions.add(0, 0, NOW), "it was delivered again"
    assert [positions.add(0, offset, NOW + 5 + offset) for offset in (0, 1, 1)] == [True, True, False]


def test_clocks_of_senders_that_differ_a_little_make_no_topic_new() -> None:
    positions = Positions()
    assert positions.add(0, 0, NOW + 0.2)
    assert positions.add(0, 1, NOW)
    assert not positions.add(0, 0, NOW + 0.2)


def test_without_times_nothing_is_taken_for_another_topic() -> None:
    positions = Positions()
    assert positions.add(0, 0, None)
    assert not positions.add(0, 0, NOW)
    assert positions.add(0, 1, NOW)
    assert not positions.add(0, 1, None)


def test_the_partitions_known_are_bounded() -> None:
    positions = Positions()
    for partition in range(2_000):
        positions.add(partition, 0, NOW)
    assert positions.add(0, 0, NOW), "it was forgotten"
    assert not positions.add(1_999, 0, NOW)


def test_what_others_send_to_a_topic_made_anew_is_not_counted_as_again() -> None:
    ledger = Ledger("me")
    for sent_at in (NOW, NOW + 5):
        ledger.apply(received(*(result(f"x-{n}-{sent_at}", offset=n, sent_at=sent_at) for n in range(3))))
    books = ledger.accounting()
    assert (books.others_done, books.again) == (6, 0)
