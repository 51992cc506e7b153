"""What a line of words finds among results, and what it says of a word that means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ledger.builders import NOW, result
from tests.ledger.results import matches
from tui.calc.messages import ResultError
from tui.events import ReceivedResult
from tui.ledger.result_filter import FilterError, parsed

PLAIN = result("me-1", client_id="client-1", partition=2, offset=7)
FAILED = result("me-2", client_id="client-10", error=ResultError("division_by_zero", "12 / 0: Division by ZERO"))


def but(row: ReceivedResult, **changes: object) -> ReceivedResult:
    return replace(row, result=replace(row.result, **changes))


@pytest.mark.parametrize(
    ("text", "plain", "failed"),
    [
        ("", True, True),
        ("client-1", True, True),
        ("worker:client-1", True, False),
        ("op:sum", True, True),
        ("op:su", False, False),
        ("p:2", True, False),
        ("p:0", False, True),
        ("error", False, True),
        ("zero", False, True),
        ("ZERO division", False, True),
        ("me-1", True, False),
        ("id:me-2", False, True),
        ("7", True, False),
        ("wait>2ms", True, True),
        ("wait>3.5ms", False, False),
        ("run>1ms", True, True),
        ("run>1s", False, False),
        ("worker:client-1 p:2 run>1ms", True, False),
        ("worker:client-1 error", False, False),
        ("key:a", False, False),
        ("again", False, False),
    ],
)
def test_every_word_must_hold(text: str, plain: bool, failed: bool) -> None:
    found = parsed(text)
    assert (matches(found, PLAIN), matches(found, FAILED)) == (plain, failed)


def test_keys_and_repetitions_are_found() -> None:
    assert matches(parsed("key:a"), replace(PLAIN, key=b"a"))
    assert matches(parsed("again"), but(PLAIN, attempt=2))


def test_a_wait_that_is_not_known_is_not_long() -> None:
    assert not matches(parsed("wait>0ms"), but(PLAIN, sent_at=None))
    assert matches(parsed("wait>1min"), but(PLAIN, sent_at=NOW - 61))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wait>", "such as wait>100ms"),
        ("run>5", "such as run>100ms"),
        ("run>-5ms", "such as run>100ms"),
        ("p:", "without a blank"),
        ("p:two", "p:two: a partition is a number"),
        ("p:٣", "a partition is a number"),
        ("op:", "without a blank"),
    ],
)
def test_a_word_that_means_nothing_is_told_with_what_would(text: str, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        parsed(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_filter_or_is_told(text: str) -> None:
    try:
        found = parsed(text)
    except FilterError:
        return
    for row in (PLAIN, FAILED):
        assert matches(parsed(found.text), row) == matches(found, row)


@given(st.lists(st.sampled_from(["error", "p:2", "7", "op:sum", "worker:client-1", "run>1ms"]), max_size=4))
def test_more_words_never_find_more(words: list[str]) -> None:
    some, all_of_them = parsed(" ".join(words[:-1])), parsed(" ".join(words))
    for row in (PLAIN, FAILED):
        assert matches(some, row) or not matches(all_of_them, row)


def test_an_unknown_tag_is_told_with_those_that_exist() -> None:
    with pytest.raises(FilterError) as refused:
        parsed("error wroker:client-1")
    assert str(refused.value) == "no tag wroker; only op worker p key id"


@pytest.mark.parametrize("text", ["12:01:07", "wor", "a1:b", ":x"])
def test_what_is_no_word_before_a_colon_is_text(text: str) -> None:
    assert parsed(text).text == text


@pytest.mark.parametrize("text", ["worker:", "key:", "id:", "wait>x", "p:x", "unheardofname:1"])
def test_what_is_wrong_is_said_in_as_few_words_as_a_narrow_window_shows(text: str) -> None:
    with pytest.raises(FilterError) as refused:
        parsed(text)
    assert text.startswith("wait") or len(str(refused.value)) <= 44
