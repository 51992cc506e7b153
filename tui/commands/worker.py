"""`kcalc worker`: workers without a screen, until a signal ends them."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tui.commands.cluster import cluster
from tui.commands.configuring import configured, delivery, operations_of
from tui.commands.edge import FAILED, USAGE, CommandError, command, log_to, run, say, stop_signal
from tui.commands.lines import escaped
from tui.commands.options import ConfigFile, ExactlyOnce, LogFile, ProfileName, Servers

if TYPE_CHECKING:
    from tui.events import Event
    from tui.settings import Settings

MAX_WORKERS = 200


@command
def worker(
    client_ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLIENT_ID]...", help="One worker each; 0 is short for client-0."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("-n", metavar="N", min=1, max=MAX_WORKERS, help="Start N workers with the next free client ids."),
    ] = None,
    exactly_once: ExactlyOnce = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
    log_file: LogFile = None,
) -> None:
    """Run workers without a screen, until SIGINT or SIGTERM.

    They join the consumer group workers.group and share its partitions with all other workers in it. A client id
    that is in the group already is refused. What the workers do stands on stderr, one line per change. On a signal
    they finish what they have in hand, commit and leave.
    """
    if bool(client_ids) == bool(count):
        raise CommandError("say either client ids or -n N, as in: kcalc worker 0 1, or: kcalc worker -n 2", USAGE)
    settings = configured(
        config,
        bootstrap_servers,
        profile,
        writes="no worker is started",
        workers__count=("-n", count),
        workers__delivery=delivery(exactly_once),
    ).settings
    operations_of(settings)
    checked = _checked(client_ids) if client_ids else None
    log_to(log_file)
    run(_work(settings, checked))


async def _work(settings: "Settings", client_ids: Sequence[str] | None) -> None:
    async with cluster(settings):
        from tui.session import Session, SessionError

        session = Session(
            settings, client_ids=client_ids, starts_broker=False, reads_results=False, on_event=Narrator()
        )
        # Before the start: a worker that has said anything is stopped in good order.
        stopped = asyncio.create_task(stop_signal(), name="stop signal")
        starting = asyncio.create_task(session.start(), name="start")
        try:
            await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
            number = await stopped
            say(f"{number.name}: stopping")
        except SessionError as error:
            raise CommandError(str(error), FAILED) from None
        finally:
            starting.cancel()
            stopped.cancel()
            await asyncio.wait([starting, stopped])
            await session.stop()


def _checked(wanted: Sequence[str]) -> list[str]:
    from tui.clients.pool import client_id_of
    from tui.config_rules import problem
    from tui.settings import Name

    client_ids = [client_id_of(text) for text in wanted]
    for client_id in client_ids:
        if wrong := problem(client_id, Name):
            raise CommandError(f"a client id: {wrong}", USAGE)
        if client_ids.count(client_id) > 1:
            raise CommandError(f"the client id {client_id} is given twice", USAGE)
    return client_ids


class Narrator:
    """Says what a person who watches a worker wants to know, and what fails again and again only once."""

    def __init__(self) -> None:
        self._trouble = ""

    def __call__(self, event: "Event") -> None:
        """Say what happened."""
        from tui.events import (
            GroupObserved,
            LaneFailed,
            Link,
            LinkChanged,
            ObservationFailed,
            PartitionsAssigned,
            WorkerStateChanged,
        )

        match event:
            case WorkerStateChanged():
                detail = f": {escaped(event.detail)}" if event.detail else ""
                say(f"{event.client_id} {event.state}{detail}")
            case PartitionsAssigned():
                taken = ", ".join(f"p{partition} at offset {offset}" for partition, offset in event.offsets.items())
                say(f"{event.client_id} took {taken or 'no partition'} (generation {event.generation})")
            case LaneFailed():
                reason = escaped(event.reason)
                say(f"{event.client_id} p{event.partition} failed: {reason}; again in {event.retry_in_s:.1f} s")
            case LinkChanged() if event.link is not Link.STARTING:
                say(escaped(event.detail) or "connected")
            case ObservationFailed() if event.reason != self._trouble:
                self._trouble = event.reason
                say(escaped(event.reason))
            case GroupObserved():
                self._trouble = ""
            case _:
                pass
