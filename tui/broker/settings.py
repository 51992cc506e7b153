"""What the embedded broker can be told before it starts."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Limits and defaults, with Kafka's name for them where it has one.

    `port` 0 takes a free one. `advertised_host` is what clients are told to connect to (None: `host`, or this
    machine's name when `host` is a wildcard). `retention_bytes` and `retention_ms` hold for each partition of
    a topic that says nothing else; they bound what is on disk, in the folder for temporary files (TMPDIR).
    `max_log_memory_bytes` is what the logs of all partitions together keep in memory, however many there are: what
    was appended to least recently goes to disk first. Beyond it a log costs 0.4 % of its size, for its index.
    """

    host: str = "127.0.0.1"
    port: int = 0
    advertised_host: str | None = None
    node_id: int = 1

    default_partitions: int = 4  # num.partitions
    auto_create_topics: bool = True  # auto.create.topics.enable
    max_partitions: int = 10_000  # of all topics together
    retention_bytes: int = 256 * MEBIBYTE  # log.retention.bytes
    retention_ms: int = 24 * 3600 * 1000  # log.retention.ms
    max_message_bytes: int = MEBIBYTE + 12  # message.max.bytes, Kafka's default: 1 MiB and the log overhead
    retention_check_interval_s: float = 5.0  # log.retention.check.interval.ms
    max_log_memory_bytes: int = 16 * MEBIBYTE

    max_request_bytes: int = 32 * MEBIBYTE  # socket.request.max.bytes; holds for Produce
    max_other_request_bytes: int = MEBIBYTE // 2  # every other API
    max_response_bytes: int = 16 * MEBIBYTE  # fetch.max.bytes
    max_held_bytes: int = 256 * MEBIBYTE  # received and not yet handled, or written and not yet read, all together
    max_queued_requests: int = 32  # pipelined on one connection before reading pauses

    max_connections: int = 2_000  # max.connections
    max_idle_s: float = 600.0  # connections.max.idle.ms
    first_request_timeout_s: float = 30.0  # a connection that never said anything
    frame_stall_s: float = 10.0  # within a request, since its last byte
    frame_deadline_s: float = 60.0  # within a request, since its first byte
    write_deadline_s: float = 30.0  # a client that does not read its answers
    max_fetch_wait_s: float = 60.0

    transaction_check_interval_s: float = 1.0  # transaction.abort.timed.out.transaction.cleanup.interval.ms

    initial_rebalance_delay_s: float = 0.1  # group.initial.rebalance.delay.ms
    min_session_timeout_s: float = 6.0  # group.min.session.timeout.ms
