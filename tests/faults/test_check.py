"""The check finds nothing in a faultless run, and whatever is changed in it."""

import json
from collections import Counter
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.faults.faultless import PARTITIONS, Run, copied, faultless
from tests.faults.messages import message
from tests.faults.stored import Sample, Stored
from tests.faults.verdict import Verdict

COUNT = 400
MADE_UP = faultless(COUNT)

numbers = st.integers(0, 10**9)


def pick(records: list[Stored], number: int) -> int:
    """The index of one of the records."""
    return number % len(records)


def changed(record: Stored, name: str, value: Any) -> Stored:
    """The result with one field of its JSON changed."""
    return record._replace(value=json.dumps(json.loads(record.value or b"") | {name: value}).encode())


def answers(run: Run, dead: bool) -> list[Stored]:
    return run.dead_letters if dead else run.results


def kinds(run: Run) -> set[str]:
    return run.check().kinds()


def test_the_messages_of_a_run_are_of_every_kind_and_always_the_same() -> None:
    sent = [message("r", number, PARTITIONS) for number in range(2_000)]
    assert sent == [message("r", number, PARTITIONS) for number in range(2_000)]
    found = Counter(each.answer.error if each.answer else "dead letter" for each in sent)
    assert set(found) == {None, "division_by_zero", "unknown_operation", "dead letter"}
    assert found["dead letter"] == 20
    assert {each.value is None for each in sent} == {each.key is None for each in sent} == {True, False}
    assert any(each.answer is not None and each.id is None for each in sent)


def test_a_faultless_run_has_no_findings() -> None:
    assert kinds(copied(MADE_UP)) == set()


@given(numbers, st.booleans())
def test_an_answer_that_is_missing_is_lost(number: int, dead: bool) -> None:
    run = copied(MADE_UP)
    records = answers(run, dead)
    del records[pick(records, number)]
    assert "lost" in kinds(run)


@given(numbers, st.booleans())
def test_an_answer_given_twice_is_doubled_and_nothing_else(number: int, dead: bool) -> None:
    run = copied(MADE_UP)
    records = answers(run, dead)
    records.append(records[pick(records, number)])
    assert kinds(run) == {"doubled"}


@given(numbers, st.sampled_from(["id", "operator_1", "operator_2", "operation", "result"]), st.text())
def test_a_result_with_another_value_is_wrong(number: int, name: str, value: str) -> None:
    run = copied(MADE_UP)
    index = pick(run.results, number)
    assume(json.loads(run.results[index].value or b"")[name] != value)
    run.results[index] = changed(run.results[index], name, value)
    assert kinds(run) == {"wrong"}


@given(numbers, st.binary(), st.booleans())
def test_an_answer_with_another_key_is_wrong(number: int, key: bytes, dead: bool) -> None:
    run = copied(MADE_UP)
    records = answers(run, dead)
    index = pick(records, number)
    assume(records[index].key != key)
    records[index] = records[index]._replace(key=key)
    assert "wrong" in kinds(run)


@given(numbers, st.integers(0, PARTITIONS), st.integers(-1, COUNT))
def test_a_result_that_says_another_place_is_found(number: int, partition: int, offset: int) -> None:
    run = copied(MADE_UP)
    index = pick(run.results, number)
    place = json.loads(run.results[index].value or b"")
    assume((place["partition"], place["offset"]) != (partition, offset))
    run.results[index] = changed(changed(run.results[index], "partition", partition), "offset", offset)
    found = kinds(run)
    assert "lost" in found
    assert found & {"wrong", "unaccounted"}


@given(numbers, st.binary())
def test_a_dead_letter_that_is_not_the_same_byte_for_byte_is_wrong(number: int, value: bytes) -> None:
    run = copied(MADE_UP)
    index = pick(run.dead_letters, number)
    assume(run.dead_letters[index].value != value)
    run.dead_letters[index] = run.dead_letters[index]._replace(value=value)
    assert kinds(run) == {"wrong"}


@given(numbers, numbers)
def test_a_dead_letter_without_one_of_its_headers_is_found(number: int, which: int) -> None:
    run = copied(MADE_UP)
    index = pick(run.dead_letters, number)
    headers = [*run.dead_letters[index].headers]
    del headers[which % len(headers)]
    run.dead_letters[index] = run.dead_letters[index]._replace(headers=tuple(headers))
    assert kinds(run) & {"wrong", "unaccounted"}


