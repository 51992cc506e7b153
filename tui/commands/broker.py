"""`kcalc broker`: the embedded broker alone, until a signal ends it."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from tui.commands.configuring import configured
from tui.commands.edge import CommandError, command, run, say, stop_signal
from tui.commands.options import ConfigFile, ProfileName, Servers

if TYPE_CHECKING:
    from tui.settings import Settings


@command
def broker(
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="Address to listen on [default: kafka.embedded_host, 127.0.0.1]."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", help="Port to listen on, 0 for a free one [default: kafka.embedded_port, 19092]."),
    ] = None,
    default_partitions: Annotated[
        int | None,
        typer.Option(metavar="N", help="Partitions of a topic that says nothing else [default: topics.partitions, 4]."),
    ] = None,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Run the embedded broker alone: Kafka's protocol, one node.

    Prints "listening on HOST:PORT" once it accepts connections; runs until SIGINT or SIGTERM. What it holds, in
    memory and in a temporary file, is gone when it ends. Anybody who can reach it can use it: it listens on
    loopback unless told otherwise. Like Kafka's own default it creates unknown topics when a client asks for them.
    """
    settings = configured(
        config,
        bootstrap_servers,
        profile,
        kafka__embedded_host=("--host", host),
        kafka__embedded_port=("--port", port),
        topics__partitions=("--default-partitions", default_partitions),
    ).settings
    run(_serve(settings))


async def _serve(settings: "Settings") -> None:
    from tui.broker import EmbeddedBroker
    from tui.embedded import broker_settings

    embedded = EmbeddedBroker(broker_settings(settings))
    try:
        await embedded.start()
    except OSError as error:
        kafka = settings.kafka
        raise CommandError(
            f"cannot listen on {kafka.embedded_host}:{kafka.embedded_port}: {error.strerror or error}; "
            "is a broker running there already? (--port 0 takes a free port)"
        ) from None
    stopped = asyncio.create_task(stop_signal(), name="stop signal")
    try:
        # Whoever reads "listening" may send a signal at once: let its handlers stand before.
        await asyncio.sleep(0)
        print(f"listening on {embedded.bootstrap_servers}", flush=True)
        number = await stopped
        say(f"{number.name}: stopping")
    finally:
        stopped.cancel()
        await embedded.close()
