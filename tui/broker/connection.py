"""One client's connection: requests in, handled one after the other, answers out in the same order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from tui.broker import dispatch
from tui.broker.api import RequestContext
from tui.broker.errors import CloseConnection
from tui.broker.frames import FrameBuffer, read_header

if TYPE_CHECKING:
    from tui.broker.server import Server

log = logging.getLogger(__name__)

WRITE_BUFFER_BYTES = 1 << 20  # unread answers beyond this hold back the next request


class Connection(asyncio.Protocol):
    """Reads ahead a bounded number of requests; a task of its own handles them.

    `held_bytes` is what it keeps in memory for its client: received but not handled, written but not read.
    """

    def __init__(self, server: Server, connection_id: int) -> None:
        self.id = connection_id
        self.closed = asyncio.Event()
        self.held_bytes = 0
        self.has_spoken = False
        self._server = server
        self._settings = server.settings
        self._clock = server.clock
        self._transport: asyncio.Transport | None = None
        self._client_host = ""
        self._incoming = FrameBuffer(self._settings.max_request_bytes, self._settings.max_other_request_bytes)
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._reading_paused = False
        self._wanted: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._busy = False
        self._last_active_s = self._clock()
        self._frame_since_s: float | None = None
        self._closing_since_s: float | None = None
        self._stalled_since_s: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._server.admit(self):
            transport.abort()
            return
        peer = transport.get_extra_info("peername")
        self._client_host = str(peer[0]) if peer else ""
        transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        task = asyncio.get_running_loop().create_task(self._serve(), name=f"kafka connection {self.id}")
        self._server.started(task)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self._queue.clear()
        self._release(self._wanted)
        self._release(self._drained)
        self._server.forget(self)

    def data_received(self, data: bytes) -> None:
        if self._closing_since_s is not None:
            return
        self._last_active_s = now_s = self._clock()
        try:
            frames = self._incoming.feed(data)
        except CloseConnection as reason:
            self.close(str(reason))
            return
        if frames:
            self._frame_since_s = None
            self._queue.extend(frames)
            self._queued_bytes += sum(map(len, frames))
            self._release(self._wanted)
        if len(self._incoming) and self._frame_since_s is None:
            self._frame_since_s = now_s
        self._account()
        self._pause_or_resume()

    def pause_writing(self) -> None:
        self._stalled_since_s = self._clock()
        self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        self._stalled_since_s = None
        self._release(self._drained)
        self._drained = None
        self._account()

    def close(self, reason: str) -> None:
        """Send what is already written, then close; the sweep aborts it if the client does not read on."""
        if self._closing_since_s is None and self._transport is not None:
            log.debug("closing connection %d from %s: %s", self.id, self._client_host, reason)
            self._closing_since_s = self._clock()
            self._queue.clear()
            self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is unsent."""
        self._closing_since_s = self._clock()
        if self._transport is not None:
            self._transport.abort()

    def sweep(self, now_s: float) -> None:
        """Close the connection if one of its deadlines has passed."""
        settings = self._settings
        silence_s = now_s - self._last_active_s
        if self._closing_since_s is not None or self._stalled_since_s is not None:
            waiting_since_s = self._closing_since_s or self._stalled_since_s or now_s
            if now_s - waiting_since_s > settings.write_deadline_s:
                self.abort()
        elif self._frame_since_s is not None and not self._reading_paused:
            if silence_s > settings.frame_stall_s or now_s - self._frame_since_s > settings.frame_deadline_s:
                self.close("half a request, then nothing")
        elif not self._busy and silence_s > (
            settings.max_idle_s if self.has_spoken else settings.first_request_timeout_s
        ):
            self.close("idle")

    async def _serve(self) -> None:
        while not self.closed.is_set():
            if not self._queue:
                self._wanted = asyncio.get_running_loop().create_future()
                await self._wanted
                continue
            frame = self._queue.popleft()
            self._busy = True
            try:
                await self._handle(frame)
            except CloseConnection as reason:
                self.close(str(reason))
                return
            except Exception:
                log.exception("a request of connection %d from %s failed", self.id, self._client_host)
                self.close("the broker failed")
                return
            self._busy = False
            self._last_active_s = self._clock()
            self._queued_bytes -= len(frame)
            self._account()
            self._pause_or_resume()

    async def _handle(self, frame: bytes) -> None:
        header = read_header(frame)
        context = RequestContext(header.client_id, self._client_host, header.api_version, self.id, self.closed)
        response = await dispatch.answer(self._server.broker, frame, context, header)
        self.has_spoken = True
        if response is None or self.closed.is_set():
            return
        assert self._transport is not None
        self._transport.write(response)
        if self._drained is not None:
            self._account()
            await self._drained

    def _account(self) -> None:
        """Tell the server how much memory this client takes; it may close the one that takes most."""
        assert self._transport is not None
        unread = self._transport.get_write_buffer_size() if self._stalled_since_s is not None else 0
        self._server.held(self, len(self._incoming) + self._queued_bytes + unread)

    def _pause_or_resume(self) -> None:
        full = len(self._queue) >= self._settings.max_queued_requests
        if full == self._reading_paused or self._closing_since_s is not None or self._transport is None:
            return
        self._reading_paused = full
        if full:
            self._transport.pause_reading()
        else:
            self._last_active_s = self._clock()
            self._frame_since_s = self._last_active_s if len(self._incoming) else None
            self._transport.resume_reading()

    @staticmethod
    def _release(waiting: asyncio.Future[None] | None) -> None:
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
