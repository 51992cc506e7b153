"""The view "cluster" is a key away; its rows are selected by arrows, pages and clicks."""

from dataclasses import replace

from tests.dashboard.at_cluster import at_cluster, view
from tests.dashboard.fake_cluster import FakeCluster, group, member, seeded_cluster, topic
from tests.dashboard.fakes import FakeSession
from tests.dashboard.shown import screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.widgets.cluster_list import ClusterList


def selected(app: KcalcApp) -> str:
    """The line with the mark."""
    (line,) = [line for line in screen_text(app).splitlines() if "▸" in line and line.startswith("│")]
    return line


async def test_a_key_opens_it_and_another_one_leads_back(session: FakeSession, cluster: FakeCluster) -> None:
    async with at_cluster(session) as (app, pilot):
        text = screen_text(app)
        assert "b2.example:9092" in text
        assert "id Zm9vYmFyYmF6cXV4cXV1eA" in text
        assert "3 brokers · 5 topics · 3 groups" in text
        await pilot.press("1")
        await until(lambda: "Partition ▸ worker" in screen_text(app))
        await until(lambda: cluster.calls[-1] == "close")


async def test_arrows_select_row_by_row_and_the_selection_stays_when_another_look_comes(
    session: FakeSession, cluster: FakeCluster
) -> None:
    async with at_cluster(session) as (app, pilot):
        assert "kcalc.requests" in selected(app)
        await pilot.press("down", "down", "down")
        await until(lambda: "orders" in selected(app))
        more = (cluster.current.topics[0], topic("another"), *cluster.current.topics[1:])
        cluster.current = replace(cluster.current, topics=more)
        looking = view(app).looking
        looking.now()
        await until(lambda: looking.latest is cluster.current)
        app.tick()
        await until(lambda: "another" in screen_text(app))
        assert "orders" in selected(app)
        await pilot.press(*["up"] * 20)
        await until(lambda: "b1.example" in selected(app))
        await pilot.press(*["down"] * 40)
        await until(lambda: "client-2" in selected(app))


async def test_a_long_list_scrolls_with_the_selection_and_a_click_selects(
    session: FakeSession, cluster: FakeCluster
) -> None:
    members = tuple(member(number, number) for number in range(15))
    cluster.current = seeded_cluster(groups=(group("kcalc", members=members),))
    async with at_cluster(session, (80, 20)) as (app, pilot):
        rows = view(app).query_one(ClusterList)
        await pilot.press("pagedown", "pagedown")
        await until(lambda: rows.scroll_offset.y)
        assert rows.topic is None
        assert "▸" in selected(app)
        await pilot.press("pageup", "pageup", "pageup")
        await until(lambda: not rows.scroll_offset.y)
        await pilot.click(ClusterList, offset=(6, 8))
        await until(lambda: rows.topic is not None and rows.topic.name == "kcalc.results")
