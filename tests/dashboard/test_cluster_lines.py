"""The cluster as lines: brokers, topics, groups, and what may not be seen in its place."""

import pytest

from tests.dashboard.fake_cluster import broker, group, seeded_cluster, topic, without_permissions
from tui.clients.described import ClusterDescription, MemberDescription, MissingPermission
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.cluster_lines import cluster_rows
from tui.dashboard.widgets.drawing import line_cells, line_text


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
