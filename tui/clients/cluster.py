"""The cluster as a person looks after it: everything that is there, and changes of its topics."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from aiokafka.errors import KafkaConnectionError, KafkaError, NodeNotReadyError

from tui.clients import topics
from tui.clients.aiokafka_types import Admin
from tui.clients.cluster_look import ClusterLook
from tui.clients.connection import Connection, closed, started
from tui.clients.described import ClusterDescription
from tui.clients.refusals import ClusterRefused
from tui.settings import Settings

CHANGE_WITHIN_S = 15.0
_CLOSE_S = 0.5


class Cluster:
    """Looks at the cluster when it is asked to and changes its topics.

    The client of the looks is made by the first one and kept until `close`; each change has one of its own, so that
    neither disturbs the other. `clock` gives Unix seconds.
    """

    def __init__(self, connection: Connection, settings: Settings, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._settings = settings
        self._clock = clock
        self._admin: Admin | None = None
        self._looking = asyncio.Lock()

    async def describe(self, within_s: float) -> ClusterDescription:
        """Everything that is there, one look at a time. ClusterRefused if no broker answers within `within_s`.

        What only a part of it did not answer, or may not be seen, is said in the description.
        """
        deadline = asyncio.get_running_loop().time() + within_s
        async with self._looking:
            try:
                async with asyncio.timeout_at(deadline):
                    admin = await self._started()
                look = ClusterLook(admin, self._connection, self._settings, deadline)
                return await look.taken(self._clock())
            except NotImplementedError:
                raise ClusterRefused("brokers before Apache Kafka 2.3 cannot be looked at") from None
            except (KafkaError, OSError) as error:
                await self.close()
                raise ClusterRefused(self._words(error)) from error
            except asyncio.CancelledError:
                await self.close()
                raise

    async def create_topic(self, name: str, partitions: int, replication: int) -> None:
        """Create a topic and wait until it can be used. ClusterRefused."""
        plan = replace(topics.plan_for(self._settings.topics, name), partitions=partitions, replication=replication)
        async with self._changing() as admin:
            if (there := (await topics.describe(admin)).get(name)) is not None:
                raise ClusterRefused(f"topic {name} exists already, with {there.partitions} partitions")
            await topics.ensure(admin, [plan])

    async def add_partitions(self, name: str, total: int) -> None:
        """Let a topic have `total` partitions, and wait until they can be used. ClusterRefused."""
        async with self._changing() as admin:
            topic = (await topics.describe(admin)).get(name)
            if topic is None:
                raise ClusterRefused(f"there is no topic {name}")
            if topic.internal:
                raise ClusterRefused(f"{name} is Kafka's own topic: it is not to be changed")
            if total <= topic.partitions:
                raise ClusterRefused(f"topic {name} has {topic.partitions} partitions, and none can be taken away")
            await topics.grow(admin, name, total)

    async def delete_topic(self, name: str) -> None:
        """Delete one of kcalc's own topics with all it holds. ClusterRefused, also for any other topic."""
        if name not in self._settings.topics.uses:
            raise ClusterRefused(f"{name} is none of kcalc's topics")
        async with self._changing() as admin:
            await topics.delete(admin, [name])

    async def close(self) -> None:
        """Close the client of the looks; the next look makes another one."""
        admin, self._admin = self._admin, None
        if admin is not None:
            await closed(admin, _CLOSE_S)

    async def _started(self) -> Admin:
        if self._admin is None:
            admin = self._connection.admin()
            try:
                await started(admin)
            except BaseException:
                await closed(admin, _CLOSE_S)
                raise
            self._admin = admin
        return self._admin

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[Admin]:
        admin = self._connection.admin()
        try:
            async with asyncio.timeout(CHANGE_WITHIN_S):
                await started(admin)
                yield admin
        except TimeoutError as error:
            raise ClusterRefused("no answer in time: look at the topics whether it was done") from error
        except (KafkaError, OSError) as error:
            raise ClusterRefused(self._words(error)) from error
        finally:
            await closed(admin, _CLOSE_S)

    def _words(self, error: BaseException) -> str:
        return self._connection.advice(KafkaConnectionError() if isinstance(error, NodeNotReadyError) else error)
