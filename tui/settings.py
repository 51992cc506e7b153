"""What can be configured, as validated data: every section of config.yml with its defaults."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

EMBEDDED = "embedded"

Name = Annotated[str, Meta(min_length=1, max_length=249, pattern=r"^[a-zA-Z0-9._-]+\Z")]
Port = Annotated[int, Meta(ge=0, le=65_535)]
Seconds = Annotated[float, Meta(gt=0, le=3_600)]


class KafkaSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the cluster is and how to log in. `bootstrap_servers` is `embedded` or HOST:PORT[,HOST:PORT…]."""

    bootstrap_servers: Annotated[str, Meta(min_length=1)] = EMBEDDED
    embedded_host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    embedded_port: Port = 19_092
    request_timeout_s: Seconds = 10.0
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    ssl_check_hostname: bool = True
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = "PLAIN"
    sasl_username: str | None = None
    sasl_password: str | None = None
    sasl_oauth_token_command: str | None = None
    read_only: bool = False

    def __repr__(self) -> str:
        """Without anything secret: whatever fails may show its variables."""
        return f"KafkaSettings({self.bootstrap_servers!r}, {self.security_protocol}, {self.sasl_mechanism})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """As `__repr__`, for tracebacks that Rich draws."""
        return [("bootstrap_servers", self.bootstrap_servers), ("security_protocol", self.security_protocol)]

    @property
    def tls(self) -> bool:
        """True if the connection is encrypted."""
        return self.security_protocol.endswith("SSL")

    @property
    def sasl(self) -> bool:
        """True if a user logs in."""
        return self.security_protocol.startswith("SASL")

    @property
    def embedded(self) -> bool:
        """True if this process should find or start the embedded broker."""
        return self.bootstrap_servers == EMBEDDED


class TopicSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The three topics. Partitions, replication and retention count only when kcalc creates them."""

    requests: Name = "kcalc.requests"
    results: Name = "kcalc.results"
    dead_letters: Name = "kcalc.requests.dlq"
    partitions: Annotated[int, Meta(ge=1, le=1_000)] = 4
    replication: Annotated[int, Meta(ge=-1, le=32_767)] = 1
    retention_hours: Annotated[float, Meta(gt=0, le=87_600)] = 24.0
    retention_mb: Annotated[int, Meta(ge=1, le=1_000_000)] = 256

    @property
    def uses(self) -> dict[str, str]:
        """The three by name, and what each is for."""
        return {self.requests: "requests", self.results: "results", self.dead_letters: "dead letters"}


class WorkerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The workers of this process and the consumer group they join."""

    count: Annotated[int, Meta(ge=0, le=200)] = 3
    group: Name = "kcalc"
    delivery: Literal["at_least_once", "exactly_once"] = "at_least_once"
    batch: Annotated[int, Meta(ge=1, le=10_000)] = 500
    session_timeout_s: Seconds = 10.0
    heartbeat_interval_s: Seconds = 0.5
    rebalance_timeout_s: Seconds = 30.0
    stop_timeout_s: Seconds = 2.0
    operation_timeout_s: Seconds = 10.0
    attempts: Annotated[int, Meta(ge=1, le=100)] = 3


class CalcSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The bounds of arithmetic."""

    max_digits: Annotated[int, Meta(ge=1, le=100_000)] = 10_000
    division_digits: Annotated[int, Meta(ge=1, le=1_000)] = 28
    max_request_bytes: Annotated[int, Meta(ge=64, le=1_000_000)] = 65_536


class DashboardSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What the screen looks like and how much it keeps."""

    theme: Annotated[str, Meta(min_length=1)] = "kcalc-dark"
    refresh_hz: Annotated[int, Meta(ge=1, le=30)] = 10
    results_kept: Annotated[int, Meta(ge=100, le=1_000_000)] = 100_000
    results_at_start: Annotated[int, Meta(ge=0, le=10_000)] = 100
    keys: dict[str, str] = field(default_factory=dict)


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """The profile that was chosen; without one the name is empty.

    In one marked `production` everything that destroys something, or changes it for others, asks for the name.
    """

    name: str = ""
    production: bool = False
    colour: Literal["red", "orange", "yellow", "green", "blue", "purple"] = "red"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of config.yml. `operations` adds or renames: name -> "module:function" or another operation's name."""

    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    topics: TopicSettings = field(default_factory=TopicSettings)
    workers: WorkerSettings = field(default_factory=WorkerSettings)
    calc: CalcSettings = field(default_factory=CalcSettings)
    operations: dict[str, str] = field(default_factory=dict)
    dashboard: DashboardSettings = field(default_factory=DashboardSettings)
    profile: Profile = field(default_factory=Profile)
