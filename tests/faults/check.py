"""The judgement: what was read back, held against the history of what was acknowledged. Pure."""

from array import array
from collections.abc import Iterable
from itertools import accumulate

from tests.faults.answers import UNANSWERED, Answers
from tests.faults.asked import NOBODY, Asked
from tests.faults.history import History
from tests.faults.stored import ReadBack, Sample
from tests.faults.verdict import Verdict


def check(history: History, requests_topic: str, found: ReadBack) -> Verdict:
    """Everything that is not as it must be after a run whose last request was answered and committed."""
    verdict = Verdict()
    asked = Asked(history, verdict)
    asked.read(found.requests)
    results = Answers(asked, requests_topic, verdict)
    results.read_results(found.results)
    dead_letters = Answers(asked, requests_topic, verdict)
    dead_letters.read_dead_letters(found.dead_letters)
    for partition, numbers in enumerate(asked.numbers):
        firsts = results.first_at[partition], dead_letters.first_at[partition]
        committed = found.committed.get(partition, 0)
        _unanswered(partition, numbers, firsts, committed, verdict)
    _look_back(found.samples, results.first_at, dead_letters.first_at, verdict)
    return verdict


def _unanswered(
    partition: int, numbers: "array[int]", firsts: "tuple[array[int], array[int]]", committed: int, verdict: Verdict
) -> None:
    """What of the partition has no answer, or both kinds of answer, or is not committed, or too far."""
    if committed > len(numbers):
        verdict.committed_too_soon.append(f"p{partition}: {committed} is committed, the end is {len(numbers)}")
    if committed < len(numbers):
        verdict.not_committed.append(f"p{partition}: only {committed} of {len(numbers)} is committed")
    for offset, (number, result_at, dead_letter_at) in enumerate(zip(numbers, *firsts, strict=True)):
        name = f"request {number} (p{partition}/{offset})"
        if number == NOBODY:
            continue
        if result_at == dead_letter_at == UNANSWERED:
            verdict.lost.append(f"{name} has no answer")
            if offset < committed:
                verdict.committed_too_soon.append(f"{name} is committed and has no answer")
        if result_at != UNANSWERED and dead_letter_at != UNANSWERED:
            verdict.doubled.append(f"{name} has a result and is a dead letter, too")


def _look_back(
    samples: Iterable[Sample], results: "list[array[int]]", dead_letters: "list[array[int]]", verdict: Verdict
) -> None:
    """Whether every offset that was seen committed during the run had all its answers stored by then."""
    last_results = [array("q", accumulate(at, max)) for at in results]
    last_dead_letters = [array("q", accumulate(at, max)) for at in dead_letters]
    for sample in samples:
        before = min(sample.committed, len(last_results[sample.partition])) - 1
        if before < 0:
            continue
        result_at = last_results[sample.partition][before]
        dead_letter_at = last_dead_letters[sample.partition][before]
        if result_at >= sample.results_end or dead_letter_at >= sample.dead_letters_end:
            needed = f"an answer below it was stored at {result_at} or {dead_letter_at}"
            verdict.committed_too_soon.append(f"{sample}: {needed}")
