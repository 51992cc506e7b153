"""SeenNumbers is a set, only smaller."""

from hypothesis import given
from hypothesis import strategies as st

from tui.ledger.seen import SeenNumbers

near_a_chunk_edge = st.integers(8_180, 8_200) | st.integers(0, 20) | st.integers(16_370, 16_400)


@given(st.lists(st.tuples(st.booleans(), near_a_chunk_edge)))
def test_it_behaves_as_a_set_under_any_adding_and_discarding(steps: list[tuple[bool, int]]) -> None:
    seen, model = SeenNumbers(), set[int]()
    for adding, number in steps:
        if adding:
            assert seen.add(number) == (number not in model)
            model.add(number)
        else:
            assert seen.discard(number) == (number in model)
            model.discard(number)
        assert (number in seen) == (number in model)
        assert len(seen) == len(model)


def test_a_complete_stretch_is_remembered_after_its_bits_are_given_up() -> None:
    seen = SeenNumbers()
    assert all(seen.add(number) for number in range(20_000))
    assert not any(seen.add(number) for number in range(20_000))
    assert seen.discard(5)
    assert 5 not in seen
    assert len(seen) == 19_999


def test_sparse_numbers_forget_the_oldest_instead_of_growing_without_bound() -> None:
    seen = SeenNumbers(max_open=2)
    for number in (0, 1_000_000, 2_000_000):
        seen.add(number)
    assert 0 not in seen
    assert 1_000_000 in seen
    assert 2_000_000 in seen
