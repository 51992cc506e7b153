"""What kcalc must know and do of aiokafka's clients, and they have no public names for; their version is pinned."""

from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.conn import CloseReason
from aiokafka.errors import NodeNotReadyError

from tui.clients.aiokafka_types import Consumer, Producer


def inner(client: object) -> AIOKafkaClient | None:
    """The part of a client that holds its connections."""
    return getattr(client, "client", None) or getattr(client, "_client", None)


def member_id(consumer: Consumer) -> str:
    """The id by which the group knows `consumer`, "" outside a group."""
    return str(getattr(getattr(consumer, "_coordinator", None), "member_id", ""))


def sever(client: Consumer | Producer) -> None:
    """Cut all connections of `client` at once and let it make no other, as if its process had been killed.

    Nothing more reaches a broker: no LeaveGroup, no commit, no end of a transaction. It still has to be closed.
    """
    connections: Any = inner(client)
    if connections is not None:
        connections.send = _refused
        connections._get_conn = _no_connection
        for connection in [*connections._conns.values()]:
            connection.close(reason=CloseReason.SHUTDOWN)
    sender = getattr(client, "_sender", None)
    if sender is not None and sender.sender_task is not None:
        sender.sender_task.cancel()


async def _refused(*_: object, **__: object) -> None:
    raise NodeNotReadyError("the connections of this client were cut")


async def _no_connection(*_: object, **__: object) -> None:
    return None
