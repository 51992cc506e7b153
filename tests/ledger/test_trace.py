"""The way of one request is put together from what the ring, the acknowledgements and the rebalances tell, no more."""

import random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ledger.builders import NOW, received, result
from tui.events import DeadLetterReceived, ReceivedResult, RequestsAcknowledged, RequestsSent
from tui.ledger.dead_letters import DeadLetters
from tui.ledger.figures import Handover, Rebalance
from tui.ledger.ledger import Ledger
from tui.ledger.own_requests import Stored
from tui.ledger.ring import ResultRing
from tui.ledger.trace import Ahead, Delivery, Evidence, Refusal, trace


def answer(
    offset: int,
    *,
    partition: int = 1,
    sent_at: float | None = NOW,
    finished_at: float = NOW + 0.005,
    client_id: str = "client-1",
    attempt: int = 1,
    result_offset: int | None = None,
    request_id: str | None = None,
) -> ReceivedResult:
    """An answer that ran 2 ms."""
    made = result(request_id or f"you-{partition}-{offset}", client_id=client_id, partition=partition, offset=offset)
    message = replace(
        made.result, attempt=attempt, sent_at=sent_at, received_at=finished_at - 0.002, finished_at=finished_at
    )
    return replace(made, result=message, result_offset=offset if result_offset is None else result_offset)


def ring_of(*rows: ReceivedResult, capacity: int = 1_000) -> ResultRing:
    ring = ResultRing(capacity)
    ring.extend(rows)
    return ring


def read(ring: ResultRing, evidence: Evidence) -> Evidence:
    """All that the ring knows of it."""
    while evidence.read(ring, 3):
        pass
    return evidence


def ahead(*rows: ReceivedResult, of: ReceivedResult, capacity: int = 1_000) -> Ahead | None:
    return trace(read(ring_of(*rows, of, capacity=capacity), Evidence.of(of)), None, ()).ahead


def moved(at: float, partition: int = 1, to: str = "client-2", cause: str = "client-1 lost") -> Rebalance:
    return Rebalance(at, 8, cause, (Handover(to, (), (partition,)),), (partition,), (), 0)


def test_an_own_request_has_its_acknowledgement() -> None:
    ledger = Ledger("me")
    ledger.apply(RequestsSent(0, 6, NOW - 1, chosen=1))
    ledger.apply(RequestsAcknowledged([1, 3, 5], 1, 40, NOW + 0.004))
    row = answer(41, request_id="me-3")
    ledger.apply(received(row))
    known = trace(Evidence.of(row), ledger.own_requests.find(1, 41, "me-3"), ())
    assert known.own is not None
    assert (known.own.asked_at, known.own.chosen, known.own.stored) == (NOW - 1, 1, Stored(1, 41, NOW + 0.004))


def test_requests_of_the_partition_that_were_unanswered_when_it_was_sent_were_before_it() -> None:
    rows = [answer(offset, sent_at=NOW - 9, finished_at=NOW - 3 + offset) for offset in range(8)]
    others = [answer(offset, partition=2, finished_at=NOW + 1) for offset in range(8)]
    assert ahead(*rows, *others, of=answer(8, sent_at=NOW, finished_at=NOW + 6)) == Ahead(4, exact=True)


def test_with_nothing_before_it_nobody_was_ahead() -> None:
    assert ahead(of=answer(0)) == Ahead(0, exact=True)
    assert ahead(answer(0, finished_at=NOW - 1), of=answer(1)) == Ahead(0, exact=True)


def test_what_the_ring_dropped_or_never_saw_may_have_been_before_it() -> None:
    late = [answer(offset, finished_at=NOW + 0.001 * offset) for offset in range(1, 8)]
    assert ahead(*late, of=answer(8), capacity=4) == Ahead(3, exact=False)
    with_a_gap = [answer(3, finished_at=NOW - 1), *late[4:]]
    assert ahead(*with_a_gap, of=answer(8)) == Ahead(3, exact=False), "4 may be a dead letter, or the end of a batch"


