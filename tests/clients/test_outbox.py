"""Which partition a request goes to, in which order, and that nothing that waits is forgotten."""

from dataclasses import dataclass, field

import pytest
from aiokafka.partitioner import DefaultPartitioner

from tui.calc.messages import decode_request
from tui.clients.aiokafka_types import Headers
from tui.clients.outbox import Command, Outbox
from tui.clients.turns import Turns


@dataclass
class Builder:
    """A batch of at most `room` records."""

    room: int = 1_000_000
    values: list[bytes] = field(default_factory=list)
    closed: bool = False

    def append(
        self, *, timestamp: int | None, key: bytes | None, value: bytes | None, headers: Headers | None = None
    ) -> object | None:
        if len(self.values) == self.room:
            return None
        self.values.append(value or b"")
        return self

    def close(self) -> None:
        self.closed = True

    def record_count(self) -> int:
        return len(self.values)


def command(first: int, count: int, key: bytes | None = None, partition: int | None = None) -> Command:
    return Command(first, first + count, "5", "sum", "2", key, partition)


async def filled(outbox: Outbox, partitions: int, limit: int = 1_000, room: int = 1_000_000) -> dict[int, list[int]]:
    """The numbers by partition, in order, after one filling."""
    await outbox.fill(lambda: Builder(room), range(partitions), limit, Turns())
    found: dict[int, list[int]] = {}
    for batch in outbox.ready:
        found.setdefault(batch.partition, []).extend(batch.numbers)
    return found


async def test_requests_without_a_key_are_dealt_out_in_turn() -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 6))
    outbox.add(command(6, 2))
    found = await filled(outbox, 4)
    assert sorted(found) == [0, 1, 2, 3]
    assert all(numbers[1] - numbers[0] == 4 for numbers in found.values())


@pytest.mark.parametrize(("key", "partition"), [(None, None), (b"red", None), (None, 2), (b"red", 3)])
async def test_a_request_goes_where_it_was_foretold(key: bytes | None, partition: int | None) -> None:
    outbox = Outbox("me")
    for number in range(5):
        foretold = outbox.next_partition(key, partition, range(4))
        outbox.add(command(number, 1, key, partition))
        assert await filled(outbox, 4) == {foretold: [number]}
        outbox.ready.clear()


@pytest.mark.parametrize("key", [b"red", b"green", b"\xff\x00", "ключ".encode(), b"x" * 100])
async def test_a_key_chooses_the_partition_that_every_kafka_client_chooses(key: bytes) -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 3, key))
    assert await filled(outbox, 7) == {DefaultPartitioner()(key, list(range(7)), list(range(7))): [0, 1, 2]}


async def test_a_given_partition_is_kept() -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 3, b"key", 2))
    assert await filled(outbox, 4) == {2: [0, 1, 2]}


async def test_a_partition_that_does_not_exist_is_sorted_out() -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 3, partition=9))
    outbox.add(command(3, 1, partition=1))
    assert [gone.partition for gone in outbox.without_partition(range(4))] == [9]
    assert await filled(outbox, 4) == {1: [3]}


async def test_a_full_batch_is_followed_by_another() -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 25, partition=0))
    assert await filled(outbox, 1, room=10) == {0: list(range(25))}
    assert [len(batch.numbers) for batch in outbox.ready] == [10, 10, 5]


async def test_a_part_is_filled_in_and_the_rest_waits() -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 10, partition=0))
    assert await filled(outbox, 1, limit=4) == {0: [0, 1, 2, 3]}
    assert await filled(outbox, 1, limit=4) == {0: list(range(8))}
    assert [list(numbers) for numbers in outbox.drop()] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert not outbox


async def test_every_request_has_its_own_id() -> None:
    outbox = Outbox("me")
    outbox.add(command(7, 2, partition=0))
    await outbox.fill(Builder, range(1), 10, Turns())
    builder = outbox.ready[0].builder
    assert isinstance(builder, Builder)
    assert [decode_request(value).id for value in builder.values] == ["me-7", "me-8"]


async def test_a_million_alike_requests_wait_as_one_command() -> None:
    outbox = Outbox("me")
    outbox.add(command(0, 1_000_000))
    assert [len(numbers) for numbers in outbox.drop()] == [1_000_000]
