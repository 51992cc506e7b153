"""The cluster as rows: brokers, topics, groups with their members, and which permission is missing where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.clients.described import (
    BrokerDescription,
    ClusterDescription,
    GroupDescription,
    MemberDescription,
    MissingPermission,
    TopicInCluster,
)
from tui.dashboard.formatting import byte_size, clean, count
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.columns import Column, Fitted, fit, row
from tui.dashboard.widgets.drawing import Line, cut, hue_role, line_cells
from tui.dashboard.widgets.header import state_word

Subject: TypeAlias = tuple[str, ...]
"""What a row is about: ("topic", NAME), ("broker", ID), ("group", NAME)…"""

_NAME_CELLS = 249
_WORDS_CELLS = 400
_MEMBERS_SHOWN = 20
_PLACES_SHOWN = 24

_BROKERS = (
    Column("id", "Brokers", 10, 0, grow=1, most=12),
    Column("address", "address", 15, 1, grow=3, most=48),
    Column("rack", "rack", 6, 3, grow=1, most=16),
    Column("role", "", 10, 2),
)
_TOPICS = (
    Column("name", "Topics", 18, 0, grow=4, most=60),
    Column("partitions", "partitions", 10, 1, right=True),
    Column("replicas", "replicas", 8, 4, right=True),
    Column("in_sync", "in sync", 7, 3, right=True),
    Column("size", "size", 8, 2, right=True),
    Column("used_for", "used for", 12, 5),
)
_GROUPS = (
    Column("name", "Groups", 16, 0, grow=4, most=60),
    Column("state", "state", 12, 1, grow=1, most=20),
    Column("kind", "kind", 12, 3, grow=1, most=16),
    Column("members", "members", 7, 2, right=True),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Without a subject it cannot be selected."""

    line: Line
    subject: Subject = ()


def cluster_rows(cluster: ClusterDescription, cells: int, glyphs: Glyphs) -> list[Row]:
    """Everything that was found, in lines of at most `cells` cells."""
    blocks = (
        _brokers(cluster, cells, glyphs),
        _topics(cluster, cells, glyphs),
        _groups(cluster, cells, glyphs),
        _permissions(cluster, cells, glyphs),
    )
    rows: list[Row] = []
    for block in blocks:
        rows += [*([Row(())] if rows else []), *block]
    return [Row(cut(each.line, cells, glyphs.ellipsis), each.subject) for each in rows]


def _brokers(cluster: ClusterDescription, cells: int, glyphs: Glyphs) -> Iterator[Row]:
    fitted = fit(_BROKERS, cells)
    yield Row(_title(fitted, glyphs))
    for broker in cluster.brokers:
        yield Row(_broker(broker, fitted, glyphs), ("broker", str(broker.id)))
    if cluster.controller is None:
        yield Row(_aside(f"controller {UNKNOWN}"))
    elif not any(broker.controller for broker in cluster.brokers):
        yield Row(_aside(f"controller {cluster.controller}, which is no broker"))


def _broker(broker: BrokerDescription, fitted: Fitted, glyphs: Glyphs) -> Line:
    cells: dict[str, Line] = {
        "id": ((str(broker.id), "strong"),),
        "address": ((clean(f"{broker.host}:{broker.port}", _NAME_CELLS, glyphs), "text"),),
        "rack": ((clean(broker.rack or glyphs.nothing, _NAME_CELLS, glyphs), "muted"),),
        "role": (("controller", "muted"),) if broker.controller else (),
    }
    return row(fitted, cells, glyphs.ellipsis)


def _topics(cluster: ClusterDescription, cells: int, glyphs: Glyphs) -> Iterator[Row]:
    fitted = fit(_TOPICS, cells)
    yield Row(_title(fitted, glyphs))
    for topic in cluster.topics:
        yield Row(_topic(topic, fitted, glyphs), ("topic", topic.name))
    if not cluster.topics:
        yield Row(_aside("none that may be seen"))
    if cluster.sizes_trouble:
        yield Row(_trouble("sizes", cluster.sizes_trouble, glyphs))


def _topic(topic: TopicInCluster, fitted: Fitted, glyphs: Glyphs) -> Line:
    role = "muted" if topic.internal else "strong" if topic.used_for else "text"
    behind = topic.in_sync < topic.replication
    cells: dict[str, Line] = {
        "name": ((clean(topic.name, _NAME_CELLS, glyphs), role),),
        "partitions": ((count(topic.partitions), role),),
        "replicas": ((str(topic.replication), "muted"),),
        "in_sync": ((f"{topic.in_sync}/{topic.replication}", "warning" if behind else "muted"),),
        "size": ((byte_size(topic.size_bytes), "muted"),),
        "used_for": ((topic.used_for or ("internal" if topic.internal else ""), "muted"),),
    }
    if topic.leaderless:
        cells["used_for"] = ((f"{glyphs.failed} {topic.leaderless} offline", "error"),)
    elif topic.under_replicated:
        cells["used_for"] = ((f"{glyphs.attention} {topic.under_replicated} behind", "warning"),)
    return row(fitted, cells, glyphs.ellipsis)


