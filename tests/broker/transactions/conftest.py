"""Calls of a transactional producer to the embedded broker and to real Apache Kafka, which must answer the same."""

import uuid
from collections.abc import AsyncIterator
from functools import partial

import pytest
from kafka.protocol.admin import CreateTopicsRequest
from kafka.protocol.metadata import CoordinatorType, FindCoordinatorRequest

from tests.broker.transactions.answers import NONE, UNKNOWN_TOPIC_OR_PARTITION, eventually, settled
from tests.broker.transactions.calls import Calls
from tests.broker.wire import WireClient
from tests.kafka_cluster import Cluster

PARTITIONS = 3
NOT_LEADER_OR_FOLLOWER = 6


@pytest.fixture
async def calls(cluster: Cluster) -> AsyncIterator[Calls]:
    """Calls to a broker that is ready for them: the topic has leaders and both coordinators answer."""
    token = uuid.uuid4().hex[:8]
    host, _, port = cluster.bootstrap_servers.rpartition(":")
    async with WireClient(host, int(port)) as wire:
        calls = Calls(wire, f"txn-{token}", f"topic-{token}", f"group-{token}")
        await create_topic(wire, calls.topic)
        await find_coordinator(wire, CoordinatorType.TRANSACTION, calls.transactional_id)
        await find_coordinator(wire, CoordinatorType.GROUP, calls.group_id)
        await calls.other().started()
        yield calls


async def create_topic(wire: WireClient, name: str) -> None:
    """A topic of PARTITIONS partitions, all of which can be read."""
    topic = CreateTopicsRequest.CreatableTopic(
        name=name, num_partitions=PARTITIONS, replication_factor=1, assignments=[], configs=[]
    )
    answer = await wire.ask(CreateTopicsRequest(topics=[topic], timeout_ms=10_000, validate_only=False), 4)
    assert answer.topics[0].error_code == NONE
    for partition in range(PARTITIONS):
        await eventually(
            partial(wire.fetch, name, partition, 0),
            lambda fetched: fetched.error_code not in (UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER),
        )


async def find_coordinator(wire: WireClient, key_type: int, key: str) -> None:
    """Ask until there is one."""
    request = FindCoordinatorRequest(key_type=key_type, coordinator_keys=[key])
    answer = await settled(lambda: wire.ask(request, 4), lambda answer: answer.coordinators[0].error_code)
    assert answer.coordinators[0].error_code == NONE
