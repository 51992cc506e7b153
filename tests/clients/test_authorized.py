"""What a login may do, as far as the broker that is asked can say so at that moment."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import GroupLoadInProgressError, NotCoordinatorForGroupError

from tests.kafka_cluster import WITHIN_S, Cluster, EmbeddedCluster, admin_of
from tui.clients import asking, authorized
from tui.clients.authorized import DescribeGroupsRequest, group_operations
from tui.commands.cluster import coordinated

NOTHING_SAID = -(2**31)


@pytest.mark.parametrize(("code", "error"), [(14, GroupLoadInProgressError), (16, NotCoordinatorForGroupError)])
async def test_a_coordinator_that_is_not_ready_is_not_taken_for_one_that_checks_no_permissions(
    embedded: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    """For a moment that of a new cluster is not: it makes its offsets topic when it is first asked for a group."""
    true = asking.ask

    async def ask(admin: Any, request: Any, node: int | None = None) -> Any:
        if isinstance(request, DescribeGroupsRequest):
            return SimpleNamespace(groups=[(code, "kcalc", "", "", "", [], NOTHING_SAID)])
        return await true(admin, request, node)

    async with admin_of(embedded) as admin:
        monkeypatch.setattr(authorized, "ask", ask)
        with pytest.raises(error):
            await group_operations(admin, "kcalc")


async def test_a_broker_says_what_may_be_done_to_a_group_also_before_it_exists(cluster: Cluster) -> None:
    async with admin_of(cluster) as admin:
        operations = await coordinated(lambda _: group_operations(admin, "never-seen"), WITHIN_S)
    assert operations is not None
    assert operations >= {"Describe", "Read", "Delete"}
