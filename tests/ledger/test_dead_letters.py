"""The dead letters that are kept: the newest, in groups, within bounds, and what is dropped is counted."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ledger.builders import NOW, dead
from tui.events import DeadLetterReceived
from tui.ledger.dead_letters import DeadLetters


def letter(offset: int, reason: str = "not_json", value: bytes = b"{") -> DeadLetterReceived:
    return replace(dead("x", offset=offset), reason=reason, value=value, refused_at=NOW + offset)


def test_letters_are_grouped_by_reason_the_newest_first() -> None:
    letters = DeadLetters()
    for offset, reason in enumerate(("not_json", "too_large", "not_json", "null_value", "not_json")):
        letters.add(letter(offset, reason))
    found = [(group.reason, [each.offset for each in group.letters], group.last_at) for group in letters.groups()]
    assert found == [
        ("not_json", [4, 2, 0], NOW + 4),
        ("null_value", [3], NOW + 3),
        ("too_large", [1], NOW + 1),
    ]


def test_without_a_time_of_its_own_a_letter_has_that_at_which_it_was_seen() -> None:
    letters = DeadLetters()
    letters.add(dead("x"))
    assert letters.groups()[0].last_at == NOW


@given(st.lists(st.integers(0, 3_000)), st.integers(0, 5), st.integers(0, 8_000))
def test_the_newest_are_kept_within_both_bounds_and_every_other_is_counted(
    sizes: list[int], most: int, most_bytes: int
) -> None:
    letters = DeadLetters(most, most_bytes)
    for offset, size in enumerate(sizes):
        letters.add(letter(offset, value=bytes(size)))
        kept = [each for group in letters.groups() for each in group.letters]
        assert [each.offset for each in kept] == list(range(offset, offset - len(kept), -1))
        assert len(letters) == len(kept) <= most
        assert sum(len(each.value or b"") for each in kept) <= most_bytes
        assert letters.dropped == offset + 1 - len(kept)


def test_key_value_and_headers_all_take_room() -> None:
    large = bytes(1_000)
    for change in ({"key": large}, {"value": large}, {"headers": [("h", large)]}):
        letters = DeadLetters(most_bytes=3_500)
        for offset in range(3):
            letters.add(replace(letter(offset), **change))
        assert (len(letters), letters.dropped) == (1, 2)
