"""The figures, results and dead letters of the frames, to show and to change."""

from collections.abc import Sequence

from msgspec.structs import replace

from tui.calc.messages import Result, ResultError
from tui.events import DeadLetterReceived, Link, ReceivedResult, WorkerState
from tui.ledger.figures import (
    Accounting,
    Figures,
    Handover,
    PartitionFigures,
    Reason,
    Rebalance,
    Totals,
    WorkerFigures,
    WorkerNote,
)

NOON = 1_732_276_867.0
"""A fixed moment: 12:01:07 UTC on 22 November 2024."""


def received(
    x: str,
    operation: str,
    y: str | None,
    result: str | None,
    *,
    error: ResultError | None = None,
    client_id: str = "client-0",
    partition: int = 0,
    offset: int = 411,
    attempt: int = 1,
    wait_s: float = 0.003,
    run_s: float = 0.002,
    at: float = NOON,
    key: bytes | None = None,
) -> ReceivedResult:
    """A result as the reader hands it on; `at` is when it was finished and seen."""
    answer = Result(
        id=f"5eed5eed-{offset}",
        operator_1=x,
        operator_2=y,
        operation=operation,
        result=result,
        error=error,
        client_id=client_id,
        partition=partition,
        offset=offset,
        attempt=attempt,
        received_at=at - run_s,
        finished_at=at,
        sent_at=at - run_s - wait_s,
    )
    return ReceivedResult(answer, result_partition=partition, result_offset=offset, key=key, at=at)


def seeded_results() -> list[ReceivedResult]:
    """The results of the frames, oldest first."""
    zero = ResultError("division_by_zero", "division by zero")
    return [
        received("0.1", "sum", "0.2", "0.3", offset=406, wait_s=0.004, run_s=0.001, at=NOON - 5),
        received("6", "mul", "7", "42", offset=407, wait_s=0.004, run_s=0.001, at=NOON - 4),
        received(
            "7",
            "sub",
            "9",
            "-2",
            client_id="client-1",
            partition=1,
            offset=375,
            attempt=2,
            wait_s=0.009,
            run_s=0.081,
            at=NOON - 2,
        ),
        received(
            "8",
            "mul",
            "8",
            "64",
            client_id="client-1",
            partition=1,
            offset=376,
            wait_s=0.88,
            run_s=0.081,
            at=NOON - 1,
        ),
        received("12", "div", "0", None, error=zero, client_id="client-2", partition=2, offset=398, run_s=0.001),
        received("15", "div", "5", "3", offset=411),
    ]


def accounting(**changes: object) -> Accounting:
    """Balanced books, as in the frames."""
    books = Accounting(
        sent=1289, done=1273, failed=3, dead=1, in_flight=12, again=3, unsent=0,
        others_done=0, others_failed=0, others_dead=0, wrong="",
    )  # fmt: skip
    return replace(books, **changes)


def partition(number: int, owner: str | None, **changes: object) -> PartitionFigures:
    """An idle partition; `changes` name what differs."""
    row = PartitionFigures(
        partition=number, leader=1, owner=owner, owner_state=WorkerState.IDLE if owner else None, committed=400,
        end=400, lag=0, oldest_waiting_s=None, in_per_s=8.0, out_per_s=8.0, working_on="", waits_for=None, took_s=None,
        lag_per_s=0.0, begin=0,
    )  # fmt: skip
    return replace(row, **changes)


def seeded_partitions() -> tuple[PartitionFigures, ...]:
    """The rows of the frames: two busy, one idle, one that waits for its worker's other partition."""
    return (
        partition(
            0, "client-0", owner_state=WorkerState.BUSY, committed=412, end=415, lag=3, oldest_waiting_s=0.2,
            in_per_s=11.0, out_per_s=11.2, working_on="5 × 3", took_s=0.02, lag_per_s=-1.2,
        ),
        partition(
            1, "client-1", owner_state=WorkerState.BUSY, committed=377, end=386, lag=9, oldest_waiting_s=0.9,
            in_per_s=14.1, out_per_s=9.8, working_on="9 × 9", took_s=0.08, lag_per_s=4.3,
        ),
        partition(2, "client-2", committed=399, end=399),
        partition(
            3, "client-0", owner_state=WorkerState.BUSY, committed=402, end=402, in_per_s=8.1, out_per_s=8.1,
            waits_for=0,
        ),
    )  # fmt: skip


def worker(client_id: str, partitions: Sequence[int] = (), **changes: object) -> WorkerFigures:
    """An idle worker of this process; `changes` name what differs."""
    one = WorkerFigures(
        client_id=client_id, remote=False, state=WorkerState.IDLE, detail="", partitions=tuple(partitions),
        working_on="", took_s=None, per_s=0.0, rates=(), run_p50_s=None, run_p95_s=None, done=0, failed=0, again=0,
        history=(),
    )  # fmt: skip
    return replace(one, **changes)


def seeded_workers() -> tuple[WorkerFigures, ...]:
    """The three workers of the frames."""
    by_worker: dict[str, list[ReceivedResult]] = {}
    for row in reversed(seeded_results()):
        by_worker.setdefault(row.result.client_id, []).append(row)
    return (
        worker(
            "client-0", (0, 3), state=WorkerState.BUSY, working_on="5 × 3", took_s=0.02, per_s=19.0,
            rates=(2, 4, 9, 14, 19, 19, 9, 4, 9, 19), run_p50_s=0.002, run_p95_s=0.005, done=702, again=2,
            history=tuple(by_worker["client-0"]),
        ),
        worker(
            "client-1", (1,), state=WorkerState.BUSY, working_on="9 × 9", took_s=0.08, per_s=10.0,
            rates=(10,) * 10, run_p50_s=0.081, run_p95_s=0.098, done=564, again=1,
            history=(*by_worker["client-1"], WorkerNote(NOON - 26, "restarted")),
        ),
        worker(
            "client-2", (2,), per_s=8.0, rates=(1, 2, 1, 1, 2, 1, 1, 2, 1, 1), run_p50_s=0.001, run_p95_s=0.002,
            done=7, failed=3,
            history=(
                *by_worker["client-2"],
                WorkerNote(NOON - 2, "took p2 at offset 391"),
                WorkerNote(NOON - 3, "joining"),
            ),
        ),
    )  # fmt: skip


