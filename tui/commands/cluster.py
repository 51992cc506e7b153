"""The cluster as a command meets it: is anybody there, and clients that end with the command."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from tui.commands.edge import NO_BROKER, UNWRITABLE, USAGE, CommandError

if TYPE_CHECKING:
    from tui.clients.aiokafka_types import Admin, Consumer
    from tui.clients.connection import Connection
    from tui.group import Member
    from tui.settings import Settings

T = TypeVar("T")

PROBE_S = 3.0
CLOSE_S = 1.0
RETRY_S = 0.2


def servers_of(settings: "Settings") -> str:
    """HOST:PORT[,HOST:PORT…] to start from; of `embedded` the place where its broker listens."""
    kafka = settings.kafka
    return f"{kafka.embedded_host}:{kafka.embedded_port}" if kafka.embedded else kafka.bootstrap_servers


@asynccontextmanager
async def cluster(settings: "Settings") -> AsyncIterator["Connection"]:
    """A connection to the cluster of the settings; CommandError if no broker answers, now or later."""
    failure = await unreachable(settings)
    # Only now: importing aiokafka takes longer than finding out that nobody is there.
    from tui.clients.connection import Connection
    from tui.clients.errors import KafkaError
    from tui.clients.refusals import BadConnectionSettings

    connection = Connection(settings.kafka, servers_of(settings))
    try:
        connection.check()
    except BadConnectionSettings as error:
        raise CommandError(str(error), USAGE) from None
    if failure is not None:
        raise CommandError(connection.advice(failure), NO_BROKER)
    try:
        yield connection
    except (KafkaError, OSError) as error:
        if isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.errno in UNWRITABLE):
            raise
        topics = settings.topics
        reads, writes = (topics.results, topics.dead_letters), (topics.requests,)
        advice = connection.advice(error, reads=reads, writes=writes, group=settings.workers.group)
        raise CommandError(advice, NO_BROKER if advice.startswith("no broker") else 1) from error


async def unreachable(settings: "Settings") -> OSError | None:
    """Why none of the servers accepts a connection; None if one does."""
    failure: OSError | None = None
    within_s = min(PROBE_S, settings.kafka.request_timeout_s)
    for server in servers_of(settings).split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            async with asyncio.timeout(within_s):
                _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except OSError as error:
            failure = error
        else:
            writer.close()
            return None
    return failure


@asynccontextmanager
async def admin_of(connection: "Connection") -> AsyncIterator["Admin"]:
    """An admin client, closed at the end."""
    from tui.clients.connection import closed, started

    admin = connection.admin()
    try:
        await started(admin)
        yield admin
    finally:
        await closed(admin, CLOSE_S)


@asynccontextmanager
async def reader_of(connection: "Connection") -> AsyncIterator["Consumer"]:
    """A consumer outside any group, stopped at the end."""
    from tui.clients.connection import closed, started

    reader = connection.reader("kcalc-reader")
    try:
        await started(reader)
        yield reader
    finally:
        await closed(reader, CLOSE_S)


async def members_of(connection: "Connection", settings: "Settings", within_s: float) -> "tuple[Member, ...]":
    """Who is in the group of the workers. Raises KafkaError, TimeoutError."""
    from tui.clients.group import Observer

    observer = Observer(connection, settings, time.time)
    try:
        return await coordinated(observer.members, within_s)
    finally:
        await observer.close()


async def coordinated(ask: Callable[[float], Awaitable[T]], within_s: float) -> T:
    """What `ask`, which is told the seconds left, learns of a group; it is asked again if that may help.

    A fresh cluster makes its offsets topic when it is first asked, and has no coordinator until then. Raises what
    `ask` raised last.
    """
    from tui.clients.errors import KafkaError

    deadline = time.monotonic() + within_s
    while True:
        try:
            return await ask(max(RETRY_S, deadline - time.monotonic()))
        except KafkaError as error:
            if not error.retriable or time.monotonic() + RETRY_S > deadline:
                raise
        await asyncio.sleep(RETRY_S)