def _groups(cluster: ClusterDescription, cells: int, glyphs: Glyphs) -> Iterator[Row]:
    fitted = fit(_GROUPS, cells)
    yield Row(_title(fitted, glyphs))
    for group in cluster.groups:
        yield Row(_group(group, fitted, glyphs), ("group", group.name))
        if group.trouble:
            yield Row(_trouble("members", group.trouble, glyphs))
        members = group.members or ()
        for member in members[:_MEMBERS_SHOWN]:
            yield Row(_member(member, glyphs), ("member", group.name, member.client_id))
        if len(members) > _MEMBERS_SHOWN:
            yield Row(_aside(f"  and {len(members) - _MEMBERS_SHOWN} more"))
    if not cluster.groups:
        yield Row(_aside("none that may be seen"))
    if cluster.groups_trouble:
        yield Row(_trouble("other groups", cluster.groups_trouble, glyphs))


def _group(group: GroupDescription, fitted: Fitted, glyphs: Glyphs) -> Line:
    kind = "new protocol" if group.new_protocol and group.kind in ("", "consumer") else group.kind or glyphs.nothing
    state = state_word(group.state or UNKNOWN, glyphs)
    cells: dict[str, Line] = {
        "name": ((clean(group.name, _NAME_CELLS, glyphs), "strong"),),
        "state": ((state, "success" if group.state == "Stable" else "text"),),
        "kind": ((clean(kind, _NAME_CELLS, glyphs), "muted"),),
        "members": ((UNKNOWN if group.members is None else str(len(group.members)), "text"),),
    }
    return row(fitted, cells, glyphs.ellipsis)


def _member(member: MemberDescription, glyphs: Glyphs) -> Line:
    return (
        ("  ", "text"),
        (clean(member.client_id, _NAME_CELLS, glyphs), hue_role(member.client_id)),
        (f"  {clean(member.host, _NAME_CELLS, glyphs)}", "muted"),
        *((f"  {_places(topic, partitions, glyphs)}", "text") for topic, partitions in member.partitions),
    )


def _places(topic: str, partitions: Sequence[int], glyphs: Glyphs) -> str:
    shown = " ".join(f"p{number}" for number in partitions[:_PLACES_SHOWN])
    more = f" +{len(partitions) - _PLACES_SHOWN}" if len(partitions) > _PLACES_SHOWN else ""
    return f"{clean(topic, _NAME_CELLS, glyphs)} {shown}{more}"


def _permissions(cluster: ClusterDescription, cells: int, glyphs: Glyphs) -> Iterator[Row]:
    who = clean(cluster.principal, _NAME_CELLS, glyphs)
    if cluster.permissions_trouble:
        yield Row((("Permissions", "title"), (f" of {who}", "muted")))
        yield Row(_trouble(UNKNOWN, cluster.permissions_trouble, glyphs))
    elif not cluster.missing:
        yield Row((("Permissions", "title"), (f" of {who}: none is missing", "muted")))
    else:
        yield Row((("Missing permissions", "title"), (f" of {who}", "muted")))
        for permission in cluster.missing:
            yield from _missing(permission, cells, glyphs)


def _missing(permission: MissingPermission, cells: int, glyphs: Glyphs) -> Iterator[Row]:
    what = clean(permission.what, _NAME_CELLS, glyphs)
    subject = ("permission", permission.what)
    line: Line = (
        (f"{glyphs.failed} ", "error"), (what, "strong"), (f"  to {', '.join(permission.needed_to)}", "muted")
    )  # fmt: skip
    yield Row(line, subject)
    for part in _command(clean(permission.granted_by, _WORDS_CELLS, glyphs), cells - 4):
        yield Row(((f"  {part}", "muted"),), subject)


def _command(text: str, cells: int) -> Iterator[str]:
    """A command line in as many lines as it needs, each of them but the last going on with a backslash."""
    line = ""
    for word in text.split(" "):
        if line and line_cells(((f"{line} {word}", ""),)) > cells:
            yield f"{line} \\"
            line = f"  {word}"
        else:
            line = f"{line} {word}" if line else word
    yield line


def _title(fitted: Fitted, glyphs: Glyphs) -> Line:
    first = fitted[0][0].name
    cells: dict[str, Line] = {
        column.name: ((column.title, "title" if column.name == first else "muted"),) for column, _ in fitted
    }
    return row(fitted, cells, glyphs.ellipsis)


def _aside(words: str) -> Line:
    return ((f"  {words}", "muted"),)


def _trouble(what: str, words: str, glyphs: Glyphs) -> Line:
    return ((f"  {what}: ", "muted"), (clean(words, _WORDS_CELLS, glyphs), "warning"))
