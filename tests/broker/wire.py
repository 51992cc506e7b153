"""A client of single protocol messages, and record batches to send with it."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from kafka.protocol.api_header import ResponseClassRegistry
from kafka.protocol.consumer import FetchRequest, FetchResponse
from kafka.protocol.producer import ProduceRequest

DEADLINE_S = 10.0


class WireClient:
    """One connection; every wait has a deadline."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._correlation_id = 0

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(DEADLINE_S):
            self.reader, self.writer = await asyncio.open_connection(*self._address)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    async def ask(self, request: Any, version: int) -> Any:
        """Send a request of `kafka.protocol` and return the response."""
        await self.send(request, version)
        return await self.response(type(request), version)

    async def send(self, request: Any, version: int) -> None:
        self._correlation_id += 1
        request.API_VERSION = version
        request.with_header(correlation_id=self._correlation_id, client_id="wire")
        await self.send_bytes(bytes(request.encode(header=True, framed=True)))

    async def send_bytes(self, data: bytes) -> None:
        self.writer.write(data)
        async with asyncio.timeout(DEADLINE_S):
            await self.writer.drain()

    async def response(self, request_class: Any, version: int) -> Any:
        async with asyncio.timeout(DEADLINE_S):
            (size,) = struct.unpack(">i", await self.reader.readexactly(4))
            frame = await self.reader.readexactly(size)
        response_class: Any = ResponseClassRegistry
        response_class = response_class._response_class_registry[request_class.API_KEY]
        response = response_class.decode(frame, version=version, header=True)
        assert response.header.correlation_id == self._correlation_id
        return response

    async def is_closed_by_broker(self, within_s: float = DEADLINE_S) -> bool:
        """Whether the broker closes the connection in time, without another byte."""
        try:
            async with asyncio.timeout(within_s):
                return await self.reader.read(1) == b""
        except TimeoutError:
            return False
        except ConnectionError:
            return True

    async def produce(
        self,
        topic: str,
        partition: int,
        batch: bytes | None,
        acks: int = -1,
        version: int = 7,
        transactional_id: str | None = None,
    ) -> Any:
        """The answer for the one partition."""
        response = await self.ask(produce_request(topic, partition, batch, acks, transactional_id), version)
        return response.responses[0].partition_responses[0]

    async def fetch(self, topic: str, partition: int, offset: int, **limits: int) -> Any:
        """The answer for the one partition; see fetch_request for the limits."""
        response: FetchResponse = await self.ask(fetch_request([(topic, partition, offset)], **limits), 11)
        return response.responses[0].partitions[0]


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that nobody announces; TimeoutError if it does not become so."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


def produce_request(
    topic: str, partition: int, batch: bytes | None, acks: int = -1, transactional_id: str | None = None
) -> Any:
    data = ProduceRequest.TopicProduceData
    partition_data = data.PartitionProduceData(index=partition, records=batch)
    return ProduceRequest(
        transactional_id=transactional_id,
        acks=acks,
        timeout_ms=1000,
        topic_data=[data(name=topic, partition_data=[partition_data])],
    )


def fetch_request(
    wanted: Sequence[tuple[str, int, int]],
    *,
    max_wait_ms: int = 0,
    min_bytes: int = 1,
    max_bytes: int = 1 << 24,
    partition_max_bytes: int = 1 << 20,
    session_id: int = 0,
    isolation_level: int = 0,
) -> Any:
    topic = FetchRequest.FetchTopic
    return FetchRequest(
        replica_id=-1,
        max_wait_ms=max_wait_ms,
        min_bytes=min_bytes,
        max_bytes=max_bytes,
        isolation_level=isolation_level,
        session_id=session_id,
        session_epoch=-1,
        topics=[
            topic(
                topic=name,
                partitions=[
                    topic.FetchPartition(
                        partition=partition,
                        current_leader_epoch=-1,
                        fetch_offset=offset,
                        log_start_offset=-1,
                        partition_max_bytes=partition_max_bytes,
                    )
                ],
            )
            for name, partition, offset in wanted
        ],
        forgotten_topics_data=[],
        rack_id="",
    )


def record_batch(
    *values: bytes,
    timestamps: Sequence[int] | None = None,
    codec: int = 0,
    producer_id: int = -1,
    epoch: int = -1,
    sequence: int = -1,
    transactional: bool = False,
) -> bytes:
    """A batch with a record for each value, as a client would send it; times are 1,000, 1,001, … by default."""
    builder: Any = DefaultRecordBatchBuilder(2, codec, int(transactional), producer_id, epoch, sequence, 1 << 26)
    for index, value in enumerate(values):
        timestamp = timestamps[index] if timestamps else 1000 + index
        builder.append(index, timestamp=timestamp, key=None, value=value, headers=[])
    return bytes(builder.build())
