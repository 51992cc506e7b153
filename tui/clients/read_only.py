"""Read-only: of all requests only those that read leave this process, whoever wants to send another one."""

from typing import Any

from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from tui.settings import KafkaSettings

READING = {
    1: "Fetch",
    2: "ListOffsets",
    3: "Metadata",
    9: "OffsetFetch",
    10: "FindCoordinator",
    15: "DescribeGroups",
    16: "ListGroups",
    17: "SaslHandshake",
    18: "ApiVersions",
    23: "OffsetForLeaderEpoch",
    29: "DescribeAcls",
    32: "DescribeConfigs",
    35: "DescribeLogDirs",
    36: "SaslAuthenticate",
    46: "ListPartitionReassignments",
    48: "DescribeClientQuotas",
    50: "DescribeUserScramCredentials",
    55: "DescribeQuorum",
    60: "DescribeCluster",
    61: "DescribeProducers",
    65: "DescribeTransactions",
    66: "ListTransactions",
    69: "ConsumerGroupDescribe",
    74: "ListConfigResources",
    75: "DescribeTopicPartitions",
}
"""What may be sent: the API keys of the protocol that change nothing, with their names."""


class NotSent(KafkaError):
    """Read-only: this was refused before it left the process; the message says what."""

    def __init__(self, what: str) -> None:
        super().__init__(f"read-only: {what} is not sent")


def refuse(settings: KafkaSettings, what: str) -> None:
    """Raise NotSent if this is read-only. Producers and members try again whatever was refused: none is made."""
    if settings.read_only:
        raise NotSent(what)


def guard(client: Any) -> None:
    """Let the connections of an AIOKafkaClient send nothing but `READING`; else the caller gets NotSent.

    Every request of aiokafka's clients goes through `send` of a connection that comes from `_get_conn`, but for the
    versions, the login and an empty Metadata request on the connection to find the brokers with. Metadata by name is
    told not to create topics, which brokers understand since 0.11, the oldest that kcalc works with.
    """
    connect = client._get_conn

    async def guarded(*where: Any, **options: Any) -> Any:
        connection = await connect(*where, **options)
        if connection is not None and "send" not in vars(connection):
            _guard_connection(connection)
        return connection

    client._get_conn = guarded


def _guard_connection(connection: Any) -> None:
    send = connection.send

    def reading(request: Any, expect_response: bool = True) -> Any:
        if request.API_KEY not in READING:
            raise NotSent(type(request).__name__.removesuffix("Request").removeprefix("_"))
        if isinstance(request, MetadataRequest):
            request._allow_auto_topic_creation = False
        return send(request, expect_response=expect_response)

    connection.send = reading
