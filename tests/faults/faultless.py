"""A run in which nothing went wrong, made up: what the tests of the check change to see it found."""

import json
from dataclasses import dataclass

from tests.faults.check import check
from tests.faults.history import History
from tests.faults.messages import Message
from tests.faults.stored import ReadBack, Sample, Stored
from tests.faults.verdict import Verdict

TOPIC = "asked"
PARTITIONS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """The history and, as lists to be changed, what was read back."""

    history: History
    requests: list[Stored]
    results: list[Stored]
    dead_letters: list[Stored]
    committed: dict[int, int]
    samples: list[Sample]

    def check(self) -> Verdict:
        """Judge it as it is now."""
        found = ReadBack(self.requests, self.results, self.dead_letters, self.committed, self.samples)
        return check(self.history, TOPIC, found)


def faultless(count: int) -> Run:
    """`count` requests, acknowledged, answered one after the other and committed after each."""
    history = History("made-up", count, PARTITIONS)
    run = Run(history, [], [], [], dict.fromkeys(range(PARTITIONS), 0), [])
    for number in range(count):
        message = history.message(number)
        partition, offset = message.partition, run.committed[message.partition]
        history.handed_over(number)
        history.acknowledged(number, offset)
        run.requests.append(Stored(partition, offset, message.key, message.value, message.headers))
        if message.answer is None:
            run.dead_letters.append(_dead_letter(message, offset, ends(run.dead_letters, partition)))
        else:
            run.results.append(_result(message, offset, ends(run.results, partition)))
        run.committed[partition] = offset + 1
        run.samples.append(
            Sample(partition, offset + 1, ends(run.results, partition), ends(run.dead_letters, partition))
        )
    return run


def copied(run: Run) -> Run:
    """The same run, with lists of its own; the history is shared."""
    lists = [*run.requests], [*run.results], [*run.dead_letters], {**run.committed}, [*run.samples]
    return Run(run.history, *lists)


def ends(records: list[Stored], partition: int) -> int:
    """The end offset of a partition."""
    return sum(record.partition == partition for record in records)


def _result(message: Message, offset: int, at: int) -> Stored:
    assert message.fields is not None
    assert message.answer is not None
    x, y, operation = message.fields
    error = None if message.answer.error is None else {"code": message.answer.error, "message": "…"}
    value = {
        "id": message.id or f"{TOPIC}/{message.partition}/{offset}",
        "operator_1": x,
        "operator_2": y,
        "operation": operation,
        "result": message.answer.result,
        "error": error,
        "partition": message.partition,
        "offset": offset,
    }
    return Stored(message.partition, at, message.key, json.dumps(value).encode())


def _dead_letter(message: Message, offset: int, at: int) -> Stored:
    said = {
        "reason": "not_json",
        "timestamp": "1",
        "client-id": "client-0",
        "topic": TOPIC,
        "partition": str(message.partition),
        "offset": str(offset),
    }
    headers = tuple((f"kcalc-dlq-{name}", text.encode()) for name, text in said.items())
    return Stored(message.partition, at, message.key, message.value, (*message.headers, *headers))
