"""`kcalc results`: the results topic, as lines or as JSON lines."""

import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from tui.commands.cluster import admin_of, cluster, reader_of, unreachable
from tui.commands.configuring import configured, operations_of
from tui.commands.edge import CommandError, command, run, say
from tui.commands.lines import escaped, json_line, line
from tui.commands.options import AsJson, ConfigFile, ProfileName, ReadOnly, Servers

if TYPE_CHECKING:
    from tui.calc.messages import Result
    from tui.calc.operations import Operations
    from tui.clients.aiokafka_types import Consumer, Record
    from tui.clients.connection import Connection
    from tui.clients.offsets import Span
    from tui.settings import Settings

MAX_LAST = 10_000
LOOK_EVERY_S = 3.0


@command
def results(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new results until interrupted.")] = False,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Begin with the oldest result that is kept, not with the last N.")
    ] = False,
    last: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, max=MAX_LAST, help="Begin with the last N [default: dashboard.results_at_start, 100]."
        ),
    ] = None,
    as_json: AsJson = False,
    read_only: ReadOnly = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Print results: the last ones, all of them, or as they come.

    One line each: when, which worker, partition@offset of the request, and the answer; with --json the result
    messages as they are in Kafka, one a line. Without --follow it ends with the last result there is at its start.
    Results of one partition come in their order; the last N are sorted by time.
    """
    settings = configured(config, bootstrap_servers, profile, read_only=read_only).settings
    printer = _Printer(operations_of(settings), as_json)
    count = settings.dashboard.results_at_start if last is None else last
    run(_results(settings, printer, None if from_beginning else count, follow))


async def _results(settings: "Settings", printer: "_Printer", last: int | None, follow: bool) -> None:
    topic = settings.topics.results
    async with cluster(settings) as connection:
        from tui.clients.offsets import Reading, spans

        partitions = await _partitions(connection, settings, follow)
        async with reader_of(connection) as reader:
            found = (await spans(reader, {topic: partitions}))[topic]
            ends = {number: span.end for number, span in found.items()}
            start = {number: span.begin for number, span in found.items()}
            if last is not None:
                printer.show(await _last(reader, topic, found, last))
                start = ends
            if not follow and last is not None:
                return
            link = _Link(settings, connection)
            async for records in Reading(reader, topic, start).batches(None if follow else ends):
                printer.show(records)
                await link.watch(bool(records))


async def _last(reader: "Consumer", topic: str, found: "dict[int, Span]", count: int) -> "list[Record]":
    """The `count` newest records of all partitions together, oldest first."""
    from tui.clients.offsets import OFFSETS_A_RECORD, Reading

    newest: list[Record] = []
    start = {number: max(span.begin, span.end - OFFSETS_A_RECORD * count) for number, span in found.items()}
    ends = {number: span.end for number, span in found.items()}
    async for records in Reading(reader, topic, start).batches(ends):
        newest = sorted([*newest, *records], key=_age)[-count:] if count else []
    return newest


def _age(record: "Record") -> tuple[int, int, int]:
    return record.timestamp, record.partition, record.offset


async def _partitions(connection: "Connection", settings: "Settings", follow: bool) -> list[int]:
    """The partitions of the results topic that can be read; who follows makes sure that there are some."""
    from tui.clients.topics import describe, ensure, plans

    topic = settings.topics.results
    async with admin_of(connection) as admin:
        if follow and not settings.kafka.read_only:
            await ensure(admin, plans(settings.topics))
        found = (await describe(admin)).get(topic)
    if found is None:
        raise CommandError(f"there is no topic {topic} yet: start a worker or send a request, or kcalc topics create")
    return [partition for partition, leader in found.leaders.items() if leader is not None]


class _Link:
    """Says when the broker is gone and when it is back, to somebody who waits for results."""

    def __init__(self, settings: "Settings", connection: "Connection") -> None:
        self._settings = settings
        self._connection = connection
        self._looked_at = time.monotonic()
        self._lost = False

    async def watch(self, news: bool) -> None:
        """Look every few seconds, unless there is news."""
        now = time.monotonic()
        if news:
            self._looked_at = now
        if now < self._looked_at + LOOK_EVERY_S:
            return
        self._looked_at = now
        failure = await unreachable(self._settings)
        if self._lost != (failure is not None):
            self._lost = failure is not None
            say("connected again" if failure is None else f"{self._connection.advice(failure)} (waiting)")


class _Printer:
    """Records of the results topic to stdout; what is no result is reported on stderr."""

    def __init__(self, operations: "Operations", as_json: bool) -> None:
        self._operations = operations
        self._as_json = as_json

    def show(self, records: "Iterable[Record]") -> None:
        """Print records."""
        from tui.calc.messages import NoResult, decode_result

        shown = []
        for record in records:
            try:
                shown.append(self._line(decode_result(record.value)))
            except NoResult as error:
                say(f"{record.topic} {record.partition}@{record.offset}: no result: {escaped(str(error))}")
        if shown:
            sys.stdout.write("\n".join(shown) + "\n")
            sys.stdout.flush()

    def _line(self, result: "Result") -> str:
        return json_line(result) if self._as_json else line(self._operations, result)
