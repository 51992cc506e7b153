"""What the fields of the form take, what they refuse and with which words; and the history of a field."""

import time

import pytest

from tui.calc.numbers import Limits
from tui.dashboard.widgets.field_rules import (
    key_problem,
    operand_problem,
    partition_problem,
    times_problem,
)
from tui.dashboard.widgets.history_input import HISTORY_KEPT, History

LIMITS = Limits(max_digits=10_000)


@pytest.mark.parametrize("text", ["0", "5", "-2.5", "+7", "1e3", ".5", "5.", "0.1", "9" * 10_000])
def test_a_number_is_taken(text: str) -> None:
    assert operand_problem(text, LIMITS) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a number is missing"),
        ("abc", "not a number"),
        ("NaN", "not a finite number"),
        ("Infinity", "not a finite number"),
        ("-inf", "not a finite number"),
        ("1e999999", "more than 10000 digits"),
        ("9" * 10_001, "more than 10000 digits"),
        ("\uff11\uff12", "only the digits 0 to 9"),
        ("1 2", "leave out the blanks"),
        ("1_000", "leave out the underscores"),
        ("0,1", "use a point"),
        ("0x10", "in decimal"),
        ("[bold]5[/]", "not a number"),
    ],
)
def test_what_is_no_number_is_refused_in_words(text: str, words: str) -> None:
    assert words in operand_problem(text, LIMITS)


def test_the_words_do_not_repeat_what_stands_in_the_field() -> None:
    assert "abc" not in operand_problem("abc", LIMITS)


def test_a_long_operand_is_checked_between_two_keys() -> None:
    started = time.thread_time()
    operand_problem("9" * 10_000, LIMITS)
    assert time.thread_time() - started < 0.05


@pytest.mark.parametrize("text", ["1", "500", "1000000", "007"])
def test_times_takes_one_to_a_million(text: str) -> None:
    assert times_problem(text) == ""


@pytest.mark.parametrize(
    "text",
    ["", "0", "-1", "1000001", "1000000000", "9" * 12, "1e3", "1.5", "10_000", "1,000", "many", "\uff15"],
)
def test_any_other_times_says_what_is_allowed(text: str) -> None:
    assert "1 to 1,000,000" in times_problem(text)


@pytest.mark.parametrize(("text", "partitions"), [("", 4), ("0", 4), ("3", 4), ("17", None)])
def test_a_partition_that_exists_or_none_is_taken(text: str, partitions: int | None) -> None:
    assert partition_problem(text, partitions) == ""


@pytest.mark.parametrize("text", ["4", "-1", "x", "1.0", "9" * 10])
def test_a_partition_that_does_not_exist_is_refused(text: str) -> None:
    assert "0 to 3" in partition_problem(text, 4)


def test_a_key_may_be_anything_but_long() -> None:
    assert key_problem("[red]\u202e") == ""
    assert "at most 200" in key_problem("k" * 201)


def test_history_goes_back_and_forth_and_keeps_what_was_being_typed() -> None:
    history = History()
    for value in ("1", "2", "3"):
        history.add(value)
    assert [history.older("draft"), history.older("3"), history.older("2"), history.older("1")] == [
        "3",
        "2",
        "1",
        "1",
    ]
    assert [history.newer("1"), history.newer("2"), history.newer("3"), history.newer("draft")] == [
        "2", "3", "draft", "draft",
    ]  # fmt: skip


def test_the_value_just_sent_is_skipped_on_the_way_back() -> None:
    history = History()
    history.add("1")
    history.add("2")
    assert history.older("2") == "1"
    assert history.newer("1") == "2"


def test_history_is_bounded_and_forgets_repetitions() -> None:
    history = History()
    for number in range(HISTORY_KEPT + 50):
        history.add(str(number))
        history.add(str(number))
    for _ in range(HISTORY_KEPT + 50):
        oldest = history.older("draft")
    assert oldest == "50"


def test_an_empty_history_leaves_the_value() -> None:
    assert History().older("7") == "7"
    assert History().newer("7") == "7"
