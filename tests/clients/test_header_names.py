"""A header name that is no UTF-8 stops nobody: its record is read, answered or refused, as any other."""

from typing import Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchBuilderPy
from aiokafka.structs import TopicPartition

from tests.fuzz.batches import checked
from tests.kafka_cluster import Cluster, EventLog, connection_to, fresh_settings, read_topic, running, settled, until
from tui.clients.connection import closed
from tui.clients.header_names import read_any_header_name
from tui.events import DeadLetterReceived

BAD, SHOWN = b"\xff\xfe\x80name", "\\xff\\xfe\\x80name"
PLACEHOLDER = "x" * len(BAD)


class Raw(str):
    """A name that is written as other bytes."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Those bytes."""
        return BAD


def batch(first: int, *names: str, codec: int) -> bytes:
    """A record for each name, from offset `first` on."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, 0, 1 << 20)
    for at, name in enumerate(names):
        builder.append(at, 1_000 + at, b"key", b"value %d" % (first + at), [(name, b"one"), ("ü", None)])
    return first.to_bytes(8) + bytes(builder.build())[8:]


@pytest.mark.parametrize("codec", [DefaultRecordBatch.CODEC_NONE, DefaultRecordBatch.CODEC_GZIP])
@pytest.mark.parametrize("begin", range(4))
def test_every_record_is_read_once_and_in_order_wherever_in_a_batch_reading_begins(begin: int, codec: int) -> None:
    read_any_header_name()
    bad = Raw(PLACEHOLDER)
    batches = (("good", bad, "good", bad), ("good",), (bad,), ("good",))
    data, names = b"", list[str]()
    for batch_of in batches:
        data += batch(len(names), *batch_of, codec=codec)
        names += [SHOWN if name is bad else "good" for name in batch_of]
    made: Any = fetcher
    fetched = made.MemoryRecords(data)
    records = made.PartitionRecords(TopicPartition("t", 0), fetched, None, begin, None, None, True, 1)
    read = list(records)
    assert [(record.offset, record.headers[0][0]) for record in read] == list(enumerate(names))[begin:]
    for record in read:
        assert (record.value, record.key) == (b"value %d" % record.offset, b"key")
        assert record.headers[0][1] == b"one"
        assert record.headers[1] == ("ü", None)
    assert records.next_fetch_offset == len(names)


async def put(cluster: Cluster, topic: str, values: tuple[bytes, ...]) -> None:
    """Write them to partition 0, each with a name that is no UTF-8."""
    producer = connection_to(cluster).producer("odd-names")
    await producer.start()
    try:
        for value in values:
            builder: Any = producer.create_batch()
            builder.append(timestamp=None, key=None, value=value, headers=[(PLACEHOLDER, b"one")])
            built = builder._build

            def spoiled(built: Any = built) -> bytes:
                return checked(bytearray(bytes(built()).replace(PLACEHOLDER.encode(), BAD)))

            builder._build = spoiled
            await (await producer.send_batch(builder, topic, partition=0))
    finally:
        await closed(producer, 2.0)


async def test_such_requests_are_answered_or_refused_and_work_goes_on(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    events = EventLog()
    request = b'{"operator_1":"5","operator_2":"2","operation":"sum"}'
    async with running(settings, on_event=events) as session:
        await put(cluster, settings.topics.requests, (request, b"no request"))
        session.send("0.1", "sum", "0.2", times=8)
        await until(lambda: settled(session) and session.ledger.accounting().others_dead == 1)
        assert session.ledger.accounting().others_done == 1
        (letter,) = events.of(DeadLetterReceived)
        assert (letter.value, letter.headers) == (b"no request", [(SHOWN, b"one")])
        stored = await read_topic(cluster, settings.topics.dead_letters, 1)
    assert stored[0].headers[0] == (SHOWN, b"one")
