"""`kcalc topics`: list, describe, create and delete topics."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tui.commands.cluster import admin_of, cluster
from tui.commands.configuring import configured
from tui.commands.edge import EXIT_CODES, USAGE, CommandError, command, run, say
from tui.commands.options import AsJson, ConfigFile, ProfileName, ReadOnly, Servers
from tui.commands.topic_figures import TopicRow, looked_up

if TYPE_CHECKING:
    from tui.clients.topics import NewTopicPlan
    from tui.settings import Settings, TopicSettings

app = typer.Typer(help="List, describe, create and delete topics.", no_args_is_help=True, rich_markup_mode=None)

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Topics [default: kcalc's three].")]

COLUMNS = ("name", "partitions", "replication", "messages", "retention", "used for")


@app.command("list", epilog=EXIT_CODES)
@command
def list_topics(
    as_json: AsJson = False,
    read_only: ReadOnly = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """List the topics with partitions, replication, messages and retention."""
    settings = configured(config, bootstrap_servers, profile, read_only=read_only).settings
    run(_list(settings, as_json))


async def _list(settings: "Settings", as_json: bool) -> None:
    async with cluster(settings) as connection:
        topics = [topic.row for topic in await looked_up(connection, settings.topics)]
    if as_json:
        print(json.dumps([asdict(topic) for topic in topics], indent=2))
        return
    if not topics:
        say("no topics; kcalc topics create creates those of kcalc")
        return
    rows = [COLUMNS, *(_cells(topic) for topic in topics)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command("describe", epilog=EXIT_CODES)
@command
def describe_topics(
    names: Names = None,
    as_json: AsJson = False,
    read_only: ReadOnly = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Describe topics partition by partition: leader, first and next offset, messages."""
    settings = configured(config, bootstrap_servers, profile, read_only=read_only).settings
    run(_describe(settings, names or list(settings.topics.uses), as_json))


async def _describe(settings: "Settings", names: Sequence[str], as_json: bool) -> None:
    async with cluster(settings) as connection:
        topics = await looked_up(connection, settings.topics, names)
    if as_json:
        print(json.dumps([asdict(topic) for topic in topics], indent=2))
        return
    for topic in topics:
        print("  ".join(f"{column}: {cell}" for column, cell in zip(COLUMNS, _cells(topic), strict=True) if cell))
        print("  " + "  ".join(f"{key}={value}" for key, value in topic.configs.items()))
        for row in topic.partition_details:
            leader = "none" if row.leader is None else row.leader
            span = "" if row.begin is None else f"  offsets {row.begin} to {row.end}  messages {row.messages}"
            print(f"  partition {row.partition}  leader {leader}{span}")


@app.command("create", epilog=EXIT_CODES)
@command
def create_topics(
    names: Names = None,
    partitions: Annotated[int | None, typer.Option(metavar="N", help="[default: topics.partitions, 4]")] = None,
    replication: Annotated[
        int | None,
        typer.Option(metavar="N", help="Copies of each partition [default: topics.replication, 1]."),
    ] = None,
    retention_hours: Annotated[float | None, typer.Option(metavar="H", help="[default: 24]")] = None,
    retention_mb: Annotated[int | None, typer.Option(metavar="MB", help="Per partition [default: 256].")] = None,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Create topics; without a name those of kcalc that are missing."""
    settings = configured(
        config,
        bootstrap_servers,
        profile,
        writes="no topic is created",
        topics__partitions=("--partitions", partitions),
        topics__replication=("--replication", replication),
        topics__retention_hours=("--retention-hours", retention_hours),
        topics__retention_mb=("--retention-mb", retention_mb),
    ).settings
    run(_create(settings, names or []))


async def _create(settings: "Settings", names: Sequence[str]) -> None:
    from tui.clients.topics import describe, ensure

    wanted = _plans(settings.topics, names)
    async with cluster(settings) as connection, admin_of(connection) as admin:
        present = await describe(admin)
        there = [plan.name for plan in wanted if plan.name in present]
        if names and there:
            raise CommandError(f"topic {there[0]} exists already, with {present[there[0]].partitions} partitions")
        created = await ensure(admin, wanted)
    for plan in wanted:
        print(f"{plan.name}: {'created' if plan.name in created else 'exists already'}")


def _plans(topics: "TopicSettings", names: Sequence[str]) -> "list[NewTopicPlan]":
    from tui.clients.topics import plan_for, plans

    return [plan_for(topics, _allowed(name)) for name in dict.fromkeys(names)] or list(plans(topics))


def _allowed(name: str) -> str:
    from tui.config_rules import problem
    from tui.settings import Name

    wrong = problem(name, Name)
    if wrong or name in (".", ".."):
        raise CommandError(f"a topic's name: {wrong or f'{name} is none'}", USAGE)
    return name


@app.command("delete", epilog=EXIT_CODES)
@command
def delete_topics(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Topics to delete.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Delete topics with all their messages; asks before it does."""
    settings = configured(config, bootstrap_servers, profile, writes="no topic is deleted").settings
    run(_delete(settings, list(dict.fromkeys(names)), yes))


async def _delete(settings: "Settings", names: Sequence[str], yes: bool) -> None:
    from tui.clients.topics import delete

    async with cluster(settings) as connection:
        messages = {topic.name: topic.messages for topic in await looked_up(connection, settings.topics, names)}
        if not yes:
            _confirm(messages)
        async with admin_of(connection) as admin:
            await delete(admin, names)
    for name in names:
        print(f"{name}: deleted")


def _confirm(messages: dict[str, int]) -> None:
    if not sys.stdin.isatty():
        raise CommandError("deleting topics needs --yes when nobody can be asked", USAGE)
    text = ", ".join(f"{name} with {count} messages" for name, count in messages.items())
    typer.confirm(f"Delete {text}?", abort=True, err=True)


def _cells(topic: TopicRow) -> tuple[str, ...]:
    return (
        topic.name,
        str(topic.partitions),
        str(topic.replication),
        str(topic.messages),
        topic.retention,
        topic.used_for or "",
    )
