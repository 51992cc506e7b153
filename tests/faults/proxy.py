"""A TCP proxy between the workers and a broker, which delays, cuts, half-closes and trickles."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

CHUNK_BYTES = 64 << 10
CALL_S = 10.0


@dataclass(frozen=True, slots=True)
class Weather:
    """What happens to each chunk of bytes, in both directions: first it waits, then it goes in small pieces."""

    delay_s: float = 0.0
    piece_bytes: int = CHUNK_BYTES
    pause_s: float = 0.0
    refuses: bool = False


FAIR = Weather()


@dataclass(eq=False, slots=True)
class _Side:
    """One direction of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    closed: bool = False

    def close(self) -> None:
        """Say to the receiver that nothing more comes; what comes is dropped."""
        self.closed = True
        self.writer.write_eof()


@dataclass(slots=True)
class _Air:
    weather: Weather = FAIR
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Proxy:
    """Listens on `port` of 127.0.0.1 and passes everything on to `upstream`; runs in a thread of its own.

    `with Proxy(port, (host, port)) as proxy: ...`; all calls may come from any thread.
    """

    def __init__(self, port: int, upstream: tuple[str, int]) -> None:
        self.port = port
        self.heard: Callable[[], Callable[[bytes], None]] | None = None
        """Makes, for each new connection, what gets to know all that is sent to the broker."""
        self._upstream = upstream
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._air = _Air()
        self._pairs: dict[asyncio.Task[None], tuple[_Side, _Side]] = {}
        self._server: asyncio.Server | None = None

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._call(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_S)
        self._loop.close()

    def becomes(self, weather: Weather) -> None:
        """From now on this happens to everything, also to what waits."""
        self._call(self._become(weather))

    def cut(self) -> int:
        """Abort every connection; how many there were."""
        return self._call(self._cut())

    def half_close(self, towards_broker: bool) -> int:
        """Close one side of every connection, the other one stays open; how many there were."""
        return self._call(self._half_close(towards_broker))

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_S)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [*self._pairs]
        await self._become(FAIR)
        await self._cut()
        if tasks:
            await asyncio.wait(tasks, timeout=CALL_S / 2)

    async def _become(self, weather: Weather) -> None:
        changed, self._air = self._air.changed, _Air(weather)
        changed.set()

    async def _cut(self) -> int:
        for side in (side for pair in self._pairs.values() for side in pair):
            side.writer.transport.abort()
        return len(self._pairs)

    async def _half_close(self, towards_broker: bool) -> int:
        for up, down in self._pairs.values():
            (up if towards_broker else down).close()
        return len(self._pairs)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._air.weather.refuses:
            writer.transport.abort()
            return
        try:
            broker_reader, broker_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        up, down = _Side(reader, broker_writer), _Side(broker_reader, writer)
        self._pairs[task] = up, down
        heard = self.heard() if self.heard is not None else None
        try:
            await asyncio.gather(self._pump(up, heard), self._pump(down))
        finally:
            del self._pairs[task]
            for side in (up, down):
                side.writer.transport.abort()

    async def _pump(self, side: _Side, heard: Callable[[bytes], None] | None = None) -> None:
        try:
            while data := await side.reader.read(CHUNK_BYTES):
                if heard is not None:
                    heard(data)
                await self._pass_on(side, data)
            side.close()
        except OSError:
            # One side is gone: so is the other.
            side.writer.transport.abort()

    async def _pass_on(self, side: _Side, data: bytes) -> None:
        await _wait(self._air, self._air.weather.delay_s)
        while data and not side.closed:
            air = self._air
            side.writer.write(data[: air.weather.piece_bytes])
            data = data[air.weather.piece_bytes :]
            await side.writer.drain()
            await _wait(air, air.weather.pause_s)


async def _wait(air: _Air, seconds: float) -> None:
    """Wait that long, or until the weather changes."""
    if seconds:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await air.changed.wait()
