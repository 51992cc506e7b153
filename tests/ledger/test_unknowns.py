"""Numbers that nobody can know are unknown, never 0, never negative, and the reason is said."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from tests.ledger.builders import NOW, group, place
from tui.dashboard.formatting import compact
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.partition_columns import partition_columns
from tui.dashboard.widgets.partition_rows import age_line, partition_lines
from tui.events import Event, GroupObserved, Link, LinkChanged, ObservationFailed
from tui.group import Member, PartitionOffsets
from tui.ledger.figures import Figures
from tui.ledger.ledger import Ledger

MEMBER = Member("m-1", "client-0", "/127.0.0.1", (0,))
WIDE = 116


def seen(*places: PartitionOffsets, at: float = NOW, state: str = "Stable") -> GroupObserved:
    """A look at the group in which client-0 owns partition 0."""
    return group(*places, members=(MEMBER,), at=at, state=state)


def after(*events: Event, now: float = NOW) -> Figures:
    ledger = Ledger("me")
    ledger.apply(LinkChanged(Link.CONNECTED, "", NOW))
    for event in events:
        ledger.apply(event)
    return ledger.figures(now)


def shown(figures: Figures) -> dict[str, str]:
    """The first row of the table in a window of 120 columns, by the titles of its columns."""
    columns = partition_columns(figures, WIDE)
    text = line_text(partition_lines(figures, columns, UNICODE)[1])
    cells, at = {}, 0
    for column, width in columns:
        cells[column.name] = text[at : at + width].strip()
        at += width + 2
    return cells


@dataclass(frozen=True, slots=True)
class Case:
    """What happened, what the row then says, and the words that explain it ("" if it needs none)."""

    events: tuple[Event, ...]
    committed: str
    end: str
    lag: str
    oldest: str
    because: str = ""


LEADERLESS = PartitionOffsets(0, None, 5, 0, 0, None)
CASES = {
    "no commit yet": Case((seen(place(0, None, 7, NOW - 2)),), "–", "7", "7", "2.0 s"),
    "no commit yet, nothing sent yet": Case((seen(place(0, None, 0)),), "–", "0", "0", "–"),
    "expired offsets": Case((seen(place(0, None, 107, NOW - 2, start=100)),), "–", "107", "7", "2.0 s"),
    "deleted by retention": Case(
        (seen(place(0, 5, 107, NOW - 2, start=100)),), "5", "107", "7", "2.0 s",
        "p0: 95 requests were deleted by retention before anybody read them",
    ),
    "transaction markers at the end": Case((seen(PartitionOffsets(0, 1, 5, 6, 6, None, 0)),), "5", "6", "0", "–"),
    "age of the oldest not read yet": Case((seen(place(0, 5, 7)),), "5", "7", "2", "?"),
    "committed beyond the end": Case(
        (seen(place(0, 120, 5)),), "120", "5", "?", "?",
        "topic deleted and made anew: p0 has a committed offset beyond its end",
    ),
    "no leader": Case((seen(LEADERLESS),), "5", "?", "?", "?", "p0 has no leader: nobody can read or write there"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_row_says_what_is_known_and_why_the_rest_is_not(case: Case) -> None:
    figures = after(*case.events)
    row = shown(figures)
    assert (row["committed"], row["end"], row["lag"], row["oldest"]) == (
        case.committed,
        case.end,
        case.lag,
        case.oldest,
    )
    assert compact(figures.totals.lag) == case.lag, "the sum is unknown as long as one of its parts is"
    assert figures.note == case.because


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_lag_is_ever_negative(case: Case) -> None:
    figures = after(*case.events)
    assert all((row.lag or 0) >= 0 and (row.oldest_waiting_s or 0) >= 0 for row in figures.partitions)
    assert (figures.totals.lag or 0) >= 0


def test_a_topic_that_was_deleted_leaves_no_numbers_behind() -> None:
    figures = after(seen(place(0, 5, 7)), group(members=(replace(MEMBER, partitions=()),)))
    assert figures.partitions == ()
    assert figures.totals.lag is None


def test_without_permission_the_figures_grow_old_and_the_missing_one_is_named() -> None:
    said = "no permission: User:alice may not Describe group kcalc; to allow it: kafka-acls --add"
    figures = after(seen(place(0, 5, 7, NOW)), ObservationFailed(said, NOW + 1), now=NOW + 9)
    assert figures.age_s == 9.0
    assert line_text(age_line(figures, 80, UNICODE)).startswith("no permission: User:alice may not Describe group")
    assert said in [reason.what for reason in figures.reasons]


def test_without_permission_from_the_start_nothing_is_known_and_the_reason_is() -> None:
    figures = after(ObservationFailed("no permission: Describe group kcalc", NOW))
    assert (figures.partitions, figures.age_s, figures.totals.lag) == ((), None, None)
    assert figures.note == "no permission: Describe group kcalc"


def test_while_the_broker_is_away_the_sum_is_unknown_and_the_age_grows() -> None:
    figures = after(seen(place(0, 5, 7, NOW)), LinkChanged(Link.NO_BROKER, "", NOW + 1), now=NOW + 14)
    assert (figures.totals.lag, figures.group_state, figures.age_s) == (None, None, 14.0)
    assert shown(figures)["lag"] == "2", "what was seen stays, dimmed, beside its age"


def test_an_owner_that_nobody_looked_for_yet_is_unknown_and_one_that_is_not_there_is_nobody() -> None:
    assert shown(after(group(place(0, 5, 7))))["worker"] == "– nobody"
    assert after().partitions == ()


def test_a_group_of_the_new_protocol_is_named_and_not_dead() -> None:
    figures = after(replace(seen(place(0, 5, 5)), new_protocol=True))
    assert (figures.new_protocol, figures.group_state) == (True, "Stable")
    moving = after(replace(seen(place(0, 5, 5), state="Reconciling"), new_protocol=True))
    assert moving.note.startswith("rebalance under way: partitions change hands one by one")


def test_the_trend_is_unknown_at_first_and_then_the_growth_of_the_lag_per_second() -> None:
    assert shown(after(seen(place(0, 5, 7))))["trend"] == "?"
    grows = after(seen(place(0, 5, 7)), seen(place(0, 5, 15), at=NOW + 2))
    assert shown(grows)["trend"] == "↑ 4.0"
    shrinks = after(seen(place(0, 5, 15)), seen(place(0, 11, 15), at=NOW + 2))
    assert shown(shrinks)["trend"] == "↓ 3.0"
    stays = after(seen(place(0, 5, 15)), seen(place(0, 15, 25), at=NOW + 2))
    assert shown(stays)["trend"] == "→"


def test_the_trend_of_a_topic_made_anew_begins_afresh() -> None:
    anew = after(seen(place(0, 5, 15)), seen(place(0, 0, 3), at=NOW + 1))
    assert anew.partitions[0].lag_per_s is None
