"""Topics are made, grown and deleted from the view of the cluster, after it was said what that does."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.dashboard.at_cluster import at_cluster, told, view
from tests.dashboard.fake_cluster import FakeCluster
from tests.dashboard.fakes import FakeSession
from tests.dashboard.shown import screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.screens.topic_boxes import TopicBox
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.dashboard.widgets.topic_changes import name_problem, number_problem
from tui.session import ClusterRefused


async def select(app: KcalcApp, pilot: Pilot[None], name: str) -> None:
    """Select a topic by keys."""
    rows = view(app).query_one(ClusterList)
    await pilot.press(*["up"] * 30)
    for _ in range(60):
        if rows.topic is not None and rows.topic.name == name:
            return
        await pilot.press("down")
    pytest.fail(f"no topic {name}")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("orders.v2_x-1", ""),
        ("", "name: type one"),
        ("orders", "name: topic orders exists already"),
        ("or/ders", "name: letters, digits, dots, dashes and underscores are allowed"),
        ("örders", "name: letters, digits, dots, dashes and underscores are allowed"),
        ("..", "name: letters, digits, dots, dashes and underscores are allowed"),
        ("x" * 250, "name: at most 249 characters are allowed"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(name: str, words: str) -> None:
    assert name_problem(name, {"orders"}) == words


@pytest.mark.parametrize(
    ("text", "fine"),
    [("2", True), ("5", True), ("1", False), ("6", False), ("", False), ("-3", False), ("3.0", False), ("٣", False)],
)
def test_a_number_must_be_whole_and_within_its_bounds(text: str, fine: bool) -> None:
    assert number_problem("partitions", text, 2, 5) == (
        "" if fine else "partitions: allowed is a whole number from 2 to 5"
    )
    assert number_problem("replication", "7", 1, 1) == "replication: only 1 is possible"


async def typed(app: KcalcApp, pilot: Pilot[None], **values: str) -> None:
    """Fill the fields of the box that is open, and enter."""
    await until(lambda: isinstance(app.screen, TopicBox) and app.screen.query(Input))
    for field, value in values.items():
        app.screen.query_one(f"#topic-{field}", Input).value = value
    await pilot.press("enter")


async def test_a_topic_is_made_after_what_was_typed_is_right(session: FakeSession, cluster: FakeCluster) -> None:
    async with at_cluster(session) as (app, pilot):
        await pilot.press("m")
        await typed(app, pilot, name="orders", partitions="6")
        await until(lambda: "topic orders exists already" in screen_text(app))
        await typed(app, pilot, name="orders.v2", replication="4")
        await until(lambda: "replication: allowed is a whole number from 1 to 3" in screen_text(app))
        await typed(app, pilot, replication="2")
        await until(lambda: "create_topic orders.v2 6 2" in cluster.calls)
        await until(lambda: "topic orders.v2 is there, with 6 partitions" in told(app))


async def test_letters_and_tab_belong_to_the_fields_of_a_box(session: FakeSession, cluster: FakeCluster) -> None:
    async with at_cluster(session) as (app, pilot):
        await pilot.press("m")
        await until(lambda: isinstance(app.screen, TopicBox) and app.screen.query(Input))
        await pilot.press(*"admq1", "tab", "backspace", "8", "enter")
        await until(lambda: "create_topic admq1 8 1" in cluster.calls)


async def test_adding_partitions_says_what_that_does_to_keys_and_from_how_many_to_how_many(
    session: FakeSession, cluster: FakeCluster
) -> None:
    async with at_cluster(session) as (app, pilot):
        await pilot.press("a")
        await until(lambda: "kcalc.requests: 4 → 8" in screen_text(app))
        assert "Keys map to other partitions from now on" in screen_text(app)
        assert "share all partitions anew" in screen_text(app)
        await typed(app, pilot, total="4")
        await until(lambda: "in all: allowed is a whole number from 5 to 1000" in screen_text(app))
        await typed(app, pilot, total="6")
        await until(lambda: "add_partitions kcalc.requests 6" in cluster.calls)
        await until(lambda: "topic kcalc.requests has 6 partitions" in told(app))


async def test_partitions_are_added_only_to_what_is_selected_and_not_kafkas_own(
    session: FakeSession, cluster: FakeCluster
) -> None:
    async with at_cluster(session) as (app, pilot):
        await select(app, pilot, "__consumer_offsets")
        await pilot.press("a")
        await until(lambda: "Kafka's own topics are not to be changed" in told(app))
        await pilot.press("down", "a")
        await until(lambda: "select a topic first" in told(app))


async def test_a_topic_of_kcalc_is_deleted_once_its_name_was_typed(session: FakeSession, cluster: FakeCluster) -> None:
    async with at_cluster(session) as (app, pilot):
        await select(app, pilot, "kcalc.results")
        await pilot.press("d")
        await until(lambda: "Type kcalc.results to delete it" in screen_text(app))
        assert "4 partitions, 1.2 MiB" in screen_text(app)
        await typed(app, pilot, name="kcalc.result")
        await until(lambda: "that is not kcalc.results: nothing was deleted" in screen_text(app))
        await typed(app, pilot, name="kcalc.results")
        await until(lambda: "delete_topic kcalc.results" in cluster.calls)
        await until(lambda: "topic kcalc.results was deleted with all it held" in told(app))


async def test_a_topic_of_somebody_else_is_not_deleted_and_escape_changes_nothing(
    session: FakeSession, cluster: FakeCluster
) -> None:
    async with at_cluster(session) as (app, pilot):
        await select(app, pilot, "orders")
        await pilot.press("d")
        await until(lambda: "only kcalc's own topics are deleted from here" in told(app))
        await select(app, pilot, "kcalc.results")
        await pilot.press("d")
        await until(lambda: isinstance(app.screen, TopicBox))
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ClusterView))
        assert not [call for call in cluster.calls if call.startswith("delete")]


async def test_what_the_cluster_refuses_is_told_in_words(session: FakeSession, cluster: FakeCluster) -> None:
    async with at_cluster(session) as (app, pilot):
        cluster.fails = ClusterRefused("no permission: User:alice may not Alter topic kcalc.requests")
        await pilot.press("a")
        await typed(app, pilot, total="6")
        await until(lambda: "could not add partitions to kcalc.requests" in told(app))
