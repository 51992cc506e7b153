"""Dead letters sent again, as they were or corrected, with headers that say from where, when and by whom."""

import asyncio
from collections.abc import Callable

from tui.calc.messages import SENT_AGAIN
from tui.clients.aiokafka_types import Headers
from tui.clients.connection import Connection
from tui.clients.dead_letters import without_last
from tui.clients.refusals import NotStored
from tui.clients.sender import Sender
from tui.events import DeadLetterReceived, Event, RequestsAcknowledged, RequestsUnsent

TOPIC = SENT_AGAIN + "topic"
PARTITION = SENT_AGAIN + "partition"
OFFSET = SENT_AGAIN + "offset"
TIMESTAMP = SENT_AGAIN + "timestamp"
SENDER = SENT_AGAIN + "sender"
PRINCIPAL = SENT_AGAIN + "principal"
_OWN = (TOPIC, PARTITION, OFFSET, TIMESTAMP, SENDER, PRINCIPAL)

STORED_WITHIN_S = 10.0


def headers(letter: DeadLetterReceived, topic: str, sender: str, principal: str, at: float) -> Headers:
    """The headers of the request as it came, and ours after them: the place of its dead letter, when (ms), by whom.

    Those of an earlier sending are replaced, so that they do not grow however often a letter returns.
    """
    own = {
        TOPIC: topic,
        PARTITION: str(letter.letter_partition),
        OFFSET: str(letter.letter_offset),
        TIMESTAMP: str(round(at * 1_000)),
        SENDER: sender,
        PRINCIPAL: principal,
    }
    before = without_last(letter.headers, _OWN)
    return [*before, *((name, text.encode(errors="replace")) for name, text in own.items())]


class SendingAgain:
    """Sends through `sender`, whose events it has to see, and waits until the broker has stored what was sent."""

    def __init__(
        self,
        sender: Sender,
        connection: Connection,
        topic: str,
        sender_id: str,
        clock: Callable[[], float],
        stored_within_s: float = STORED_WITHIN_S,
    ) -> None:
        self._sender = sender
        self._connection = connection
        self._topic = topic
        self._sender_id = sender_id
        self._clock = clock
        self._stored_within_s = stored_within_s
        self._waiting: dict[int, asyncio.Future[tuple[int, int]]] = {}

    async def as_it_was(self, letter: DeadLetterReceived) -> tuple[int, int]:
        """Send key and value byte for byte; returns partition and offset. Raises SendRefused and NotStored."""
        number = self._sender.send_verbatim(letter.key, letter.value, self._headers(letter))
        return await self._stored(number)

    async def corrected(
        self,
        letter: DeadLetterReceived,
        x: str,
        operation: str,
        y: str | None,
        key: str | None,
        partition: int | None,
    ) -> tuple[int, int]:
        """Send this request in its place, with an id of ours; else as `as_it_was`."""
        numbers = self._sender.send(
            x, operation, y, times=1, key=key, partition=partition, headers=self._headers(letter)
        )
        return await self._stored(numbers.start)

    def seen(self, event: Event) -> None:
        """Learn what became of what was sent."""
        if not self._waiting:
            return
        if isinstance(event, RequestsAcknowledged):
            for index, number in enumerate(event.numbers):
                if (stored := self._waiting.pop(number, None)) is not None and not stored.done():
                    stored.set_result((event.partition, event.base_offset + index))
        elif isinstance(event, RequestsUnsent):
            for number in self._waiting.keys() & set(event.numbers):
                if not (stored := self._waiting.pop(number)).done():
                    stored.set_exception(NotStored(event.reason))

    def _headers(self, letter: DeadLetterReceived) -> Headers:
        return headers(letter, self._topic, self._sender_id, self._connection.principal, self._clock())

    async def _stored(self, number: int) -> tuple[int, int]:
        stored: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = stored
        try:
            async with asyncio.timeout(self._stored_within_s):
                return await stored
        except TimeoutError:
            why = f"no broker took it within {self._stored_within_s:.0f} s; it waits with the other requests"
            raise NotStored(why) from None
        finally:
            self._waiting.pop(number, None)
