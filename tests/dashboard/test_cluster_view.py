"""The view "cluster": what is in the cluster, what may not be seen, and topics made, grown and deleted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.dashboard.fake_cluster import (
    FakeCluster,
    broker,
    group,
    member,
    seeded_cluster,
    topic,
    without_permissions,
)
from tests.dashboard.fakes import FakeSession, seeded_figures
from tests.dashboard.shown import opened, screen_text, until
from tui.clients.described import ClusterDescription, MemberDescription, MissingPermission
from tui.dashboard.app import KcalcApp
from tui.dashboard.cluster_looks import Looking
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.screens.topic_boxes import TopicBox
from tui.dashboard.widgets.cluster_lines import cluster_rows
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.topic_changes import name_problem, number_problem
from tui.events import Link
from tui.session import ClusterRefused


@pytest.fixture
def cluster(session: FakeSession) -> FakeCluster:
    """The cluster of the session."""
    assert session.cluster is not None
    return session.cluster


@asynccontextmanager
async def at_cluster(
    session: FakeSession, size: tuple[int, int] = (80, 40)
) -> AsyncIterator[tuple[KcalcApp, Pilot[None]]]:
    """The dashboard with the view open and the first look, or its failure, shown."""
    async with opened(session, size) as (app, pilot):
        await pilot.press("escape", "5")
        await until(lambda: isinstance(app.screen, ClusterView))
        looking = view(app).looking
        await until(lambda: looking.latest or looking.trouble)
        app.tick()
        await pilot.pause()
        yield app, pilot


def view(app: KcalcApp) -> ClusterView:
    """The view, under a box if one is open."""
    return next(screen for screen in app.screen_stack if isinstance(screen, ClusterView))


def selected(app: KcalcApp) -> str:
    """The line with the mark."""
    (line,) = [line for line in screen_text(app).splitlines() if "▸" in line and line.startswith("│")]
    return line


def told(app: KcalcApp) -> str:
    """What the toasts say."""
    return "\n".join(str(toast.render()) for toast in app.screen.query("Toast").results(Static))


async def select(app: KcalcApp, pilot: Pilot[None], name: str) -> None:
    """Select a topic by keys."""
    rows = view(app).query_one(ClusterList)
    await pilot.press(*["up"] * 30)
    for _ in range(60):
        if rows.topic is not None and rows.topic.name == name:
            return
        await pilot.press("down")
    pytest.fail(f"no topic {name}")


def text_of(described: ClusterDescription, cells: int = 76, glyphs: Glyphs = UNICODE) -> list[str]:
    return [line_text(each.line).rstrip() for each in cluster_rows(described, cells, glyphs)]


def test_it_says_brokers_topics_groups_and_that_no_permission_is_missing() -> None:
    assert text_of(seeded_cluster()) == [
        "Brokers       address                               rack",
        "1             b1.example:9092                       rack-1",
        "2             b2.example:9092                       rack-2        controller",
        "3             b3.example:9092                       rack-3",
        "",
        "Topics                 partitions  replicas  in sync      size  used for",
        "kcalc.requests                  4         3      3/3    12 KiB  requests",
        "kcalc.results                   4         3      3/3   1.2 MiB  results",
        "kcalc.requests.dlq              4         3      3/3       0 B  dead letters",
        "orders                         12         3      2/3    78 GiB  ▲ 5 behind",
        "__consumer_offsets             50         3      3/3   4.0 KiB  internal",
        "",
        "Groups                            state             kind             members",
        "billing                           STABLE            new protocol           1",
        "  b-1  /10.0.0.9",
        "connect-1                         EMPTY             connect                0",
        "kcalc                             STABLE            consumer               3",
        "  client-0  /10.0.0.7  kcalc.requests p0 p3",
        "  client-1  /10.0.0.7  kcalc.requests p1",
        "  client-2  /10.0.0.7  kcalc.requests p2",
        "",
        "Permissions of User:alice: none is missing",
    ]


def test_what_may_not_be_seen_is_said_in_its_place_with_the_command_that_helps() -> None:
    lines = text_of(without_permissions())
    assert "  controller ?" in lines
    assert "kcalc.requests                  4         3      3/3         ?  requests" in lines
    assert "  sizes: no permission: DESCRIBE on cluster" in lines
    assert "  other groups: no permission: DESCRIBE on cluster" in lines
    assert lines[-7:] == [
        "Missing permissions of User:alice",
        "✖ Write topic kcalc.requests  to send",
        "  kafka-acls --bootstrap-server b1.example:9092 --add --allow-principal \\",
        "    User:alice --operation Write --topic kcalc.requests",
        "✖ Describe cluster  to see sizes, controller and all groups",
        "  kafka-acls --bootstrap-server b1.example:9092 --add --allow-principal \\",
        "    User:alice --operation Describe --cluster",
    ]


def test_the_printed_command_is_whole_again_when_its_lines_are_joined() -> None:
    described = without_permissions()
    for cells in (40, 76, 116):
        text = "\n".join(text_of(described, cells))
        joined = " ".join(text.replace("\\\n", " ").split())
        for permission in described.missing:
            assert permission.granted_by in joined


def test_a_group_of_the_new_protocol_is_named_as_such_and_not_called_dead() -> None:
    unknown = group("billing", state="", kind="", new_protocol=True, members=None, trouble="this broker says no more")
    lines = text_of(seeded_cluster(groups=(unknown,)), 116)
    (line,) = [line for line in lines if line.startswith("billing")]
    assert line.split() == ["billing", "?", "new", "protocol", "?"]
    assert "  members: this broker says no more" in lines


def test_a_controller_that_is_no_broker_is_named() -> None:
    brokers = (broker(1), broker(2, controller=False))
    assert "  controller 3000, which is no broker" in text_of(seeded_cluster(brokers=brokers, controller=3000))


def test_a_topic_without_leaders_is_marked() -> None:
    lines = text_of(seeded_cluster(topics=(topic("orders", leaderless=2, in_sync=0),)))
    assert any("✖ 2 offline" in line for line in lines)


@pytest.mark.parametrize("cells", [20, 36, 76, 116, 196])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_is_longer_than_the_window_and_foreign_text_is_harmless(cells: int, glyphs: Glyphs) -> None:
    evil = "x\x1b[2J\u202e" + "y" * 300
    described = seeded_cluster(
        cluster_id=evil,
        principal=evil,
        brokers=(broker(1, host=evil, rack=evil),),
        topics=(topic(evil, partitions=10**9, size_bytes=10**18, leaderless=10**6),),
        groups=(
            group(
                evil,
                state=evil,
                kind=evil,
                trouble=evil,
                members=tuple(MemberDescription(evil, evil, ((evil, tuple(range(99))),)) for _ in range(99)),
            ),
        ),
        missing=(MissingPermission(evil, (evil,), evil),),
        sizes_trouble=evil,
        groups_trouble=evil,
    )
    rows = cluster_rows(described, cells, glyphs)
    assert max(line_cells(each.line) for each in rows) <= cells
    text = "".join(line_text(each.line) for each in rows)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not glyphs.ascii or text.isascii()


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


async def test_a_key_opens_it_and_another_one_leads_back(session: FakeSession, cluster: FakeCluster) -> None:
    async with at_cluster(session) as (app, pilot):
        text = screen_text(app)
        assert "b2.example:9092" in text
        assert "id Zm9vYmFyYmF6cXV4cXV1eA" in text
        assert "3 brokers · 5 topics · 3 groups" in text
        await pilot.press("1")
        await until(lambda: "Partition ▸ worker" in screen_text(app))
        await until(lambda: cluster.calls[-1] == "close")


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
