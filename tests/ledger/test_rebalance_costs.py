"""What a rebalance cost: how long each partition stood still, what was answered once more, and flapping."""

import pytest
from msgspec.structs import replace

from tests.ledger.builders import NOW, received, result
from tests.ledger.looks import ALONE, STANDS, rebalances, seen
from tui.events import Event
from tui.ledger.ledger import Ledger
from tui.ledger.rebalances import Rebalances


def answer(partition: int, offset: int, sent_s: float, finished_s: float) -> Event:
    row = result(f"x{partition}-{offset}", partition=partition, offset=offset, sent_at=NOW + sent_s)
    return received(replace(row, result=replace(row.result, finished_at=NOW + finished_s)))


def test_a_partition_stood_still_from_its_last_answer_or_from_the_first_request_that_waited() -> None:
    (entry,) = rebalances(
        seen(STANDS),
        answer(0, 0, 0.0, 0.01), answer(1, 0, 0.0, 0.01), answer(2, 0, 0.0, 0.01), answer(3, 0, 0.0, 0.01),
        answer(0, 1, 0.0, 0.1),
        seen({"client-0": (0, 1, 2, 3)}, NOW + 1.5),
        answer(0, 2, 0.05, 1.9),  # waited all the time, behind the last answer
        answer(1, 1, 1.4, 1.9),  # came late
        answer(2, 1, 8.0, 8.1),  # nothing had waited
        answer(3, 1, 0.1, 0.11),  # never stood still
    )  # fmt: skip
    assert dict(entry.stood_still) == {0: pytest.approx(1.8), 1: pytest.approx(0.5)}


def test_how_long_a_partition_stood_still_stays_told_whatever_comes_later() -> None:
    stands_alone = {"client-0": (0, 1, 2, 3)}
    later = [answer(0, 2 + n, 2.0 + n, 2.9 + n) for n in range(500)]  # slow work: each one is a silence
    (entry,) = rebalances(
        seen(STANDS), answer(0, 0, 0.0, 0.01), answer(0, 1, 0.01, 1.6), seen(stands_alone, NOW + 1.5), *later,
        *(seen(stands_alone, NOW + 2.0 + second) for second in range(500)),
    )  # fmt: skip
    assert dict(entry.stood_still) == {0: pytest.approx(1.59)}


def test_a_silence_that_is_over_before_the_look_is_told_though_much_slow_work_followed() -> None:
    (entry,) = rebalances(
        seen(STANDS),
        answer(0, 7, 0.0, 0.01), answer(0, 8, 0.01, 0.9), *(answer(0, 9 + n, 0.1, 0.96 + n * 0.06) for n in range(30)),
        seen({"client-0": (0, 1, 2, 3)}, NOW + 3),
    )  # fmt: skip
    assert dict(entry.stood_still) == {0: pytest.approx(0.89)}


def test_a_new_partition_stood_still_from_its_first_request() -> None:
    (entry,) = rebalances(
        seen(ALONE), seen({"client-0": (0, 1, 2, 3, 4)}, NOW + 5), answer(4, 0, 0.5, 5.2), answer(1, 9, 0.5, 5.2)
    )
    assert dict(entry.stood_still) == {4: pytest.approx(4.7)}  # what p1 answered before offset 9 was never read


def test_answers_given_again_belong_to_the_rebalance_whose_look_comes_next() -> None:
    def twice(offset: int, finished_s: float) -> list[Event]:
        return [answer(0, offset, 0.0, finished_s), answer(0, offset, 0.0, finished_s)]

    newest, before = rebalances(
        *twice(1, -1.0), seen({}, state="Empty"), seen(STANDS, NOW + 1), *twice(2, 1.1), seen(STANDS, NOW + 2),
        *twice(3, 2.1), *twice(4, 2.2), seen(ALONE, NOW + 3),
    )  # fmt: skip
    assert (before.again, newest.again) == (1, 2)


def test_partitions_from_a_hostile_topic_do_not_grow_the_memory_without_bound() -> None:
    rebalances = Rebalances()
    rebalances.observed(seen(STANDS))
    for number in range(10_000):
        row = result("x", partition=number, offset=0, sent_at=NOW)
        rebalances.answered(replace(row.result, finished_at=NOW + 9), again=True)
    assert len(rebalances._answered_at) <= 4_096
    rebalances.observed(seen({"client-0": (0, 1, 2, 3)}, NOW + 8))
    rebalances.observed(seen({"client-0": (0, 1, 2, 3)}, NOW + 10))
    (entry,) = rebalances.figures()
    assert (len(entry.stood_still), entry.again) == (4_096, 10_000)


def test_too_many_rebalances_within_a_minute_are_flapping() -> None:
    ledger = Ledger("me")
    for second in range(6):
        ledger.apply(seen(STANDS if second % 2 else {}, NOW + second, state="Stable" if second % 2 else "Empty"))
    assert ledger.figures(NOW + 6).flapping == 5
    assert ledger.figures(NOW + 63).flapping == 0
