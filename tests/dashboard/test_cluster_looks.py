"""The looks at the cluster: one at a time, as long as it is shown, and what they could not see is said."""

import asyncio

import pytest

from tests.dashboard.at_cluster import at_cluster, told, view
from tests.dashboard.fake_cluster import FakeCluster
from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import seeded_figures
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.cluster_looks import Looking
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.events import Link
from tui.session import ClusterRefused


async def test_nothing_is_asked_before_it_is_shown_and_after_it_was_left(
    session: FakeSession, cluster: FakeCluster
) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "3")
        await until(lambda: app.screen.query("RebalanceLog"))
        assert cluster.calls == []
        await pilot.press("5")
        await until(lambda: cluster.calls == ["describe"])
        looking = view(app).looking
        await pilot.press("escape")
        await until(lambda: cluster.calls == ["describe", "close"])
        looking.now()
        await pilot.pause()
        assert cluster.calls == ["describe", "close"]


async def test_a_slow_cluster_is_asked_once_at_a_time_and_keys_go_on(
    session: FakeSession, cluster: FakeCluster
) -> None:
    cluster.open.clear()
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "5")
        await until(lambda: "describe" in cluster.calls)
        app.tick()
        await until(lambda: "looking at the cluster" in screen_text(app))
        view(app).looking.now()
        await pilot.press("m")
        await until(lambda: "wait until the cluster is known" in told(app))
        assert cluster.calls == ["describe"]
        await pilot.press("1")
        await until(lambda: cluster.calls == ["describe", "close"])


async def test_an_age_is_shown_and_what_is_old_is_dimmed(
    session: FakeSession, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(ClusterView, "CLOCK", lambda: now[0])
    async with at_cluster(session) as (app, _):
        rows = view(app).query_one(ClusterList)
        assert "0.0 s" in screen_text(app)
        assert not rows.has_class("-old")
        cluster.open.clear()
        now[0] += 12.0
        app.tick()
        await until(lambda: "12 s" in screen_text(app))
        assert rows.has_class("-old")


async def test_a_broker_that_is_gone_is_said_and_what_was_known_stays(
    session: FakeSession, cluster: FakeCluster
) -> None:
    async with at_cluster(session) as (app, _):
        looking = view(app).looking
        cluster.fails = ClusterRefused("no broker answers at b1.example:9092")
        looking.now()
        await until(lambda: looking.trouble)
        app.tick()
        await until(lambda: "no broker answers at b1.example:9092" in screen_text(app))
        assert "kcalc.requests" in screen_text(app)
        cluster.fails = None
        looking.now()
        await until(lambda: not looking.trouble)
        app.tick()
        await until(lambda: "no broker answers" not in screen_text(app))


async def test_without_a_broker_it_says_so_before_a_look_has_failed(session: FakeSession, cluster: FakeCluster) -> None:
    cluster.open.clear()
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "5")
        await until(lambda: "describe" in cluster.calls)
        app.tick()
        await until(lambda: "looking at the cluster" in screen_text(app))
        session.ledger.current = seeded_figures(link=Link.NO_BROKER, link_detail="b1.example:9092 does not answer")
        app.tick()
        await until(lambda: "│   no broker: b1.example:9092 does not answer" in screen_text(app))
        assert "looking at the cluster" not in screen_text(app)


async def test_a_look_that_fails_in_an_unforeseen_way_is_said_and_the_next_one_comes(
    session: FakeSession, cluster: FakeCluster
) -> None:
    cluster.fails = AssertionError("what nobody foresaw")
    looking = Looking(session, lambda: 0.0)
    looking.start()
    await until(lambda: looking.trouble == "AssertionError: what nobody foresaw")
    cluster.fails = None
    looking.now()
    await until(lambda: looking.latest)
    looking.stop()


async def test_while_kcalc_starts_there_is_nothing_to_ask(session: FakeSession, cluster: FakeCluster) -> None:
    session.cluster = None
    looking = Looking(session, lambda: 0.0)
    looking.start()
    await asyncio.sleep(0)
    assert looking.latest is None
    session.cluster = cluster
    looking.now()
    await until(lambda: looking.latest is cluster.current)
    looking.stop()
