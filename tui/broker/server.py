"""The listening socket and its connections, with the bounds that keep one client from hurting the others."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.broker.connection import Connection
from tui.broker.settings import BrokerSettings

try:
    import resource
except ImportError:  # no such limits on this platform
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from tui.broker.broker import Broker

log = logging.getLogger(__name__)

RESERVED_DESCRIPTORS = 200  # for everything else in this process: its own Kafka clients, files, the terminal
MAX_SWEEP_INTERVAL_S = 1.0
STOP_DEADLINE_S = 0.5


class Server:
    """Accepts connections for a broker until it is stopped."""

    def __init__(self, broker: Broker, clock: Callable[[], float]) -> None:
        self.broker = broker
        self.settings: BrokerSettings = broker.settings
        self.clock = clock
        self._ids = itertools.count(1)
        self._connections: dict[int, Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held_bytes = 0
        self._listener: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._max_connections = min(self.settings.max_connections, _descriptors() - RESERVED_DESCRIPTORS)

    @property
    def connections(self) -> int:
        return len(self._connections)

    @property
    def held_bytes(self) -> int:
        """What all connections together keep in memory for their clients."""
        return self._held_bytes

    async def listen(self, host: str, port: int) -> int:
        """Start accepting; returns the port. OSError if the port is taken or the host is not ours."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: Connection(self, next(self._ids)), host, port, backlog=self.settings.max_connections
        )
        self._sweeper = loop.create_task(self._sweep(), name="kafka connection sweep")
        bound: int = self._listener.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        """Close the listener and every connection, within STOP_DEADLINE_S."""
        if self._listener is not None:
            self._listener.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._tasks.add(self._sweeper)
        for connection in tuple(self._connections.values()):
            connection.abort()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_DEADLINE_S)
        self._listener = self._sweeper = None

    def admit(self, connection: Connection) -> bool:
        """Count a new connection in; with no room left, the oldest that never asked anything gives way."""
        if len(self._connections) >= self._max_connections:
            silent = next((other for other in self._connections.values() if not other.has_spoken), None)
            if silent is None:
                log.warning("refusing a connection: there are %d", len(self._connections))
                return False
            silent.abort()
            self.forget(silent)
        self._connections[connection.id] = connection
        return True

    def started(self, task: asyncio.Task[None]) -> None:
        """Own a connection's task until it ends."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self, connection: Connection) -> None:
        """Count a connection out."""
        if self._connections.pop(connection.id, None) is not None:
            self._held_bytes -= connection.held_bytes
            connection.held_bytes = 0

    def held(self, connection: Connection, held_bytes: int) -> None:
        """Note what a connection keeps in memory; beyond the bound, the one that keeps most is aborted."""
        if connection.id not in self._connections:
            return
        self._held_bytes += held_bytes - connection.held_bytes
        connection.held_bytes = held_bytes
        if self._held_bytes > self.settings.max_held_bytes:
            largest = max(self._connections.values(), key=lambda other: other.held_bytes)
            log.warning("connection %d is closed: it holds %d bytes", largest.id, largest.held_bytes)
            self.forget(largest)
            largest.abort()

    async def _sweep(self) -> None:
        settings = self.settings
        shortest_s = min(
            settings.max_idle_s,
            settings.first_request_timeout_s,
            settings.frame_stall_s,
            settings.frame_deadline_s,
            settings.write_deadline_s,
        )
        while True:
            await asyncio.sleep(min(MAX_SWEEP_INTERVAL_S, shortest_s / 4))
            now_s = self.clock()
            for connection in tuple(self._connections.values()):
                connection.sweep(now_s)


def _descriptors() -> int:
    """How many files this process may open; at least what a few connections need."""
    if resource is None:
        return 1 << 16
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft, 2 * RESERVED_DESCRIPTORS) if soft != resource.RLIM_INFINITY else 1 << 16
