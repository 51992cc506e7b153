"""Answers and offsets in one transaction: visible together or not at all, whoever dies, is fenced or gets no answer."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from aiokafka.structs import TopicPartition

from tests.clients.committed import committed_offsets, committed_records
from tests.clients.stored import Stored
from tests.kafka_cluster import Cluster, admin_of, connection_to, fresh_settings
from tui.calc.messages import Request, decode_result, encode_request
from tui.calc.operations import Operations
from tui.clients import topics
from tui.clients.aiokafka_types import Producer
from tui.clients.answers import Answers, Calculator
from tui.clients.connection import closed, started
from tui.clients.delivery import Fenced
from tui.clients.exactly_once import ExactlyOnce
from tui.settings import Settings


def place(settings: Settings) -> TopicPartition:
    """The partition that these tests are about."""
    return TopicPartition(settings.topics.requests, 0)


async def topics_of(cluster: Cluster) -> Settings:
    """Settings of their own, with their topics."""
    settings = fresh_settings(cluster)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    return settings


def delivery(cluster: Cluster, settings: Settings, client_id: str = "w") -> ExactlyOnce:
    """What a lane of partition 0 would have."""
    limits = settings.calc.max_request_bytes
    calculator = Calculator(client_id, settings.topics, Operations.standard(), limits, time.time)
    return ExactlyOnce(connection_to(cluster), calculator, place(settings), settings.workers.group, lambda: None)


async def answers(lane: ExactlyOnce, settings: Settings, offsets: Sequence[int], value: bytes | None = None) -> Answers:
    """The answers to requests that were read at `offsets`."""
    limits = settings.calc.max_request_bytes
    calculator = Calculator("w", settings.topics, Operations.standard(), limits, time.time)
    found = Answers(calculator, lane.create_batch, lambda _: 1)
    for offset in offsets:
        request = value or encode_request(Request(str(offset), "1", "sum", f"r{offset}"))
        found.add(Stored(request, topic=settings.topics.requests, partition=0, offset=offset))
    return found


async def visible(cluster: Cluster, settings: Settings) -> list[str]:
    """The ids of the results that a read_committed consumer gets, in order."""
    return [decode_result(row.value).id for row in await committed_records(cluster, [settings.topics.results])]


async def committed(cluster: Cluster, settings: Settings) -> int | None:
    """The committed offset of partition 0."""
    return (await committed_offsets(cluster, settings.workers.group, settings.topics.requests)).get(0)


async def test_a_partition_that_was_never_committed_is_so_as_soon_as_somebody_owns_it(cluster: Cluster) -> None:
    settings = await topics_of(cluster)
    lane = delivery(cluster, settings)
    assert await lane.open(7) == 7
    await lane.close(1.0)
    assert await committed(cluster, settings) == 7


async def test_results_dead_letters_and_offset_become_visible_together(cluster: Cluster) -> None:
    settings = await topics_of(cluster)
    lane = delivery(cluster, settings)
    await lane.open(0)
    both = [await answers(lane, settings, [0, 1]), await answers(lane, settings, [2], b"no request")]
    await lane.deliver(both)
    assert await visible(cluster, settings) == ["r0", "r1"]
    (letter,) = await committed_records(cluster, [settings.topics.dead_letters])
    assert letter.value == b"no request"
    assert await committed(cluster, settings) == 3
    await lane.close(1.0)


async def test_a_worker_that_dies_between_results_and_commit_leaves_nothing(cluster: Cluster) -> None:
    settings = await topics_of(cluster)
    dead = delivery(cluster, settings, "dead")
    await dead.open(0)
    await dead.deliver([await answers(dead, settings, [0])])
    await begun(await dead.producer(), settings, await answers(dead, settings, [1, 2]), b"letter", offset=3)
    assert await visible(cluster, settings) == ["r0"]
    heir = delivery(cluster, settings, "heir")
    assert await heir.open(0) == 1
    await heir.deliver([await answers(heir, settings, [1, 2])])
    assert await visible(cluster, settings) == ["r0", "r1", "r2"]
    assert await committed_records(cluster, [settings.topics.dead_letters]) == []
    assert await committed(cluster, settings) == 3
    await asyncio.gather(heir.close(1.0), dead.close(1.0))


async def begun(producer: Producer, settings: Settings, group: Answers, letter: bytes, offset: int) -> None:
    """A transaction with everything in it but its end."""
    await producer.begin_transaction()
    letters = producer.create_batch()
    letters.append(timestamp=None, key=None, value=letter)
    results = settings.topics.results
    for topic, batch in [
        (settings.topics.dead_letters, letters),
        *((results, each) for each in group.batches(results)),
    ]:
        batch.close()
        await (await producer.send_batch(batch, topic, partition=0))
    await producer.send_offsets_to_transaction({place(settings): offset}, settings.workers.group)


async def test_of_two_owners_of_a_partition_the_older_one_is_fenced(cluster: Cluster) -> None:
    settings = await topics_of(cluster)
    zombie, owner = (delivery(cluster, settings, name) for name in ("zombie", "owner"))
    await zombie.open(0)
    await zombie.deliver([await answers(zombie, settings, [0])])
    late = await answers(zombie, settings, [1])
    assert await owner.open(0) == 1
    with pytest.raises(Fenced, match="another worker"):
        await zombie.deliver([late])
    await owner.deliver([await answers(owner, settings, [1])])
    assert await visible(cluster, settings) == ["r0", "r1"]
    await asyncio.gather(zombie.close(1.0), owner.close(1.0))


async def test_a_delivery_that_is_cut_off_ends_its_transaction(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = await topics_of(cluster)
    lane = delivery(cluster, settings)
    await lane.open(0)
    producer = await lane.producer()
    stored = asyncio.Event()

    async def never(*_: object) -> None:
        stored.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(producer, "send_offsets_to_transaction", never)
    cut = asyncio.create_task(lane.deliver([await answers(lane, settings, [0])]))
    await stored.wait()
    cut.cancel()
    await asyncio.wait([cut])
    await lane.close(1.0)
    # Were the transaction still open, nobody could read what comes behind it.
    plain = connection_to(cluster).producer("other")
    await started(plain)
    batch = plain.create_batch()
    batch.append(timestamp=None, key=None, value=encode_request(Request("1", None, "abs")))
    await (await plain.send_batch(batch, settings.topics.results, partition=0))
    await closed(plain, 1.0)
    assert [row.offset for row in await committed_records(cluster, [settings.topics.results])] == [2]
    assert await committed(cluster, settings) == 0
