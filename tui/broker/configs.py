"""The topic configurations this broker knows: their types, what is allowed, what they mean here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.log import Retention
from tui.broker.settings import BrokerSettings

LONG_MAX = (1 << 63) - 1
INT_MAX = (1 << 31) - 1
MAX_VALUE_CHARS = 1000  # lists can be added to, and strings of older encodings end at 32,767 bytes


class ConfigType(IntEnum):
    """DescribeConfigs' types (KIP-569)."""

    BOOLEAN = 1
    STRING = 2
    INT = 3
    LONG = 5
    DOUBLE = 6
    LIST = 7


class ConfigSource(IntEnum):
    """Where a described value comes from (KIP-226)."""

    TOPIC = 1
    STATIC_BROKER = 4
    DEFAULT = 5


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One topic configuration; `default` is Kafka's unless the broker's settings say otherwise."""

    type: ConfigType
    default: str
    minimum: int = 0
    maximum: int = LONG_MAX
    words: tuple[str, ...] = ()

    def check(self, name: str, value: str | None) -> str:
        """`value` if it is allowed, else KafkaError INVALID_CONFIG naming what is."""
        if value is None:
            raise _invalid(name, value, "a value")
        if len(value) > MAX_VALUE_CHARS:
            raise _invalid(name, value[:40], f"at most {MAX_VALUE_CHARS} characters")
        match self.type:
            case ConfigType.INT | ConfigType.LONG:
                allowed = f"a whole number from {self.minimum} to {self.maximum}"
                if not _is_whole(value) or not self.minimum <= int(value) <= self.maximum:
                    raise _invalid(name, value, allowed)
            case ConfigType.BOOLEAN:
                if value.lower() not in ("true", "false"):
                    raise _invalid(name, value, "true or false")
            case ConfigType.DOUBLE:
                if not value.replace(".", "", 1).isdecimal():
                    raise _invalid(name, value, "a number")
            case _:
                parts = listed(value) if self.type is ConfigType.LIST else [value]
                if self.words and not all(part.strip() in self.words for part in parts):
                    raise _invalid(name, value, ", ".join(self.words))
        return value


def listed(value: str) -> list[str]:
    """The words of a configuration that is a list."""
    return value.split(",") if value else []


def _is_whole(value: str) -> bool:
    return len(value) < 21 and value.removeprefix("-").isascii() and value.removeprefix("-").isdecimal()


def _invalid(name: str, value: str | None, allowed: str) -> KafkaError:
    return KafkaError(ErrorCode.INVALID_CONFIG, f"{name} is {value!r}; allowed: {allowed}")


_CODECS = ("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd")
_WEEK_MS = str(7 * 24 * 3600 * 1000)

#: Of these the broker acts on max.message.bytes, message.timestamp.type and the retention; the others are
#: accepted and described, because tools set them. Nothing is compacted and retention holds for every topic,
#: so that what the broker holds is bounded.
TOPIC_CONFIGS: dict[str, ConfigKey] = {
    "cleanup.policy": ConfigKey(ConfigType.LIST, "delete", words=("delete", "compact")),
    "compression.type": ConfigKey(ConfigType.STRING, "producer", words=_CODECS),
    "delete.retention.ms": ConfigKey(ConfigType.LONG, "86400000"),
    "file.delete.delay.ms": ConfigKey(ConfigType.LONG, "60000"),
    "flush.messages": ConfigKey(ConfigType.LONG, str(LONG_MAX), minimum=1),
    "flush.ms": ConfigKey(ConfigType.LONG, str(LONG_MAX)),
    "index.interval.bytes": ConfigKey(ConfigType.INT, "4096", maximum=INT_MAX),
    "max.compaction.lag.ms": ConfigKey(ConfigType.LONG, str(LONG_MAX), minimum=1),
    "max.message.bytes": ConfigKey(ConfigType.INT, "", maximum=INT_MAX),
    "message.timestamp.after.max.ms": ConfigKey(ConfigType.LONG, str(LONG_MAX)),
    "message.timestamp.before.max.ms": ConfigKey(ConfigType.LONG, str(LONG_MAX)),
    "message.timestamp.type": ConfigKey(ConfigType.STRING, "CreateTime", words=("CreateTime", "LogAppendTime")),
    "min.cleanable.dirty.ratio": ConfigKey(ConfigType.DOUBLE, "0.5"),
    "min.compaction.lag.ms": ConfigKey(ConfigType.LONG, "0"),
    "min.insync.replicas": ConfigKey(ConfigType.INT, "1", minimum=1, maximum=INT_MAX),
    "preallocate": ConfigKey(ConfigType.BOOLEAN, "false"),
    "retention.bytes": ConfigKey(ConfigType.LONG, "", minimum=-1),
    "retention.ms": ConfigKey(ConfigType.LONG, "", minimum=-1),
    "segment.bytes": ConfigKey(ConfigType.INT, str(1 << 30), minimum=14, maximum=INT_MAX),
    "segment.index.bytes": ConfigKey(ConfigType.INT, str(10 << 20), minimum=4, maximum=INT_MAX),
    "segment.jitter.ms": ConfigKey(ConfigType.LONG, "0"),
    "segment.ms": ConfigKey(ConfigType.LONG, _WEEK_MS, minimum=1),
    "unclean.leader.election.enable": ConfigKey(ConfigType.BOOLEAN, "false"),
}


def checked(overrides: Mapping[str, str | None]) -> dict[str, str]:
    """A topic's own configurations, each known and allowed, else KafkaError INVALID_CONFIG."""
    for name in overrides:
        if name not in TOPIC_CONFIGS:
            raise KafkaError(ErrorCode.INVALID_CONFIG, f"unknown topic configuration {name!r}")
    return {name: TOPIC_CONFIGS[name].check(name, value) for name, value in overrides.items()}


def defaults(settings: BrokerSettings) -> dict[str, str]:
    """Every topic configuration's value for a topic that says nothing."""
    return {name: key.default for name, key in TOPIC_CONFIGS.items()} | {
        "max.message.bytes": str(settings.max_message_bytes),
        "retention.bytes": str(settings.retention_bytes),
        "retention.ms": str(settings.retention_ms),
    }


def retention(configs: Mapping[str, str], settings: BrokerSettings) -> Retention:
    """What a topic with these effective configurations keeps.

    Unlimited bytes (-1) means the broker's own bound, because nobody looks after its disk; time may be unlimited.
    """
    max_bytes, max_age_ms = int(configs["retention.bytes"]), int(configs["retention.ms"])
    return Retention(
        max_bytes=settings.retention_bytes if max_bytes < 0 else max_bytes,
        max_age_ms=None if max_age_ms < 0 else max_age_ms,
    )
