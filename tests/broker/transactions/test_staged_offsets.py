"""A group's offsets that wait for the end of a transaction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.broker.groups.offsets import CommittedOffset, CommittedOffsets

LIMIT = 4
TOPIC = "requests"

steps = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.integers(0, 2), st.integers(0, 3)),
        st.tuples(st.just("stage"), st.integers(0, 2), st.integers(0, 3)),
        st.tuples(st.just("settle"), st.integers(0, 2), st.booleans()),
    ),
    max_size=40,
)


def at(offset: int, partition: int = 0) -> dict[tuple[str, int], CommittedOffset]:
    return {(TOPIC, partition): CommittedOffset(offset)}


@given(steps)
def test_the_last_commit_counts_of_those_that_took_place(script: list[tuple[str, int, int]]) -> None:
    offsets = CommittedOffsets(1000)
    open_commits: dict[int, list[tuple[int, int]]] = {}
    done: dict[int, int] = {}
    for number, (what, producer_id, value) in enumerate(script):
        if what == "commit":
            offsets.commit(at(number, value))
            done[value] = number
        elif what == "stage":
            offsets.stage(producer_id, at(number, value))
            open_commits.setdefault(producer_id, []).append((value, number))
        else:
            offsets.settle(producer_id, bool(value))
            for partition, staged in open_commits.pop(producer_id, []):
                if value:
                    done[partition] = max(staged, done.get(partition, -1))
    unstable = {partition for staged in open_commits.values() for partition, _ in staged}
    for partition in range(4):
        committed = offsets.get(TOPIC, partition)
        assert (committed.offset if committed else None) == done.get(partition)
        assert offsets.is_unstable(TOPIC, partition) == (partition in unstable)


def test_staged_offsets_count_towards_the_limit_so_that_a_commit_cannot_fail() -> None:
    offsets = CommittedOffsets(LIMIT)
    assert offsets.stage(1, at(1, 0) | at(1, 1))
    assert offsets.commit(at(1, 0) | at(1, 1))
    assert not offsets.stage(1, at(1, 2))
    assert not offsets.commit(at(1, 2))
    assert offsets.stage(1, at(2, 0))
    offsets.settle(1, True)
    assert offsets.commit(at(1, 2))
    assert len(offsets) == 3


def test_forgotten_offsets_do_not_come_back_with_the_transaction() -> None:
    offsets = CommittedOffsets(LIMIT)
    offsets.stage(1, at(1, 0) | at(1, 1))
    offsets.forget(TOPIC, 0)
    assert not offsets.is_unstable(TOPIC, 0)
    offsets.settle(1, True)
    assert list(offsets) == [(TOPIC, 1)]
    offsets.stage(1, at(2, 1))
    offsets.forget_topic(TOPIC)
    offsets.settle(1, True)
    assert offsets.are_none
