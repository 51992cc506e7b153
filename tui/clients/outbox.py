"""What waits to be sent: commands as they were given, and the batches that are filled from them."""

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from aiokafka.partitioner import murmur2

from tui.calc.messages import Request, encode_request
from tui.clients.aiokafka_types import BatchBuilder, Headers
from tui.clients.turns import Turns


@dataclass(slots=True)
class Command:
    """What one call of `send` asked for: the requests from `next` to `end`, alike but for their ids.

    With `verbatim` they have no id of ours: their value is `value` as it is.
    """

    next: int
    end: int
    x: str
    operation: str
    y: str | None
    key: bytes | None
    partition: int | None
    headers: Headers = field(default_factory=list)
    verbatim: bool = False
    value: bytes | None = None

    def value_of(self, request_id: str) -> bytes | None:
        """The value of the request with this id."""
        if self.verbatim:
            return self.value
        return encode_request(Request(self.x, self.y, self.operation, request_id))


@dataclass(slots=True)
class Batch:
    """A batch for one partition with the numbers of its requests."""

    builder: BatchBuilder
    partition: int
    numbers: list[int] = field(default_factory=list)


class Outbox:
    """Requests that no producer has yet. A million of one command cost the memory of one until they are filled in."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._commands: deque[Command] = deque()
        self._filling: dict[int, Batch] = {}
        # Not from 0: many short-lived senders would all begin with the same partition.
        self._turn = random.randrange(1 << 16)
        self.ready: deque[Batch] = deque()

    def __bool__(self) -> bool:
        return bool(self.ready or self._commands)

    def add(self, command: Command) -> None:
        """Queue the requests of `command` behind all others."""
        self._commands.append(command)

    def drop(self) -> Iterator[Sequence[int]]:
        """Forget everything that waits; yields its numbers."""
        batches = [*self.ready, *self._filling.values()]
        commands = [*self._commands]
        self.ready.clear()
        self._filling.clear()
        self._commands.clear()
        for batch in batches:
            yield batch.numbers
        for command in commands:
            yield range(command.next, command.end)

    def without_partition(self, partitions: Sequence[int]) -> Iterator[Command]:
        """Take out the commands for partitions that do not exist."""
        for command in [*self._commands]:
            if command.partition is not None and command.partition not in partitions:
                self._commands.remove(command)
                yield command

    def next_partition(self, key: bytes | None, partition: int | None, partitions: Sequence[int]) -> int:
        """Where the next request goes: as asked for, else by its key's murmur2 hash as with Java's clients, else in
        turn."""
        if partition is not None:
            return partition
        if key is not None:
            hashed: int = murmur2(key)
            return partitions[(hashed & 0x7FFFFFFF) % len(partitions)]
        return partitions[(self._turn + 1) % len(partitions)]

    async def fill(
        self, create_batch: Callable[[], BatchBuilder], partitions: Sequence[int], limit: int, turns: Turns
    ) -> None:
        """Move up to `limit` requests into batches and those into `ready`."""

        def add(item: tuple[Command, int]) -> None:
            command, number = item
            self._append(create_batch, self._partition(command, partitions), command, number)

        await turns.each(islice(self._requests(), limit), add)
        self.ready.extend(self._filling.values())
        self._filling.clear()

    def _requests(self) -> Iterator[tuple[Command, int]]:
        while self._commands:
            command = self._commands[0]
            number = command.next
            # Before the yield: whoever takes only some of them does not come back to what follows it.
            command.next = number + 1
            if command.next == command.end:
                self._commands.popleft()
            yield command, number

    def _partition(self, command: Command, partitions: Sequence[int]) -> int:
        chosen = self.next_partition(command.key, command.partition, partitions)
        if command.partition is None and command.key is None:
            self._turn += 1
        return chosen

    def _append(self, create_batch: Callable[[], BatchBuilder], partition: int, command: Command, number: int) -> None:
        value = command.value_of(f"{self._sender}-{number}")
        batch = self._filling.get(partition)
        if batch is None:
            batch = self._filling[partition] = Batch(create_batch(), partition)
        if batch.builder.append(timestamp=None, key=command.key, value=value, headers=command.headers) is None:
            self.ready.append(self._filling.pop(partition))
            self._append(create_batch, partition, command, number)
        else:
            batch.numbers.append(number)
