"""Topics are created as configured, and left as they are if they exist."""

import asyncio

import pytest
from aiokafka.errors import InvalidReplicationFactorError, UnknownTopicOrPartitionError
from msgspec.structs import replace

from tests.kafka_cluster import Cluster, admin_of, fresh_settings
from tui.clients import topics


async def test_the_three_topics_are_created_as_configured(cluster: Cluster) -> None:
    wanted = replace(fresh_settings(cluster).topics, partitions=3, retention_hours=0.5, retention_mb=2)
    async with admin_of(cluster) as admin:
        created = await topics.ensure(admin, topics.plans(wanted))
        present, found = await topics.describe(admin), await topics.configs(admin, created)
    assert created == (wanted.requests, wanted.results, wanted.dead_letters)
    for name in created:
        assert present[name].partitions == 3
        assert all(leader is not None for leader in present[name].leaders.values())
        assert (found[name]["retention.ms"], found[name]["retention.bytes"]) == ("1800000", "2097152")
    largest = {name: int(configs["max.message.bytes"]) for name, configs in found.items()}
    assert largest[wanted.results] == largest[wanted.dead_letters] > largest[wanted.requests] > 2_000_000


async def test_two_who_create_at_once_both_succeed(cluster: Cluster) -> None:
    plans = topics.plans(fresh_settings(cluster).topics)
    async with admin_of(cluster) as one, admin_of(cluster) as other:
        await asyncio.gather(topics.ensure(one, plans), topics.ensure(other, plans))
        present = await topics.describe(one)
    assert [present[plan.name].partitions for plan in plans] == [plan.partitions for plan in plans]


async def test_the_brokers_default_replication_can_be_asked_for(cluster: Cluster) -> None:
    wanted = replace(fresh_settings(cluster).topics, replication=-1)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(wanted))
        assert (await topics.describe(admin))[wanted.requests].replication == 1


async def test_what_the_broker_refuses_names_the_topic(cluster: Cluster) -> None:
    wanted = replace(fresh_settings(cluster).topics, replication=3)
    async with admin_of(cluster) as admin:
        with pytest.raises(InvalidReplicationFactorError, match=wanted.requests):
            await topics.ensure(admin, topics.plans(wanted)[:1])
        with pytest.raises(UnknownTopicOrPartitionError, match=wanted.requests):
            await topics.delete(admin, [wanted.requests])


async def test_a_topic_with_the_brokers_defaults_is_brought_back_to_plan(cluster: Cluster) -> None:
    plan = topics.plans(fresh_settings(cluster).topics)[0]
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, [topics.NewTopicPlan(plan.name, 1, 1)])
        await topics.restore(admin, plan, (await topics.describe(admin))[plan.name])
        await topics.ensure(admin, [plan])
        assert (await topics.describe(admin))[plan.name].partitions == 4
        async with asyncio.timeout(20.0):  # a real broker may answer with the old configs for a moment
            while (await topics.configs(admin, [plan.name]))[plan.name]["retention.ms"] != plan.configs["retention.ms"]:
                continue
