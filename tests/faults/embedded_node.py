"""The embedded broker as a process that its stdin tells to stop, start and err: HOST PORT ADVERTISED_HOST."""

import asyncio
import random
import sys

from tests.faults.injected import hook
from tests.faults.schedule import Fault
from tui.broker import BrokerSettings, EmbeddedBroker

GIBIBYTE = 1 << 30


async def obey(broker: EmbeddedBroker, command: str) -> None:
    """Do as a line says: start, stop, fault NAME SEED, heal."""
    match command.split():
        case ["start"]:
            await broker.start()
        case ["stop"]:
            await broker.stop()
        case ["fault", name, seed]:
            broker.hooks.append(hook(Fault[name], broker.broker, random.Random(seed)))
        case ["heal"]:
            broker.hooks.clear()
        case _:
            raise ValueError(f"no such command: {command}")


async def main(host: str, port: int, advertised_host: str) -> None:
    """Obey until stdin ends; every command is answered with ok."""
    settings = BrokerSettings(
        host=host,
        port=port,
        advertised_host=advertised_host,
        min_session_timeout_s=1.0,
        retention_bytes=GIBIBYTE,
        auto_create_topics=False,
    )
    broker = EmbeddedBroker(settings)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        await obey(broker, line.decode())
        print("ok", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
