"""Valid requests of every API in every version that the embedded broker announces, made up from their schemas."""

from __future__ import annotations

import random
import struct
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from kafka.protocol.schemas import BaseField

from tests.fuzz import batches
from tests.fuzz.given import GIVEN, GROUPS, TRANSACTIONAL_IDS, client_of
from tui.broker.apis import APIS
from tui.broker.configs import TOPIC_CONFIGS
from tui.broker.dispatch import REQUESTS

VERSIONS = tuple((api.key, version) for api in APIS.values() for version in range(api.min_version, api.max_version + 1))
TOPICS = tuple(f"fuzz-topic-{index}" for index in range(6))
SMALL = (0, 0, 0, 1, 2, 3)
LONG_SHARE = 0.03
LONG_CHARS = (300, 30_000)
FLEXIBLE_LONG_CHARS = (300, 33_000, 100_000)  # more than strings of older encodings can hold

#: What a field holds, by its name in the schema; whatever is not named here is small, or empty.
Choose = Callable[[random.Random], Any]
FIELDS: Mapping[str, Choose] = {
    "Acks": lambda r: r.choice((1, -1, -1, 0)),
    "AllowAutoTopicCreation": lambda r: r.random() < 0.5,
    "ClientSoftwareName": lambda _: "fuzz",
    "ClientSoftwareVersion": lambda _: "1.0",
    "CommittedMetadata": lambda r: "note" * r.choice(SMALL),
    "ConfigurationKeys": lambda r: r.choice((None, list(r.sample(sorted(TOPIC_CONFIGS), 2)))),
    "Count": lambda r: r.randint(1, 12),
    "EndpointType": lambda _: 1,
    "FetchOffset": lambda r: r.choice((0, 1, 5, 100)),
    "GroupsNames": lambda r: [r.choice(GROUPS[-2:])],  # the others are there for good, and so are the other topics
    "GroupInstanceId": lambda r: r.choice((None, None, "instance-0", "instance-1")),
    "Key": lambda r: r.choice(GROUPS),
    "MaxBytes": lambda r: r.choice((1, 1 << 20, (1 << 31) - 1)),
    "MaxWaitMs": lambda r: r.choice((0, 0, 0, 5)),
    "Metadata": lambda r: r.choice((batches.SUBSCRIPTION, b"", r.randbytes(8))),
    "Assignment": lambda r: r.choice((batches.ASSIGNMENT, b"", r.randbytes(8))),
    "MinBytes": lambda r: r.choice((0, 1, 1000)),
    "NumPartitions": lambda r: r.choice((-1, 1, 2, 3)),
    "PartitionMaxBytes": lambda r: r.choice((1, 1 << 10, 1 << 20)),
    "ProtocolName": lambda r: r.choice((None, "range")),
    "ProtocolType": lambda _: "consumer",
    "RebalanceTimeoutMs": lambda r: r.choice((5, 20, 50)),
    "Records": batches.batch,
    "ReplicaId": lambda _: -1,
    "ReplicationFactor": lambda r: r.choice((1, -1)),
    "ResourceName": lambda r: r.choice((*TOPICS, "1")),
    "ResourceType": lambda r: r.choice((2, 2, 2, 4)),
    "SessionEpoch": lambda _: -1,
    "SessionId": lambda _: 0,
    "SessionTimeoutMs": lambda r: r.choice((500, 1000, 6000)),
    "StatesFilter": lambda r: r.choice(([], ["Empty"], ["Stable", "Dead"])),
    "Timestamp": lambda r: r.choice((-1, -2, -3, -3, -3, -4, 0, 1001, 1 << 60, 1 << 62)),
    "TopicNames": lambda r: [r.choice(TOPICS[-2:])],
    "TopicId": lambda r: r.choice((None, uuid.UUID(int=r.getrandbits(128)))),
    "TransactionTimeoutMs": lambda r: r.choice((1, 1000, 60_000)),
    "timeoutMs": lambda _: 1000,
    "TimeoutMs": lambda _: 1000,
    "Value": lambda r: r.choice(
        ("delete", "1000", "true", "-1", "0", "1048576", "LogAppendTime", None, " compact," * 900)
    ),
}
ENTITIES: Mapping[str, tuple[str, ...]] = {
    "topicName": TOPICS,
    "groupId": GROUPS,
    "transactionalId": TRANSACTIONAL_IDS,
}
#: `Name` is many things: what it is depends on where it stands.
NAMES: Mapping[str, Choose] = {
    "JoinGroupRequestProtocol": lambda r: r.choice(("range", "range", "roundrobin")),
    "CreatableTopicConfig": lambda r: r.choice(sorted(TOPIC_CONFIGS)),
    "AlterableConfig": lambda r: r.choice(("cleanup.policy", r.choice(sorted(TOPIC_CONFIGS)))),
    "DeleteTopicState": lambda r: r.choice(TOPICS[-2:]),
}


