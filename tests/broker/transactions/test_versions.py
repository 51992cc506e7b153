"""Every version of every transaction API that the embedded broker offers, on both brokers."""

from __future__ import annotations

import pytest

from tests.broker.transactions.answers import NONE, Producer
from tests.broker.transactions.calls import COMMIT, Calls
from tui.broker.api import Api
from tui.broker.apis import add_offsets_to_txn, add_partitions_to_txn, end_txn, init_producer_id, txn_offset_commit


def versions(api: Api) -> range:
    return range(api.min_version, api.max_version + 1)


@pytest.mark.parametrize("version", versions(init_producer_id.API))
async def test_a_producer_starts_in_every_version(calls: Calls, version: int) -> None:
    producer = await calls.started()
    assert await calls.init(version=version) == (NONE, Producer(producer.id, producer.epoch + 1))


@pytest.mark.parametrize("version", versions(add_partitions_to_txn.API))
async def test_partitions_are_added_in_every_version(calls: Calls, version: int) -> None:
    producer = await calls.started()
    assert await calls.add(producer, 0, version=version) == NONE
    assert await calls.produce(producer, 0, b"x") == (NONE, 0)


@pytest.mark.parametrize("version", versions(end_txn.API))
async def test_a_transaction_ends_in_every_version(calls: Calls, version: int) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    assert await calls.end(producer, COMMIT, version=version) == NONE
    await calls.completed()
    assert (await calls.reads.fetch()).records == {0: "commit"}


@pytest.mark.parametrize("version", versions(add_offsets_to_txn.API))
async def test_a_group_is_added_in_every_version(calls: Calls, version: int) -> None:
    producer = await calls.started()
    assert await calls.add_offsets(producer, version=version) == NONE
    assert await calls.commit_offsets(producer, {0: 5}) == {0: NONE}


@pytest.mark.parametrize("version", versions(txn_offset_commit.API))
async def test_offsets_are_committed_in_every_version(calls: Calls, version: int) -> None:
    producer = await calls.started()
    await calls.add_offsets(producer)
    assert await calls.commit_offsets(producer, {0: 5}, version=version) == {0: NONE}
    await calls.finish(producer, COMMIT)
    assert await calls.reads.committed_offsets() == {0: (NONE, 5)}
