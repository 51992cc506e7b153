"""What the ledger keeps from one question to the next is what it would find anew."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import NOW, group, place, received, result
from tui.events import (
    BatchFinished,
    BatchStarted,
    Event,
    LaneFailed,
    Link,
    LinkChanged,
    PartitionsAssigned,
    PartitionsRevoked,
    WorkerSlowed,
    WorkerState,
    WorkerStateChanged,
)
from tui.group import Member
from tui.ledger.ledger import Ledger

Happens = Callable[[float], Event]
"""An event, once it is known when it happens."""

NAME = st.sampled_from(["client-0", "client-1", "far-9"])
NUMBER = st.integers(0, 3)
NUMBERS = st.lists(NUMBER, max_size=3, unique=True)
COUNT = st.integers(0, 40)
# Up to a second a step, as while all goes well; sometimes so long that rates are of another time.
PAUSE_S = st.sampled_from([0.0, 0.1, 0.5, 1.0]) | st.floats(0.0, 15.0)


@st.composite
def looks(draw: st.DrawFn) -> Happens:
    """A look at the group: who owns what, and where each partition stands."""
    members = tuple(Member(f"{name}-a", name, "/h", tuple(draw(NUMBERS))) for name in draw(st.sets(NAME)))
    state = draw(st.sampled_from(["Stable", "Stable", "PreparingRebalance"]))
    stands = [(draw(COUNT), draw(COUNT), draw(st.none() | st.just(NOW))) for _ in range(draw(st.integers(0, 4)))]
    places = [place(number, done, done + lag, oldest) for number, (done, lag, oldest) in enumerate(stands)]
    return lambda at: group(*places, members=members, state=state, at=at)


@st.composite
def answers(draw: st.DrawFn) -> Happens:
    """A few results of one worker and one partition. They all ran 2 ms: percentiles may be a few results old."""
    name, number, offsets = draw(NAME), draw(NUMBER), draw(st.lists(COUNT, max_size=12))
    return lambda at: received(
        *(result(f"o-{number}-{it}", client_id=name, partition=number, offset=it, at=at) for it in offsets), at=at
    )


EVENTS: st.SearchStrategy[Happens] = st.one_of(
    looks(),
    answers(),
    st.builds(
        lambda name, state: lambda at: WorkerStateChanged(name, state, "", at), NAME, st.sampled_from(WorkerState)
    ),
    st.builds(lambda name, own: lambda at: PartitionsAssigned(name, 1, dict.fromkeys(own, 0), at), NAME, NUMBERS),
    st.builds(lambda name, own: lambda at: PartitionsRevoked(name, own, at), NAME, NUMBERS),
    st.builds(lambda name, number: lambda at: BatchStarted(name, number, 1, "1 + 1", at), NAME, NUMBER),
    st.builds(lambda name, number: lambda at: BatchFinished(name, number, 1, 0.1, at), NAME, NUMBER),
    st.builds(lambda name, number: lambda at: LaneFailed(name, number, "no answer", 1.0, at), NAME, NUMBER),
    st.builds(lambda name, delay_s: lambda at: WorkerSlowed(name, delay_s, at), NAME, st.sampled_from([0.0, 0.2])),
    st.builds(lambda link: lambda at: LinkChanged(link, "", at), st.sampled_from(Link)),
)


@given(st.lists(st.tuples(EVENTS, PAUSE_S), max_size=40))
def test_a_ledger_that_is_asked_at_every_step_says_what_one_says_that_is_asked_once(
    steps: list[tuple[Happens, float]],
) -> None:
    often, once, at = Ledger("me"), Ledger("me"), NOW
    for event, pause_s in steps:
        often.apply(event(at))
        once.apply(event(at))
        often.figures(at)
        at += pause_s
        often.figures(at)
    assert often.figures(at) == once.figures(at)