def request(rng: random.Random, api_key: int, version: int, correlation_id: int) -> bytes:
    """A whole frame that the broker has to answer, but for Produce with acks 0."""
    request_class = REQUESTS[api_key]
    chosen = _Chosen(rng, version, FLEXIBLE_LONG_CHARS if request_class.flexible_version_q(version) else LONG_CHARS)
    message = request_class(version=version, **chosen.fields(request_class, request_class.json))
    message.with_header(correlation_id=correlation_id, client_id=client_of(rng))
    return bytes(message.encode(header=True, framed=True))


class _Chosen:
    """The values of one request: one group, one transactional id and what the broker gave out for them."""

    def __init__(self, rng: random.Random, version: int, long_chars: tuple[int, ...]) -> None:
        self._rng = rng
        self._version = version
        self._long_chars = long_chars
        self._given = rng.choice(GIVEN)
        self._is_known = rng.random() < 0.8

    def fields(self, owner: Any, schema: Mapping[str, Any]) -> dict[str, Any]:
        values = {}
        for field in schema.get("fields", ()):
            versions = BaseField.parse_versions(field["versions"])
            if "tag" not in field and versions is not None and versions[0] <= self._version <= versions[1]:
                name = BaseField.underscore_name(field["name"])
                values[name] = self._field(owner, schema["name"], field)
        return values

    def _field(self, owner: Any, parent: str, field: Mapping[str, Any]) -> Any:
        kind: str = field["type"]
        nullable = BaseField.parse_versions(field.get("nullableVersions", "none"))
        is_array = kind.startswith("[]")
        if is_array or hasattr(getattr(owner, kind, None), "_struct"):
            if nullable is not None and nullable[0] <= self._version <= nullable[1] and self._rng.random() < 0.2:
                return None
            return self._array(owner, parent, field) if is_array else self._struct(getattr(owner, kind), kind)
        return self._value(parent, field, kind)

    def _array(self, owner: Any, parent: str, field: Mapping[str, Any]) -> list[Any]:
        kind: str = field["type"].removeprefix("[]")
        count = self._rng.choice((0, 1, 1, 1, 2))
        if field["name"] in FIELDS:
            chosen = FIELDS[field["name"]](self._rng)
            return chosen if isinstance(chosen, list) else []
        if not hasattr(owner, kind):
            return [self._value(parent, field, kind) for _ in range(count)]
        return [self._struct(getattr(owner, kind), kind) for _ in range(count)]

    def _struct(self, inner: Any, name: str) -> Any:
        return inner(version=self._version, **self.fields(inner, inner._struct._json | {"name": name}))

    def _value(self, parent: str, field: Mapping[str, Any], kind: str) -> Any:
        name: str = field["name"]
        if kind == "string" and self._rng.random() < LONG_SHARE:
            return self._rng.choice(("a", "\x01")) * self._rng.choice(self._long_chars)
        if (known := self._known(name, field.get("entityType"))) is not None:
            return known
        if name == "Name" and parent in NAMES:
            return NAMES[parent](self._rng)
        if field.get("entityType") in ENTITIES:
            return self._rng.choice(ENTITIES[field["entityType"]])
        if name in FIELDS:
            return FIELDS[name](self._rng)
        match kind:
            case "string":
                return ""
            case "bytes":
                return self._rng.randbytes(4)
            case "bool":
                return self._rng.random() < 0.5
            case "uuid":
                return None
            case _:
                return self._rng.choice(SMALL)

    def _known(self, name: str, entity: str | None) -> Any:
        """Names that belong together, and stand-ins for what the broker gave out, see tests.fuzz.given."""
        given = self._given
        if not self._is_known:
            return None
        if entity == "groupId":
            return given.group
        if entity == "transactionalId" and name != "TransactionalIds":
            return given.transactional_id
        if name == "MemberId":
            return given.member_id if self._rng.random() < 0.7 else ""
        if name.startswith("GenerationId"):
            if self._rng.random() < 0.3:
                return -1
            return struct.unpack(">i", given.generation)[0]
        if name.endswith("ProducerId") and entity == "producerId":
            return given.producer_id
        return given.epoch if name.endswith("ProducerEpoch") else None
