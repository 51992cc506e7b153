"""How to reach the cluster: settings become the arguments of aiokafka's clients, and their errors become advice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from ssl import SSLContext
from typing import Any, cast

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.helpers import create_ssl_context

from tui.clients.aiokafka_types import Admin, Consumer, Producer
from tui.clients.reasons import reason
from tui.clients.refusals import BadConnectionSettings
from tui.settings import KafkaSettings, WorkerSettings

log = logging.getLogger(__name__)

FETCH_MAX_WAIT_MS = 50  # measured: with 500, a busy partition beside an idle one waits 497 ms at p50
METADATA_MAX_AGE_MS = 10_000  # how late new partitions are noticed
RETRY_BACKOFF_MS = 100
MAX_REQUEST_BYTES = 8 << 20  # above the largest message of the dead-letter topic
_CUT_OFF_S = 0.5
BATCH_BYTES = 256 << 10  # below every broker's default message.max.bytes: a batch that is refused is not split


@dataclass(frozen=True)
class Connection:
    """Where the cluster is and how to log in; makes clients, which whoever asked for them starts and stops."""

    settings: KafkaSettings
    bootstrap_servers: str

    def check(self) -> None:
        """Find out now what would make every client fail. Raises BadConnectionSettings."""
        kafka = self.settings
        if kafka.security_protocol.startswith("SASL") and (kafka.sasl_username is None or kafka.sasl_password is None):
            raise BadConnectionSettings(
                f"kafka.security_protocol {kafka.security_protocol} needs kafka.sasl_username and kafka.sasl_password"
            )
        try:
            _ = self._ssl_context
        except (OSError, ValueError) as error:
            files = [name for name in (kafka.ssl_cafile, kafka.ssl_certfile, kafka.ssl_keyfile) if name]
            raise BadConnectionSettings(
                f"kafka.ssl_cafile, ssl_certfile, ssl_keyfile: found {', '.join(files)}; {reason(error)};"
                " allowed are readable PEM files"
            ) from error

    def admin(self) -> Admin:
        """A client for topics and groups."""
        return cast(Callable[..., Admin], AIOKafkaAdminClient)(**self._common("kcalc-admin"))

    def producer(self, client_id: str, batch_bytes: int = BATCH_BYTES) -> Producer:
        """An idempotent producer, acks=all: what it repeats by itself is stored once, in order."""
        return cast(Callable[..., Producer], AIOKafkaProducer)(
            **self._common(client_id),
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=batch_bytes,
            max_request_size=MAX_REQUEST_BYTES,
        )

    def reader(self, client_id: str, partition_fetch_bytes: int = 1 << 20) -> Consumer:
        """A consumer outside any group."""
        return cast(Callable[..., Consumer], AIOKafkaConsumer)(
            **self._common(client_id),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
            max_partition_fetch_bytes=partition_fetch_bytes,
        )

    def member(self, client_id: str, workers: WorkerSettings) -> Consumer:
        """A consumer that joins the group of the workers, with exactly one assignor."""
        # JoinGroup is answered only when the slowest member has rejoined, so it must be allowed to take that long.
        longest_s = max(self.settings.request_timeout_s, workers.rebalance_timeout_s + 5.0)
        return cast(Callable[..., Consumer], AIOKafkaConsumer)(
            **self._common(client_id) | {"request_timeout_ms": int(longest_s * 1_000)},
            group_id=workers.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=int(workers.session_timeout_s * 1_000),
            heartbeat_interval_ms=int(workers.heartbeat_interval_s * 1_000),
            rebalance_timeout_ms=int(workers.rebalance_timeout_s * 1_000),
        )

    def _common(self, client_id: str) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.bootstrap_servers,
            "client_id": client_id,
            "request_timeout_ms": int(self.settings.request_timeout_s * 1_000),
            "metadata_max_age_ms": METADATA_MAX_AGE_MS,
            "retry_backoff_ms": RETRY_BACKOFF_MS,
            "security_protocol": self.settings.security_protocol,
            "ssl_context": self._ssl_context,
            "sasl_mechanism": self.settings.sasl_mechanism,
            "sasl_plain_username": self.settings.sasl_username,
            "sasl_plain_password": self.settings.sasl_password,
        }

    @cached_property
    def _ssl_context(self) -> SSLContext | None:
        if self.settings.security_protocol not in {"SSL", "SASL_SSL"}:
            return None
        return create_ssl_context(
            cafile=self.settings.ssl_cafile,
            certfile=self.settings.ssl_certfile,
            keyfile=self.settings.ssl_keyfile,
        )

    def advice(self, error: BaseException) -> str:
        """What `error` means and what to do about it, on one line, without secrets."""
        if isinstance(error, KafkaConnectionError | OSError | TimeoutError):
            if self.settings.embedded:
                return f"no broker answers at {self.bootstrap_servers}: start one with kcalc broker or kcalc-tui"
            return (
                f"no broker answers at {self.bootstrap_servers}:"
                " is it running, and is kafka.bootstrap_servers (--bootstrap-servers) right?"
            )
        return reason(error)


async def started(client: Consumer | Producer | Admin) -> None:
    """Start `client`. Raises KafkaConnectionError if no broker answers.

    A cancellation waits a moment for the start to end: cancelled midway, aiokafka leaves a connection open.
    """
    starting = asyncio.create_task(client.start(), name=f"start {type(client).__name__}")
    try:
        await asyncio.shield(starting)
    finally:
        if not starting.done():
            await asyncio.wait([starting], timeout=_CUT_OFF_S)
            starting.cancel()


async def closed(client: Consumer | Producer | Admin, within_s: float) -> bool:
    """Stop `client` within `within_s` seconds; True if it ended by itself.

    With a dead broker aiokafka's `stop` may take as long as its requests do, and that of an idempotent producer for
    ever. A producer is then cut off, so that it cannot deliver late what its successor sends again. A consumer goes
    on stopping in the background: cut off, it would stay a member of its group that does nothing.
    """
    stopping = asyncio.create_task(_stopped(client), name=f"stop {type(client).__name__}")
    _stopping.add(stopping)
    stopping.add_done_callback(_stopping.discard)
    try:
        await asyncio.wait([stopping], timeout=within_s)
    finally:
        if not stopping.done() and isinstance(client, AIOKafkaProducer):
            stopping.cancel()
    if stopping.done():
        return stopping.result()
    log.warning("%s did not stop within %.1f s", type(client).__name__, within_s)
    if stopping.cancelling():
        await asyncio.wait([stopping], timeout=_CUT_OFF_S)
    return False


_stopping: set[asyncio.Task[bool]] = set()


async def _stopped(client: Consumer | Producer | Admin) -> bool:
    stop: Callable[[], Awaitable[None]] = getattr(client, "stop", None) or getattr(client, "close")  # noqa: B009
    try:
        await stop()
    except asyncio.CancelledError:
        # In 0.14 it may be a cancellation within aiokafka that leaves the connections open.
        await _cut_off(client)
        if (task := asyncio.current_task()) is not None and task.cancelling():
            raise
        return False
    except (KafkaError, OSError) as error:
        log.warning("%s did not stop by itself: %s", type(client).__name__, reason(error))
        await _cut_off(client)
        return False
    return True


async def _cut_off(client: object) -> None:
    """End what `stop` left running. aiokafka has no public names for it; its version is pinned."""
    sender = getattr(client, "_sender", None)
    if sender is not None and sender.sender_task is not None:
        sender.sender_task.cancel()
    inner = getattr(client, "client", None) or getattr(client, "_client", None)
    if inner is not None:
        await asyncio.wait([asyncio.ensure_future(inner.close())], timeout=_CUT_OFF_S)


def generation(consumer: Consumer) -> int:
    """The generation of the group as `consumer` knows it, -1 outside a group. aiokafka has no public name for it."""
    coordinator = getattr(consumer, "_coordinator", None)
    return getattr(coordinator, "generation", -1)


async def cluster_id(connection: Connection, within_s: float) -> str | None:
    """The id of the cluster that answers there; None if no Kafka broker does within `within_s` seconds."""
    admin = connection.admin()
    try:
        async with asyncio.timeout(within_s):
            await started(admin)
            found: str | None = (await admin.describe_cluster())["cluster_id"]
            return found
    except (KafkaError, OSError, TimeoutError) as error:
        log.info("no Kafka broker at %s: %s", connection.bootstrap_servers, reason(error))
        return None
    finally:
        await closed(admin, within_s)
