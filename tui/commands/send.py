"""`kcalc send`: one request, once or many times, and its results."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tui.commands.cluster import admin_of, cluster, members_of, reader_of
from tui.commands.configuring import configured, operations_of
from tui.commands.edge import FAILED, NO_BROKER, USAGE, CommandError, command, run, say
from tui.commands.lines import escaped, formula, json_line
from tui.commands.operands import Asked, NotARequest, asked
from tui.commands.options import AsJson, ConfigFile, ProfileName, Servers

if TYPE_CHECKING:
    from tui.calc.messages import Result
    from tui.calc.operations import Operations
    from tui.clients.connection import Connection
    from tui.commands.sending import Post
    from tui.events import RequestsAcknowledged
    from tui.settings import Settings

MAX_TIMES = 1_000_000
ERRORS_SHOWN = 10
SET_UP_S = 2.0
"""Connecting is given this long even with a shorter --timeout."""
WHY_S = 2.0
"""How long to look for the reason why no answer came."""
ENVELOPE_BYTES = 128
"""At least what a request has around its operands: field names, quotes, an id."""


@command
def send(
    words: Annotated[list[str], typer.Argument(metavar="X [Y] OPERATION", help="As in: 5 2 sum, or: 16 sqrt.")],
    times: Annotated[int, typer.Option(metavar="N", min=1, max=MAX_TIMES, help="Send it N times.")] = 1,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="Requests with one key go to one partition, in order.")
    ] = None,
    partition: Annotated[int | None, typer.Option(metavar="P", min=0, help="Send to this partition.")] = None,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Do not wait for results; print where each request was stored.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0.1, max=3600, help="Give up after S seconds without an answer.")
    ] = 10.0,
    as_json: AsJson = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Send a request and print its result.

    kcalc send 5 2 sum prints 7; kcalc send -5 2.5 mul prints -12.5; kcalc send 16 sqrt prints 4. Results are
    printed in the order of sending, one a line (with --json the whole result messages); errors go to stderr.
    """
    settings = _hasty(configured(config, bootstrap_servers, profile, writes="no request is sent").settings, timeout)
    operations = operations_of(settings)
    try:
        request = asked(words, operations)
        _check_size(request, settings.calc.max_request_bytes)
    except NotARequest as error:
        raise CommandError(str(error), USAGE) from None
    plan = _Plan(settings, operations, request, times, key, partition, timeout, as_json)
    if no_wait:
        run(_store(plan))
    else:
        run(_ask(plan))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The command line, checked."""

    settings: "Settings"
    operations: "Operations"
    asked: Asked
    times: int
    key: str | None
    partition: int | None
    timeout_s: float
    as_json: bool

    def post(self) -> "Post":
        from tui.commands.sending import Post

        return Post(self.asked, self.times, self.key, self.partition)


def _hasty(settings: "Settings", timeout_s: float) -> "Settings":
    """The settings for somebody who waits `timeout_s`: no single request to the broker may take longer either."""
    from msgspec.structs import replace

    limit_s = min(settings.kafka.request_timeout_s, max(SET_UP_S, timeout_s))
    return replace(settings, kafka=replace(settings.kafka, request_timeout_s=limit_s))


def _check_size(request: Asked, limit: int) -> None:
    """Refuse what every worker would refuse, so that nobody waits for its answer."""
    size = sum(len(text.encode()) for text in (request.x, request.y or "", request.operation)) + ENVELOPE_BYTES
    if size > limit:
        raise NotARequest(f"the request has {size:,} bytes, allowed: {limit:,} (calc.max_request_bytes)")


async def _ask(plan: _Plan) -> None:
    """Send and print the results in the order of sending."""
    async with cluster(plan.settings) as connection, reader_of(connection) as reader:
        from tui.clients.offsets import Reading, spans
        from tui.commands.answers import Answers
        from tui.commands.sending import Patience, sender_of

        topics = plan.settings.topics
        partitions = await _ready(connection, plan)
        ends = (await spans(reader, {topics.results: range(partitions[topics.results])}))[topics.results]
        reading = Reading(reader, topics.results, {number: span.end for number, span in ends.items()})
        post, patience, printer = (
            plan.post(),
            Patience(plan.timeout_s),
            _Printer(plan.operations, plan.as_json),
        )
        answers = Answers(post.token)
        async with sender_of(connection, topics.requests, post) as sender:
            post.send_more(sender, 0)
            async for records in reading.batches():
                before = answers.answered
                printer.show(answers.take(record.value for record in records))
                if answers.in_order == plan.times:
                    break
                if answers.answered > before:
                    patience.renew()
                _check_sent(post)
                if patience.over:
                    raise CommandError(await _unanswered(connection, plan, answers.answered), NO_BROKER)
                post.send_more(sender, answers.in_order)
    printer.finish()


async def _store(plan: _Plan) -> None:
    """Send and print where each request was stored."""
    async with cluster(plan.settings) as connection:
        from tui.commands.sending import LOOK_S, Patience, sender_of

        await _ready(connection, plan)
        post, patience, stored = plan.post(), Patience(plan.timeout_s), 0
        async with sender_of(connection, plan.settings.topics.requests, post) as sender:
            while stored < plan.times:
                post.send_more(sender, stored)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await post.news.wait()
                post.news.clear()
                _check_sent(post)
                while post.stored:
                    batch = post.stored.popleft()
                    stored += len(batch.numbers)
                    _print_places(batch, post.token, plan.as_json)
                    patience.renew()
                if patience.over:
                    raise CommandError(f"stored {stored} of {plan.times} requests, then no answer in time", NO_BROKER)
    say(f"stored {stored} {'request' if stored == 1 else 'requests'} in {plan.settings.topics.requests}")


def _print_places(batch: "RequestsAcknowledged", token: str, as_json: bool) -> None:
    lines = []
    for index, number in enumerate(batch.numbers):
        offset = batch.base_offset + index
        place = {"id": f"{token}-{number}", "partition": batch.partition, "offset": offset}
        lines.append(json.dumps(place) if as_json else f"{batch.partition}@{offset}  {place['id']}")
    print("\n".join(lines), flush=True)


async def _ready(connection: "Connection", plan: _Plan) -> dict[str, int]:
    """Make sure that the topics are there; the number of partitions of each."""
    from tui.clients.permissions import Denied
    from tui.clients.topics import describe, ensure, plans

    topics = plan.settings.topics
    async with admin_of(connection) as admin:
        *needed, dead_letters = plans(topics)
        await ensure(admin, needed)
        with suppress(Denied):  # whoever only sends needs no permission for them
            await ensure(admin, [dead_letters])
        found = {name: topic.partitions for name, topic in (await describe(admin)).items()}
    count = found[topics.requests]
    if plan.partition is not None and plan.partition >= count:
        allowed = f"0 to {count - 1}" if count > 1 else "0 only"
        raise CommandError(f"--partition {plan.partition}: {topics.requests} has {allowed}", USAGE)
    return found


def _check_sent(post: "Post") -> None:
    if post.unsent:
        raise CommandError(f"{post.unsent} of {post.times} requests could not be sent: {post.why_unsent}")


async def _unanswered(connection: "Connection", plan: _Plan, answered: int) -> str:
    """How many answers came, and the likely reason why no more did."""
    from tui.clients.errors import KafkaError

    group = plan.settings.workers.group
    text = f"{answered} of {plan.times} answered, then nothing for {plan.timeout_s:g} s"
    try:
        workers = sorted(member.client_id for member in await members_of(connection, plan.settings, WHY_S))
    except (KafkaError, TimeoutError) as error:
        return f"{text}: {connection.advice(error)}"
    if not workers:
        return f"{text}: no worker is in group {group} (start one: kcalc worker 0)"
    names = escaped(", ".join(workers))
    return f"{text}: the workers of group {group} ({names}) are busy or stuck (--timeout waits longer)"


class _Printer:
    """Results to stdout, errors to stderr: the first few, and how many more."""

    def __init__(self, operations: "Operations", as_json: bool) -> None:
        self._operations = operations
        self._as_json = as_json
        self._errors = 0

    def show(self, results: "Iterator[Result]") -> None:
        """Print results that have arrived."""
        shown = [text for result in results if (text := self._line(result)) is not None]
        if shown:
            sys.stdout.write("\n".join(shown) + "\n")
            sys.stdout.flush()

    def _line(self, result: "Result") -> str | None:
        if result.error is not None:
            self._errors += 1
            if self._errors <= ERRORS_SHOWN:
                asked = formula(self._operations, result.operation, result.operator_1, result.operator_2)
                say(f"{asked}: {escaped(result.error.message)}")
        if self._as_json:
            return json_line(result)
        return None if result.error is not None else escaped(result.result or "")

    def finish(self) -> None:
        """Say what was not shown; ends the command with exit code 1 if there were errors."""
        if self._errors > ERRORS_SHOWN:
            say(f"… and {self._errors - ERRORS_SHOWN} more errors")
        if self._errors:
            raise typer.Exit(FAILED)
