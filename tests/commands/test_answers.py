"""Answers to our own requests, in the order of sending."""

from hypothesis import given
from hypothesis import strategies as st

from tui.calc.messages import Result, encode_result
from tui.commands.answers import Answers


def value(request_id: str, result: str = "7") -> bytes:
    return encode_result(Result(request_id, "5", "2", "sum", result, None, "client-0", 0, 0, 1, 1.0, 2.0))


def ids(answers: Answers, *values: bytes | None) -> list[str]:
    return [result.id for result in answers.take(values)]


@given(st.permutations(range(8)), st.lists(st.integers(0, 7)), st.integers(1, 5))
def test_each_answer_is_given_out_once_and_in_order_however_they_come(
    order: list[int], again: list[int], batch: int
) -> None:
    answers = Answers("abc")
    came = [value(f"abc-{number}") for number in [*order, *again]]
    given_out = [id for start in range(0, len(came), batch) for id in ids(answers, *came[start : start + batch])]
    assert given_out == [f"abc-{number}" for number in range(8)]
    assert answers.answered == answers.in_order == 8


def test_an_early_answer_counts_but_waits_for_its_turn() -> None:
    answers = Answers("abc")
    assert ids(answers, value("abc-1")) == []
    assert (answers.answered, answers.in_order) == (1, 0)
    assert ids(answers, value("abc-0")) == ["abc-0", "abc-1"]


def test_what_is_not_ours_is_passed_over() -> None:
    answers = Answers("abc")
    foreign = [value("xyz-0"), value("abc-x"), value("abc--1"), value("abc-"), None, b"", b'"abc-0"', b'{"id": "abc-0"']
    assert ids(answers, *foreign, value("0", result="abc-0")) == []
    assert answers.answered == 0


def test_the_first_answer_of_two_counts() -> None:
    answers = Answers("abc")
    first, second = value("abc-0", "7"), value("abc-0", "8")
    assert [result.result for result in answers.take([first, second])] == ["7"]
    assert list(answers.take([second])) == []
