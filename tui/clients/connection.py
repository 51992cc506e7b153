"""How to reach the cluster: settings become the arguments of aiokafka's clients, and their errors become advice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, Unpack, cast
from weakref import WeakKeyDictionary

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaConnectionError, KafkaError

from tui.clients import read_only, security
from tui.clients.aiokafka_types import Admin, Consumer, Producer
from tui.clients.entrance import NotLetIn, why_not_let_in
from tui.clients.header_names import read_any_header_name
from tui.clients.heartbeats import hurry
from tui.clients.insides import inner
from tui.clients.permissions import Permission, Role, missing, sentence
from tui.clients.principal import principal
from tui.clients.pulse import Pulse
from tui.clients.reasons import reason
from tui.settings import KafkaSettings, WorkerSettings

log = logging.getLogger(__name__)

C = TypeVar("C")

FETCH_MAX_WAIT_MS = 50  # measured: with 500, a busy partition beside an idle one waits 497 ms at p50
METADATA_MAX_AGE_MS = 10_000  # how late new partitions are noticed
RETRY_BACKOFF_MS = 100
MAX_REQUEST_BYTES = 8 << 20  # above the largest message of the dead-letter topic
TRANSACTION_TIMEOUT_S = 20.0  # one takes 50 ms; until a dead worker's is ended, nobody reads on in its partition
READ_COMMITTED = "read_committed"  # what a transaction has not committed is no request and no result
_CUT_OFF_S = 0.5
_START_LOOK_S = 4.0  # a start that takes longer is asked whether a broker refuses it
BATCH_BYTES = 256 << 10  # below every broker's default message.max.bytes: a batch that is refused is not split


@dataclass(frozen=True)
class Connection:
    """Where the cluster is and how to log in; makes clients, which whoever asked for them starts and stops."""

    settings: KafkaSettings
    bootstrap_servers: str

    def check(self) -> None:
        """Find out now what would make every client fail. Raises BadConnectionSettings."""
        security.check(self.settings)

    def admin(self) -> Admin:
        """A client for topics and groups."""
        return self._made(cast(Callable[..., Admin], AIOKafkaAdminClient)(**self._common("kcalc-admin")))

    def producer(self, client_id: str, batch_bytes: int = BATCH_BYTES, transactional_id: str | None = None) -> Producer:
        """An idempotent producer, acks=all: what it repeats by itself is stored once, in order.

        Starting one with a transactional id fences all others of that id and ends what they left open.
        """
        read_only.refuse(self.settings, "what a producer writes")
        producer = cast(Callable[..., Producer], AIOKafkaProducer)(
            **self._common(client_id),
            enable_idempotence=True,
            transactional_id=transactional_id,
            transaction_timeout_ms=int(TRANSACTION_TIMEOUT_S * 1_000),
            linger_ms=0,
            max_batch_size=batch_bytes,
            max_request_size=MAX_REQUEST_BYTES,
        )
        return self._made(producer)

    def reader(self, client_id: str, partition_fetch_bytes: int = 1 << 20) -> Consumer:
        """A consumer outside any group."""
        read_any_header_name()
        consumer = cast(Callable[..., Consumer], AIOKafkaConsumer)(
            **self._common(client_id),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
            max_partition_fetch_bytes=partition_fetch_bytes,
            isolation_level=READ_COMMITTED,
        )
        return self._made(consumer)

    def member(self, client_id: str, workers: WorkerSettings, pulse: Pulse | None = None) -> Consumer:
        """A consumer that joins the group of the workers, with exactly one assignor; `pulse` feels its heartbeats."""
        read_only.refuse(self.settings, "what joins a group")
        read_any_header_name()
        # A rebalance may outlast a request. JoinGroup is then sent again by the same member id: one wish (KIP-394).
        member = cast(Callable[..., Consumer], AIOKafkaConsumer)(
            **self._common(client_id),
            group_id=workers.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
            isolation_level=READ_COMMITTED,
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=int(workers.session_timeout_s * 1_000),
            heartbeat_interval_ms=int(workers.heartbeat_interval_s * 1_000),
            rebalance_timeout_ms=int(workers.rebalance_timeout_s * 1_000),
        )
        hurry(inner(member), workers.session_timeout_s, pulse)
        return self._made(member)

    def _made(self, client: C) -> C:
        if self.settings.read_only:
            read_only.guard(inner(client))
        _makers[client] = self
        return client

    def _common(self, client_id: str) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.bootstrap_servers,
            "client_id": client_id,
            "request_timeout_ms": int(self.settings.request_timeout_s * 1_000),
            "metadata_max_age_ms": METADATA_MAX_AGE_MS,
            "retry_backoff_ms": RETRY_BACKOFF_MS,
            **self._login,
        }

    @cached_property
    def _login(self) -> dict[str, Any]:
        return security.login(self.settings)

    async def why_not_let_in(self) -> str:
        """Why a broker that answers lets us not in; "" if it does, or if none answers."""
        return await why_not_let_in(self.settings, self.bootstrap_servers, self._login)

    def reason(self, error: BaseException, **role: Unpack[Role]) -> str:
        """`error` in words, on one line; of a missing permission also the command that grants it to our principal.

        `role` is that of whoever met it (see `permissions.missing`): with it the missing operation is known.
        """
        denied = missing(error, **role)
        if not denied:
            return reason(error)
        said = sentence(denied, self.principal, self.bootstrap_servers)
        return said if isinstance(error, KafkaError) else f"{reason(error)}; {said}"

    def granted_by(self, permission: Permission) -> str:
        """The command that gives it to our principal."""
        return permission.granted_by(self.principal, self.bootstrap_servers)

    @property
    def principal(self) -> str:
        """Who we are to the cluster, as far as we can know: "User:alice"."""
        return principal(self.settings, self._login)

    def advice(self, error: BaseException, **role: Unpack[Role]) -> str:
        """What `error` means and what to do about it, on one line, without secrets. `role` as for `reason`."""
        if isinstance(error, NotLetIn):
            return str(error.args[0])
        if isinstance(error, KafkaConnectionError | OSError | TimeoutError):
            if self.settings.embedded:
                return f"no broker answers at {self.bootstrap_servers}: start one with kcalc broker or kcalc-tui"
            return (
                f"no broker answers at {self.bootstrap_servers}:"
                " is it running, and is kafka.bootstrap_servers (--bootstrap-servers) right?"
            )
        return self.reason(error, **role)


async def started(client: Consumer | Producer | Admin) -> None:
    """Start `client`. Raises KafkaConnectionError if no broker answers, NotLetIn if one does and refuses us.

    A cancellation waits a moment for the start to end: cancelled midway, aiokafka leaves a connection open.
    """
    starting = asyncio.create_task(client.start(), name=f"start {type(client).__name__}")
    try:
        while not starting.done():
            await asyncio.wait([starting], timeout=_START_LOOK_S)
            if not _knows_brokers(client) and (why := await _why_not_let_in(client)):
                raise NotLetIn(why)
        await starting
    finally:
        if not starting.done():
            await asyncio.wait([starting], timeout=_CUT_OFF_S)
            starting.cancel()
        elif not starting.cancelled():
            starting.exception()  # seen: what is raised instead says more


async def _why_not_let_in(client: Consumer | Producer | Admin) -> str:
    maker = _makers.get(client)
    return "" if maker is None else await maker.why_not_let_in()


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


_makers: WeakKeyDictionary[object, Connection] = WeakKeyDictionary()
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
    if (connections := inner(client)) is not None:
        await asyncio.wait([asyncio.ensure_future(connections.close())], timeout=_CUT_OFF_S)


def _knows_brokers(client: object) -> bool:
    """False if it has not heard of any broker. A refused token makes that of a client that says it has started."""
    connections = inner(client)
    return connections is None or bool(connections.cluster.brokers())
