"""What watching, sending and working need, asked of the cluster one by one and shown by `kcalc doctor`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.commands.cluster import admin_of, coordinated

if TYPE_CHECKING:
    from tui.clients.aiokafka_types import Admin
    from tui.clients.connection import Connection
    from tui.clients.permissions import Permission
    from tui.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One need of one role. `allowed` is None if the cluster does not say, as one that checks no permissions."""

    role: str
    permission: "Permission"
    allowed: bool | None
    granted_by: str

    @property
    def data(self) -> dict[str, object]:
        """As doctor's JSON has it."""
        asked = self.permission
        return {
            "role": self.role,
            "operation": asked.operation,
            "resource": asked.resource,
            "name": asked.name,
            "prefixed": asked.prefixed,
            "allowed": self.allowed,
            "granted_by": self.granted_by,
        }


async def checked(connection: "Connection", settings: "Settings") -> list[Check]:
    """Every need and whether it is met, first those of topics that would have to be created. Raises KafkaError."""
    async with admin_of(connection) as admin:
        return [
            Check(role, permission, allowed, connection.granted_by(permission))
            async for role, permission, allowed in _asked(admin, settings)
        ]


async def _asked(admin: "Admin", settings: "Settings") -> "AsyncIterator[tuple[str, Permission, bool | None]]":
    from tui.clients.authorized import group_operations, may_be_idempotent, may_use_transactions, topic_operations
    from tui.clients.roles import needs
    from tui.clients.topics import describe, plans

    if not settings.kafka.read_only:
        async for each in _creation(admin, settings):
            yield each
    by_topic = await topic_operations(admin, [plan.name for plan in plans(settings.topics)])
    group, within_s = settings.workers.group, settings.kafka.request_timeout_s
    of_group = await coordinated(lambda _: group_operations(admin, group), within_s)
    # Asked by a request that gets a producer's id, which is more than reading.
    idempotent = not settings.kafka.read_only and await may_be_idempotent(admin)
    present = await describe(admin)
    may_not_write: set[str] = set()
    for role, permission in needs(settings):
        allowed: bool | None
        match permission.resource:
            case "topic":
                operations = by_topic.get(permission.name)
                allowed = None if operations is None else permission.operation in operations
                if permission.operation == "Write" and allowed is False:
                    may_not_write.add(role)
            case "group":
                allowed = None if of_group is None else permission.operation in of_group
            case "cluster" if not idempotent and role in may_not_write:
                continue  # whoever may write to a topic may do it idempotently, since Kafka 2.8
            case "cluster":
                allowed = idempotent
            case "transactional-id":
                partitions = present[settings.topics.requests].leaders if settings.topics.requests in present else (0,)
                ids = [f"{permission.name}{partition}" for partition in partitions]
                allowed = all([await may_use_transactions(admin, each) for each in ids])
        yield role, permission, allowed


async def _creation(admin: "Admin", settings: "Settings") -> "AsyncIterator[tuple[str, Permission, bool | None]]":
    """Whether the topics that are not there could be created; nothing for those that may not even be seen."""
    from tui.clients.authorized import may_create, topic_operations
    from tui.clients.permissions import Permission
    from tui.clients.topics import describe, plans

    present = await describe(admin)
    absent = [plan for plan in plans(settings.topics) if plan.name not in present]
    seen = await topic_operations(admin, [plan.name for plan in absent]) if absent else {}
    for plan in absent:
        operations = seen.get(plan.name)
        if operations is None or "Describe" in operations:
            yield "create", Permission("Create", "topic", plan.name), await may_create(admin, plan.name)