def test_without_a_send_time_nobody_knows_who_was_ahead() -> None:
    assert ahead(answer(0), of=answer(1, sent_at=None)) is None


@given(st.integers(1, 30), st.integers(0, 30), st.randoms())
def test_whatever_the_order_of_the_rows_as_many_were_ahead_as_waited(
    count: int, done: int, order: random.Random
) -> None:
    done = min(done, count)
    rows = [answer(offset, finished_at=NOW + offset - done + 0.5) for offset in range(count)]
    rows += [answer(offset, finished_at=NOW + 99, attempt=2, result_offset=500 + offset) for offset in range(done)]
    order.shuffle(rows)
    assert ahead(*rows, of=answer(count, finished_at=NOW + 50)) == Ahead(count - done, exact=True)


def test_every_answer_to_it_is_a_delivery_and_the_rebalance_between_two_is_the_cause() -> None:
    first = answer(5, finished_at=NOW)
    second = answer(5, finished_at=NOW + 11, client_id="client-2", attempt=2, result_offset=900)
    third = answer(5, finished_at=NOW + 12, client_id="client-2", attempt=3, result_offset=901)
    lost = moved(NOW + 11.5)
    unlike = (moved(NOW - 20), moved(NOW + 11.1, partition=2), moved(NOW + 10.9, to="client-3"), moved(NOW + 60))
    evidence = read(ring_of(first, answer(6), third, second), Evidence.of(third))
    known = trace(evidence, None, (*unlike, lost))
    assert known.deliveries[:2] == (Delivery(first, None), Delivery(second, lost))
    assert known.deliveries[2].received == third


def test_a_rebalance_that_only_took_the_partition_away_is_better_than_none() -> None:
    gone = replace(moved(NOW + 5), handovers=(Handover("client-1", (1,), None),))
    rows = (answer(5, finished_at=NOW), answer(5, finished_at=NOW + 6, client_id="client-9", result_offset=9))
    known = trace(read(ring_of(*rows), Evidence.of(rows[1])), None, (gone,))
    assert known.deliveries[1].because == gone


def test_a_long_wait_has_the_rebalance_that_handed_the_partition_to_the_worker() -> None:
    lost = moved(NOW + 9.8, to="client-1")
    unlike = (moved(NOW - 1, to="client-1"), moved(NOW + 9, to="client-3"), moved(NOW + 9, partition=2, to="client-1"))
    waited = answer(5, finished_at=NOW + 10)
    assert trace(Evidence.of(waited), None, (*unlike, lost)).deliveries == (Delivery(waited, lost),)
    at_once = answer(5, finished_at=NOW + 0.5)
    assert trace(Evidence.of(at_once), None, (lost,)).deliveries[0].because is None


def test_a_later_answer_without_a_rebalance_has_no_cause() -> None:
    rows = (answer(5, finished_at=NOW), answer(5, finished_at=NOW + 6, attempt=2, result_offset=9))
    known = trace(read(ring_of(*rows), Evidence.of(rows[0])), None, (moved(NOW - 1), moved(NOW + 30)))
    assert [delivery.because for delivery in known.deliveries] == [None, None]


def test_the_same_id_elsewhere_is_another_record() -> None:
    row = answer(5, request_id="a")
    others = (answer(6, request_id="a"), answer(3, request_id="a"), answer(5, partition=2, request_id="a"))
    known = trace(read(ring_of(row, *others), Evidence.of(row)), None, ())
    assert len(known.deliveries) == 1
    assert known.namesakes == ((1, 3), (1, 6), (2, 5))


def test_another_request_at_the_same_place_of_a_topic_that_was_made_anew_is_no_answer_to_it() -> None:
    before, after = answer(7), answer(7, sent_at=NOW + 80, finished_at=NOW + 90, result_offset=1)
    for row in (before, after):
        known = trace(read(ring_of(before, after), Evidence.of(row)), None, ())
        assert [delivery.received for delivery in known.deliveries] == [row]


