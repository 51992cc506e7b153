"""At a steady load the figures agree with each other and nothing is said; what was seen of a broker that is gone is not
taken for what is."""

from random import Random

import pytest
from msgspec.structs import replace

from tests.ledger.builders import NOW, group, place, received, result
from tui.events import (
    BatchStarted,
    GroupObserved,
    LaneFailed,
    Link,
    LinkChanged,
    PartitionsAssigned,
    WorkerState,
    WorkerStateChanged,
)
from tui.group import Member
from tui.ledger.figures import Figures
from tui.ledger.ledger import Ledger

MEMBER = Member("m-0", "client-0", "/127.0.0.1", (0, 1))


class Load:
    """Requests, each with a key of its own, to partition 0; one look a second.

    Its worker commits `commit_s` after it answered.
    """

    def __init__(self, commit_s: float = 0.0) -> None:
        self.ledger = Ledger("me")
        self.ledger.apply(LinkChanged(Link.CONNECTED, "", NOW))
        self.ledger.apply(WorkerStateChanged("client-0", WorkerState.IDLE, "", NOW))
        self.ledger.apply(PartitionsAssigned("client-0", 1, {0: 0, 1: 0}, NOW))
        self._commit_s = commit_s
        self._sent: list[float] = []
        self._answered: list[float] = []
        self._ticks = 0
        self._told = 0

    def send(self, at: float, answered_at: float) -> None:
        """One request, and when it is answered; in the order of both."""
        self._sent.append(at)
        self._answered.append(answered_at)

    def seen(self, until: float) -> list[Figures]:
        """What a person sees, ten times a second, from the last time on."""
        shown = []
        while (at := NOW + self._ticks / 10) < until:
            while self._told < len(self._answered) and self._answered[self._told] <= at:
                answer = result(f"other-{self._told}", offset=self._told, at=self._answered[self._told])
                self.ledger.apply(received(replace(answer, key=b"%d" % self._told), at=answer.at))
                self._told += 1
            if self._ticks % 10 == 0:
                self.ledger.apply(self._look(at))
            shown.append(self.ledger.figures(at))
            self._ticks += 1
        return shown

    def _look(self, at: float) -> GroupObserved:
        end = sum(sent <= at for sent in self._sent)
        committed = sum(answered + self._commit_s <= at for answered in self._answered)
        return group(place(0, committed, end), place(1, 0, 0), members=(MEMBER,), at=at)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("per_s", "commit_s"), [(8.0, 0.0), (40.0, 0.05), (40.0, 0.3), (200.0, 0.1)])
def test_of_a_worker_that_keeps_up_with_a_steady_load_nothing_is_said(seed: int, per_s: float, commit_s: float) -> None:
    random, load, at, free_at = Random(seed), Load(commit_s), NOW, NOW
    while at < NOW + 30:
        at += random.expovariate(per_s)
        free_at = max(free_at, at) + random.uniform(0.2, 1.0) / per_s
        load.send(at, free_at)
    assert {figures.note for figures in load.seen(NOW + 30)} == {""}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("per_s", [8.0, 24.0, 40.0])
def test_queues_that_come_and_go_before_a_worker_that_is_nearly_always_busy_do_not_grow(
    seed: int, per_s: float
) -> None:
    """It is by chance that more comes than it answers, for a few seconds."""
    random, load, at, free_at = Random(seed), Load(0.1), NOW, NOW
    while at < NOW + 60:
        at += random.expovariate(per_s)
        free_at = max(free_at, at) + 0.95 * random.uniform(0.2, 1.8) / per_s
        load.send(at, free_at)
    notes = [figures.note for figures in load.seen(NOW + 60)]
    assert sum("grows" in note for note in notes) <= 0.05 * len(notes)


def test_a_backlog_that_grows_slowly_is_said_once_it_is_long() -> None:
    load = Load()
    for number in range(60 * 40):
        load.send(NOW + number / 40, NOW + number / 36)
    notes = [figures.note for figures in load.seen(NOW + 60)]
    begun = next(number for number, note in enumerate(notes) if note)
    assert all(note.startswith("p0 grows by 4/s: client-0 answers 36/s of 40/s") for note in notes[begun + 50 :])


