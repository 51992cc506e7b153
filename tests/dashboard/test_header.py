"""The header says which broker, which topics, which group, and how they are."""

import pytest

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import first_figures, seeded_figures, worker
from tui.dashboard.glyphs import ASCII, UNICODE
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.header import header_parts, short_names
from tui.dashboard.widgets.parts import Part, fitting
from tui.events import Link, WorkerState
from tui.ledger.figures import Figures
from tui.settings import KafkaSettings, Settings, WorkerSettings


def header(session: FakeSession, figures: Figures) -> str:
    parts = header_parts(figures, session, UNICODE, leaving=False)
    return "   ".join(line_text(part.line) for part in parts)


def test_the_header_says_where_the_broker_runs() -> None:
    own = FakeSession()
    neighbours = FakeSession(broker_owned=False)
    cluster = FakeSession(
        settings=Settings(kafka=KafkaSettings(bootstrap_servers="b:9092")),
        broker_embedded=False, broker_owned=False, broker_address="b:9092",
    )  # fmt: skip
    assert header(own, seeded_figures()).startswith("kcalc ● embedded   ")
    assert header(neighbours, seeded_figures()).startswith("kcalc ● embedded 127.0.0.1:19092   ")
    assert header(cluster, seeded_figures()).startswith("kcalc ● b:9092   brokers 1   ")
    assert header(cluster, seeded_figures(link=Link.NO_BROKER)).startswith("kcalc ✖ no broker b:9092")
    assert header(cluster, seeded_figures(link=Link.REFUSED)).startswith("kcalc ✖ refused b:9092")


def test_the_header_says_how_the_workers_here_deliver() -> None:
    exactly = FakeSession(settings=Settings(workers=WorkerSettings(delivery="exactly_once")))
    assert header(FakeSession(), seeded_figures()).endswith("   at least once")
    assert header(exactly, seeded_figures()).endswith("   exactly once")


def test_the_header_says_how_the_group_is(session: FakeSession) -> None:
    assert "group kcalc STABLE g8" in header(session, seeded_figures())
    moving = header(session, seeded_figures(group_state="PreparingRebalance", generation=None))
    assert "group kcalc PREPARING REBALANCE   " in moving
    assert "group kcalc ?" in header(session, first_figures())


def test_the_header_names_a_group_of_the_new_protocol(session: FakeSession) -> None:
    assert "group kcalc STABLE g8 new protocol" in header(session, seeded_figures(new_protocol=True))


@pytest.mark.parametrize("state", [None, "Dead", "Empty"])
def test_a_group_whose_workers_have_not_joined_yet_is_forming(session: FakeSession, state: str | None) -> None:
    assert "group kcalc forming   " in header(session, seeded_figures(group_state=state))
    stopped = (worker("client-0", state=WorkerState.STOPPED),)
    left = header(session, seeded_figures(group_state=state, workers=stopped))
    assert f"group kcalc {'no members' if state else '?'}   " in left
    away = header(session, seeded_figures(group_state=state, link=Link.NO_BROKER))
    assert "forming" not in away


def test_a_group_state_of_a_foreign_broker_is_only_text(session: FakeSession) -> None:
    assert "\x1b" not in header(session, seeded_figures(group_state="\x1b[31m\u202e"))


def test_topics_are_named_without_the_prefix_they_share() -> None:
    assert short_names("kcalc.requests", "kcalc.results") == ("requests", "results")
    assert short_names("a.requests", "b.results") == ("a.requests", "b.results")
    assert short_names("requests", "results") == ("requests", "results")


def test_what_does_not_fit_goes_by_rank() -> None:
    parts = [Part((("aaaa", "text"),), 0), Part((("bbbb", "text"),), 2), Part((("cccc", "text"),), 1)]
    assert [part.rank for part in fitting(parts, 14, 1)] == [0, 2, 1]
    assert [part.rank for part in fitting(parts, 13, 1)] == [0, 1]
    assert [part.rank for part in fitting(parts, 2, 1)] == [0]


def test_the_header_can_be_written_in_ascii(session: FakeSession) -> None:
    parts = header_parts(seeded_figures(), session, ASCII, leaving=False)
    assert all(line_text(part.line).isascii() for part in parts)