def test_of_a_flood_of_answers_some_are_kept_and_the_others_counted() -> None:
    rows = [answer(5, result_offset=offset) for offset in range(500)]
    known = trace(read(ring_of(*rows), Evidence.of(rows[0])), None, ())
    assert len(known.deliveries) + known.more == 500
    assert len(known.deliveries) < 100


def test_an_answer_that_the_ring_has_dropped_is_known_if_it_was_shown() -> None:
    row = answer(5)
    ring = ring_of(row, *(answer(offset) for offset in range(6, 30)), capacity=5)
    known = trace(read(ring, Evidence.of(row)), None, ())
    assert (len(known.deliveries), known.dropped) == (1, 20)


def test_what_comes_later_is_found_later_and_what_was_not_looked_at_is_counted() -> None:
    row = answer(5)
    ring = ring_of(row, *(answer(offset) for offset in range(6, 16)))
    evidence = Evidence.of(row)
    assert evidence.read(ring, 4)
    known = trace(evidence, None, ())
    assert (known.unseen, known.dropped, known.ahead) == (7, 0, None)
    read(ring, evidence)
    assert not evidence.read(ring)
    ring.extend([answer(5, finished_at=NOW + 3, attempt=2, result_offset=99)])
    assert evidence.read(ring)
    assert [delivery.received.result.attempt for delivery in trace(evidence, None, ()).deliveries] == [1, 2]


def test_a_place_without_any_answer_can_be_traced() -> None:
    known = trace(read(ring_of(answer(1), answer(2)), Evidence(1, 7)), None, ())
    assert (known.partition, known.offset, known.deliveries, known.own, known.ahead) == (1, 7, (), None, None)


def letter(offset: int, partition: int = 1, **changes: object) -> DeadLetterReceived:
    """A request refused 2 s after it was sent."""
    made = DeadLetterReceived(
        f"kcalc.requests/{partition}/{offset}", "not_json", partition, offset, "client-1", b"x", False, NOW + 3,
        topic="kcalc.requests", sent_at=NOW, refused_at=NOW + 2, letter_offset=offset,
    )  # fmt: skip
    return replace(made, **changes)


def test_a_dead_letter_can_be_traced_and_every_refusal_counts_with_its_rebalance() -> None:
    kept, lost = DeadLetters(), moved(NOW + 20)
    first, second = letter(5), letter(5, client_id="client-2", refused_at=NOW + 21, letter_offset=99)
    for each in (first, letter(6), second):
        kept.add(each)
    evidence = Evidence.of_letter(second)
    assert evidence.read_letters(kept, "kcalc.requests")
    assert not evidence.read_letters(kept, "kcalc.requests")
    known = trace(evidence, None, (lost,))
    assert known.refusals == (Refusal(first, None), Refusal(second, lost))
    assert (known.deliveries, known.sent_at, known.letters_dropped) == ((), NOW, 0)


def test_an_answer_after_a_refusal_is_told_in_the_order_of_time() -> None:
    kept = DeadLetters()
    kept.add(letter(5))
    evidence = read(ring_of(answer(5, finished_at=NOW + 9)), Evidence.of_letter(letter(5)))
    assert [type(end).__name__ for end in trace(evidence, None, ()).ends] == ["Refusal", "Delivery"]


def test_letters_that_had_to_make_room_are_counted() -> None:
    kept = DeadLetters(most=2)
    for offset in range(5):
        kept.add(letter(offset))
    evidence = Evidence.of(answer(9))
    evidence.read_letters(kept, "kcalc.requests")
    assert trace(evidence, None, ()).letters_dropped == 3


def test_dead_letters_before_it_were_before_it_too() -> None:
    kept = DeadLetters()
    kept.add(letter(0, refused_at=NOW - 1))
    kept.add(letter(1))
    evidence = Evidence.of_letter(letter(2))
    evidence.read_letters(kept, "kcalc.requests")
    assert evidence.ahead == Ahead(1, exact=True)