def because(note: str) -> tuple[Reason, ...]:
    """One reason, with what helps."""
    return (Reason(note, "See what it has in hand; restart or stop it."),)


def seeded_rebalances() -> tuple[Rebalance, ...]:
    """The three of the design's frame, newest first."""
    return (
        Rebalance(
            at=NOON - 2, generation=8, cause="client-2 joined", moved=(2, 3), again=0,
            handovers=(Handover("client-0", (0, 2), (0, 3)), Handover("client-2", None, (2,))),
            stood_still=((0, 0.3), (2, 1.8), (3, 1.1)),
        ),
        Rebalance(
            at=NOON - 26, generation=7, cause="client-1 restarted", moved=(1,), again=0,
            handovers=(Handover("client-1", None, (1,)),), stood_still=((1, 0.6),),
        ),
        Rebalance(
            at=NOON - 37, generation=6, cause="client-1 lost", moved=(1,), again=2,
            handovers=(Handover("client-1", (1,), None),), stood_still=(),
        ),
    )  # fmt: skip


def seeded_figures(**changes: object) -> Figures:
    """Everything as in the frames of the design."""
    sent = (8, 14, 22, 22, 27, 36, 36, 41, 31, 27, 22, 22, 14, 14, 22, 22, 31, 36, 41, 36, 31)
    totals = Totals(
        skew=1.4,
        sent_per_s=41.0, sent_rates=sent, answered_per_s=37.0, answered_rates=sent[1:], lag=12,
        lags=(0, 0, 0, 1, 1, 2, 2, 1, 0, 0, 0, 2, 3, 4, 6, 9, 10, 12), lag_per_s=4.0,
        wait_p50_s=0.011, wait_p95_s=0.88, run_p50_s=0.002, run_p95_s=0.081,
    )  # fmt: skip
    figures = Figures(
        link=Link.CONNECTED, link_detail="", group_state="Stable", generation=8, assignor="roundrobin", brokers=1,
        age_s=0.4, trouble="", accounting=accounting(), totals=totals, partitions=seeded_partitions(),
        workers=seeded_workers(), rebalances=seeded_rebalances(), flapping=0,
        reasons=because("p1 grows by 4/s: client-1 is 2.5 times slower than its peers"),
    )  # fmt: skip
    return replace(figures, **changes)


def first_figures(**changes: object) -> Figures:
    """What a ledger says before anything happened."""
    nothing = Totals(
        skew=None,
        sent_per_s=0.0, sent_rates=(), answered_per_s=0.0, answered_rates=(), lag=None, lags=(), lag_per_s=0.0,
        wait_p50_s=None, wait_p95_s=None, run_p50_s=None, run_p95_s=None,
    )  # fmt: skip
    figures = Figures(
        link=Link.STARTING, link_detail="", group_state=None, generation=None, assignor="", brokers=None, age_s=None,
        trouble="", accounting=accounting(sent=0, done=0, failed=0, dead=0, in_flight=0, again=0), totals=nothing,
        partitions=(), workers=(), rebalances=(), flapping=0, reasons=(),
    )  # fmt: skip
    return replace(figures, **changes)


def dead_letter(offset: int, reason: str, message: str, value: bytes | None, **changes: object) -> DeadLetterReceived:
    """A dead letter that client-0 made of a request without key and headers, as many seconds ago as it is old."""
    letter = DeadLetterReceived(
        request_id=f"kcalc.requests/1/{offset}", reason=reason, partition=1, offset=offset, client_id="client-0",
        value=value, replayed=False, at=NOON, message=message, topic="kcalc.requests", sent_at=NOON - 402 + offset,
        refused_at=NOON - 400 + offset, letter_partition=1, letter_offset=offset - 380,
    )  # fmt: skip
    return replace(letter, **changes)


def seeded_letters() -> list[DeadLetterReceived]:
    """Three reasons, oldest letter first; one was sent again, one is full of what harms a terminal."""
    again = [("trace", b"5eed"), ("kcalc-again-offset", b"7")]
    nasty = b"\x1b[2J[bold]\xff\xfe\x00 \xe2\x80\xae" + bytes(range(96))
    five = b'{"operator_1":"five","operator_2":"2","operation":"mul","id":"5eed5eed-390"}'
    not_a_number = '"five" is not a number'
    return [
        dead_letter(388, "not_json", "the value is not JSON: truncated", b'{"operator_1": "5", "oper', key=b"a"),
        dead_letter(390, "operand_not_a_number", not_a_number, five, key=b"blue", client_id="client-1"),
        dead_letter(393, "not_json", "the value is not JSON: malformed", b"five plus two", key=b"b"),
        dead_letter(395, "not_utf8", "byte 10 of the value is not UTF-8", nasty, key=nasty[:12], client_id="client-2"),
        dead_letter(397, "not_json", "the value is not JSON: malformed", b"five plus two", key=b"b", headers=again),
    ]