@given(st.data())
def test_answers_of_one_key_that_change_places_are_reordered(data: st.DataObject) -> None:
    run = copied(MADE_UP)
    by_key: dict[bytes, list[int]] = {}
    for index, record in enumerate(run.results):
        if record.key is not None:
            by_key.setdefault(record.key, []).append(index)
    same_key = data.draw(st.sampled_from([indices for indices in by_key.values() if len(indices) > 1]))
    first, second = data.draw(st.lists(st.sampled_from(same_key), min_size=2, max_size=2, unique=True))
    one, other = run.results[first], run.results[second]
    run.results[first] = other._replace(offset=one.offset)
    run.results[second] = one._replace(offset=other.offset)
    assert "reordered" in kinds(run)


@given(numbers, st.booleans())
def test_what_nobody_asked_for_is_unaccounted(number: int, dead: bool) -> None:
    run = copied(MADE_UP)
    record = run.results[pick(run.results, number)]
    if dead:
        run.dead_letters.append(record)
    else:
        run.results.append(changed(record, "offset", COUNT + number))
    assert kinds(run) == {"unaccounted"}


@given(st.one_of(st.none(), st.binary()))
def test_no_value_upsets_the_check(value: bytes | None) -> None:
    run = faultless(3)
    extra = Stored(0, 99, b"key", value)
    run.requests.append(extra)
    run.results.append(extra)
    run.dead_letters.append(extra)
    assert kinds(run) == {"unaccounted", "not_committed"}


@given(numbers)
def test_an_acknowledged_request_that_is_not_stored_is_lost(number: int) -> None:
    run = copied(MADE_UP)
    index = pick(run.requests, number)
    missing = run.requests.pop(index)
    assert any(line.startswith(f"request {index} was acknowledged") for line in run.check().lost), missing


def test_a_request_that_was_not_acknowledged_may_be_missing_or_not() -> None:
    for stored in (True, False):
        run = faultless(COUNT)
        run.history.handed_over(COUNT - 1)
        if not stored:
            partition = run.requests.pop().partition
            run.results.pop()
            run.committed[partition] -= 1
            run.samples.pop()
        assert kinds(run) == set()


@given(numbers)
def test_a_request_stored_twice_or_changed_by_the_broker_is_found(number: int) -> None:
    run = copied(MADE_UP)
    record = run.requests[pick(run.requests, number)]
    end = run.committed[record.partition]
    run.requests.append(record._replace(offset=end))
    assert "doubled" in kinds(run)
    run = copied(MADE_UP)
    run.requests[pick(run.requests, number)] = record._replace(value=b"something else")
    assert kinds(run) == {"wrong"}


def test_requests_of_one_key_out_of_order_are_reordered() -> None:
    run = faultless(200)
    same = [index for index, record in enumerate(run.requests) if record.key == run.requests[0].key]
    one, other = run.requests[same[0]], run.requests[same[1]]
    run.requests[same[0]] = other._replace(offset=one.offset)
    run.requests[same[1]] = one._replace(offset=other.offset)
    assert "reordered" in kinds(run)


@given(numbers, st.integers(1, 5))
def test_an_offset_that_was_committed_before_its_answer_was_stored_is_found(number: int, too_soon: int) -> None:
    run = copied(MADE_UP)
    index = number % (COUNT - 100)
    sample = run.samples[index]
    assert kinds(run) == set()
    run.samples[index] = sample._replace(committed=sample.committed + too_soon)
    assert kinds(run) == {"committed_too_soon"}


def test_an_offset_beyond_the_end_or_not_committed_at_the_end_is_found() -> None:
    run = copied(MADE_UP)
    run.committed[1] += 1
    assert kinds(run) == {"committed_too_soon"}
    run.committed[1] -= 2
    assert kinds(run) == {"not_committed"}


def test_a_request_with_a_result_and_a_dead_letter_is_doubled() -> None:
    run = copied(MADE_UP)
    letter = run.dead_letters[0]
    partition, offset = letter.partition, int(dict(letter.headers)["kcalc-dlq-offset"] or b"")
    place = {"partition": partition, "offset": offset}
    run.results.append(Stored(partition, 0, letter.key, changed(run.results[0], "id", "x").value))
    run.results[-1] = changed(changed(run.results[-1], "partition", place["partition"]), "offset", place["offset"])
    assert {"doubled", "wrong"} <= kinds(run)


def test_a_verdict_says_how_many_and_which() -> None:
    verdict = Verdict(lost=[f"request {number} has no answer" for number in range(9)])
    assert str(verdict).splitlines()[:7] == [
        "lost 9",
        *(f"    request {number} has no answer" for number in range(5)),
        "    and 4 more",
    ]
    assert Sample(0, 1, 2, 3) == (0, 1, 2, 3)
