"""The embedded broker as its owner sees it: start it, know its address, stop it."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from typing import Self

from tui.broker.broker import Broker
from tui.broker.hooks import Hook
from tui.broker.server import Server
from tui.broker.settings import BrokerSettings

WILDCARDS = ("", "0.0.0.0", "::")


class EmbeddedBroker:
    """A Kafka broker of one node in this process: `async with EmbeddedBroker() as broker: ...`.

    What it holds is gone with it: the newest records are in memory, older ones in an anonymous temporary file.
    `stop` and a later `start` on the same loop keep the port, the logs and the groups, as a restarted broker
    would; `close` ends it for good.
    """

    def __init__(self, settings: BrokerSettings | None = None) -> None:
        settings = settings or BrokerSettings()
        if settings.advertised_host is None and settings.host in WILDCARDS:
            settings = dataclasses.replace(settings, advertised_host=socket.gethostname())
        self.settings = settings
        self._broker: Broker | None = None
        self._server: Server | None = None
        self._chores: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def broker(self) -> Broker:
        """The state behind it; RuntimeError before the first start."""
        if self._broker is None:
            raise RuntimeError("the embedded broker was never started")
        return self._broker

    @property
    def server(self) -> Server:
        """The connections; RuntimeError unless started."""
        if self._server is None:
            raise RuntimeError("the embedded broker is not running")
        return self._server

    @property
    def hooks(self) -> list[Hook]:
        """See tui.broker.hooks."""
        return self.broker.hooks

    @property
    def port(self) -> int:
        """The port it listens on, or did before it was stopped."""
        return self.broker.port

    @property
    def bootstrap_servers(self) -> str:
        """What clients connect to, `host:port`; on loopback, those of this machine."""
        host = self.broker.host
        return f"[{host}]:{self.broker.port}" if ":" in host else f"{host}:{self.broker.port}"

    async def start(self) -> None:
        """Listen; OSError if the port is taken. Does nothing when already listening."""
        if self._server is not None:
            return
        loop = asyncio.get_running_loop()
        if self._broker is None:
            self._broker = Broker(self.settings, clock=loop.time, call_later=loop.call_later)
        server = Server(self._broker, clock=loop.time)
        self._broker.port = await server.listen(self.settings.host, self._broker.port or self.settings.port)
        self._server = server
        self._chores = [
            loop.create_task(self._expire(self._broker), name="kafka log retention"),
            loop.create_task(self._abort_overdue(self._broker), name="kafka transaction time-outs"),
        ]

    async def stop(self) -> None:
        """Stop listening and close every connection; takes at most a second. Harmless when not listening."""
        server, self._server = self._server, None
        while self._chores:
            self._chores.pop().cancel()
        if server is not None:
            await server.close()

    async def close(self) -> None:
        """Stop, and delete what the broker holds; it cannot be started again. Harmless when repeated."""
        await self.stop()
        if self._broker is not None:
            self._broker.close()

    async def _expire(self, broker: Broker) -> None:
        while True:
            await asyncio.sleep(self.settings.retention_check_interval_s)
            broker.topics.expire(broker.now_ms())
            broker.transactions.expire(broker.now_ms())

    async def _abort_overdue(self, broker: Broker) -> None:
        while True:
            await asyncio.sleep(self.settings.transaction_check_interval_s)
            broker.transactions.abort_overdue(broker.now_ms())