def test_a_backlog_that_grows_is_said_without_a_break() -> None:
    load = Load()
    for number in range(30 * 40):
        load.send(NOW + number / 40, NOW + number / 20)
    notes = [figures.note for figures in load.seen(NOW + 30)]
    begun = next(number for number, note in enumerate(notes) if note)
    assert begun < 40, "it is said within four seconds"
    assert all(note.startswith("p0 grows by 20/s: client-0 answers 20/s of 40/s") for note in notes[begun + 50 :])
    assert all(note.startswith("p0 grows by ") for note in notes[begun:])


def test_what_comes_in_and_goes_out_is_of_the_same_seconds() -> None:
    load = Load()
    for number in range(124):
        load.send(NOW + 2.5, NOW + 2.5 + number / 1_000)
    rows = [figures.partitions[0] for figures in load.seen(NOW + 12)]
    later = [(row.in_per_s, row.out_per_s) for row in rows if row.in_per_s is not None]
    assert (31.0, 31.0) in later
    assert {(came, went) for came, went in later if came != went} == set()
    assert later[-1] == (0.0, 0.0)


def test_before_a_second_look_the_answers_of_the_last_seconds_are_counted() -> None:
    load = Load()
    for number in range(30):
        load.send(NOW + number / 100, NOW + number / 100)
    row = load.seen(NOW + 1)[-1].partitions[0]
    assert row.in_per_s is None
    assert row.out_per_s is not None
    assert row.out_per_s > 0


def test_while_nobody_may_look_the_rates_of_the_last_looks_are_not_those_of_now() -> None:
    load = Load()
    for number in range(80):
        load.send(NOW + number / 20, NOW + number / 20)
    load.seen(NOW + 4)
    row = load.ledger.figures(NOW + 60).partitions[0]
    assert (row.in_per_s, row.out_per_s, row.lag_per_s) == (None, 0.0, None)


def broker_gone() -> Ledger:
    """It was there for four seconds of a steady load, and is gone for 14 s; one lane had a request in hand."""
    load = Load()
    for number in range(80):
        load.send(NOW + number / 20, NOW + number / 20)
    load.seen(NOW + 4)
    ledger = load.ledger
    ledger.apply(BatchStarted("client-0", 1, 1, "1 + 1", NOW + 4))
    ledger.apply(LinkChanged(Link.NO_BROKER, "start one with kcalc broker", NOW + 4))
    ledger.apply(LinkChanged(Link.NO_BROKER, "is it running?", NOW + 9))
    ledger.apply(WorkerStateChanged("client-0", WorkerState.NO_BROKER, "", NOW + 4))
    ledger.apply(LaneFailed("client-0", 0, "no answer", 1.0, NOW + 5))
    return ledger


def test_without_a_broker_rates_are_unknown_and_a_worker_has_one_state_on_all_its_rows() -> None:
    rows = broker_gone().figures(NOW + 18).partitions
    assert [(row.in_per_s, row.out_per_s) for row in rows] == [(None, None)] * 2
    assert [(row.owner_state, row.waits_for) for row in rows] == [(WorkerState.NO_BROKER, None)] * 2


def test_without_a_broker_that_is_the_reason_since_it_went_and_the_only_one() -> None:
    (reason,) = broker_gone().figures(NOW + 18).reasons
    assert reason.what == "the broker has been gone for 14 s: who works and what waits is unknown"
    assert reason.remedy.endswith("Is it running?")


def test_when_the_broker_is_back_rates_begin_afresh() -> None:
    ledger = broker_gone()
    ledger.apply(LinkChanged(Link.CONNECTED, "", NOW + 18))
    ledger.apply(group(place(0, 80, 500), place(1, 0, 0), members=(MEMBER,), at=NOW + 18))
    row = ledger.figures(NOW + 18).partitions[0]
    assert (row.in_per_s, row.lag_per_s) == (None, None), "what came while nobody looked came at no known rate"


def test_a_worker_that_rests_with_something_in_hand_has_one_state_on_all_its_rows() -> None:
    ledger = Load().ledger
    ledger.apply(group(place(0, 0, 3), place(1, 0, 3), members=(MEMBER,)))
    ledger.apply(BatchStarted("client-0", 0, 1, "1 + 1", NOW))
    assert [row.waits_for for row in ledger.figures(NOW).partitions] == [None, 0]
    ledger.apply(WorkerStateChanged("client-0", WorkerState.PAUSED, "", NOW))
    rows = ledger.figures(NOW).partitions
    assert [(row.owner_state, row.waits_for) for row in rows] == [(WorkerState.PAUSED, None)] * 2
