"""One node of real Apache Kafka with TLS, SASL and the authorizer, and whom it knows."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclBinding, AclBindingFilter, AclOperation, AclPermissionType
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from tests.real_kafka import Node, free_ports, single_node
from tests.security.certificates import Authority

PASSWORD = "correct horse battery staple"
USER = "alice"
LISTENERS = {
    "PLAINTEXT": "PLAINTEXT",
    "SSL": "SSL",
    "MTLS": "SSL",
    "EXPIRED": "SSL",
    "ELSEWHERE": "SSL",
    "SASL_PLAINTEXT": "SASL_PLAINTEXT",
    "SASL_SSL": "SASL_SSL",
}
"""Listeners and their protocols: PLAINTEXT for the super user, MTLS demands a client certificate, the broker's
certificate of EXPIRED has expired and that of ELSEWHERE is for another host."""
_OAUTH = "org.apache.kafka.common.security.oauthbearer"
_LOGIN_MODULES = {
    "plain": f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
    "scram-sha-256": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    "scram-sha-512": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    "oauthbearer": f"{_OAUTH}.OAuthBearerLoginModule required;",
}
_WITHIN_S = 20.0


class SecuredKafka:
    """The node, the authorities and certificates, and the permissions of its users; at first there are none."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / "authority", "kcalc test authority")
        self.other_authority = Authority(folder / "other-authority", "somebody else")
        here = "IP:127.0.0.1,DNS:localhost"
        self.client = self.authority.issue("client", f"/O=kcalc/OU=tests/CN={USER}")
        self.stranger = self.other_authority.issue("stranger", "/CN=stranger")
        broker = self.authority.issue("broker", "/CN=broker", alternative=here)
        expired = self.authority.issue("expired", "/CN=broker", alternative=here, days=-1)
        elsewhere = self.authority.issue("elsewhere", "/CN=elsewhere", alternative="DNS:broker.example")
        self._ports = dict(zip(LISTENERS, free_ports(len(LISTENERS)), strict=True))
        keys = dict.fromkeys(LISTENERS, broker.both) | {"EXPIRED": expired.both, "ELSEWHERE": elsewhere.both}
        scram = [f"SCRAM-SHA-{bits}=[name={USER},password={PASSWORD}]" for bits in (256, 512)]
        options = [word for each in scram for word in ("--add-scram", each)]
        properties = self._properties(folder, keys)
        self.node = Node(folder / "node", properties, self._ports["PLAINTEXT"], format_options=options)
        self._admin: AdminClient | None = None

    def _properties(self, folder: Path, keys: Mapping[str, Path]) -> dict[str, str]:
        properties = single_node(folder, self._ports["PLAINTEXT"])
        controller = properties["listeners"].partition(",")[2]
        places = ",".join(f"{name}://127.0.0.1:{port}" for name, port in self._ports.items())
        properties |= {
            "listeners": f"{places},{controller}",
            "advertised.listeners": places,
            "listener.security.protocol.map": ",".join(
                f"{name}:{protocol}" for name, protocol in {**LISTENERS, "CONTROLLER": "PLAINTEXT"}.items()
            ),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority.certificate),
            "ssl.keystore.type": "PEM",
            "listener.name.ssl.ssl.client.auth": "requested",
            "listener.name.mtls.ssl.client.auth": "required",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
        }
        for name, protocol in LISTENERS.items():
            prefix = f"listener.name.{name.lower()}"
            if protocol.endswith("SSL"):
                properties[f"{prefix}.ssl.keystore.location"] = str(keys[name])
            if protocol.startswith("SASL"):
                properties |= _sasl(prefix)
        return properties

    def at(self, listener: str) -> str:
        """HOST:PORT of one of `LISTENERS`."""
        return f"127.0.0.1:{self._ports[listener]}"

    @property
    def admin(self) -> AdminClient:
        """The super user's client."""
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self.at("PLAINTEXT"), "log_level": 0})
        return self._admin

    def allow(
        self, operation: str, kind: str, name: str, principal: str = f"User:{USER}", prefixed: bool = False
    ) -> None:
        """Give a permission, which holds from then on: ("READ", "TOPIC", "orders")."""
        pattern = ResourcePatternType.PREFIXED if prefixed else ResourcePatternType.LITERAL
        kinds = {"CLUSTER": ResourceType.BROKER, "TRANSACTIONAL_ID": ResourceType.TRANSACTIONAL_ID}
        kind_of = kinds.get(kind) or ResourceType[kind]
        allowed = AclPermissionType.ALLOW
        what: tuple[Any, ...] = (kind_of, name, pattern, principal, "*", AclOperation[operation], allowed)
        for future in self.admin.create_acls([AclBinding(*what)]).values():
            future.result(_WITHIN_S)
        self._known(AclBindingFilter(*what), there=True)

    def forget_permissions(self) -> None:
        """Take all permissions back."""
        any_name: Any = None
        anything = AclBindingFilter(
            ResourceType.ANY,
            any_name,
            ResourcePatternType.ANY,
            any_name,
            any_name,
            AclOperation.ANY,
            AclPermissionType.ANY,
        )
        for future in self.admin.delete_acls([anything]).values():
            future.result(_WITHIN_S)
        self._known(anything, there=False)

    def _known(self, wanted: AclBindingFilter, *, there: bool) -> None:
        """Wait until the broker has, or has not, such a permission: a change is answered before it holds."""
        deadline = time.monotonic() + _WITHIN_S
        while bool(self.admin.describe_acls(wanted).result(_WITHIN_S)) != there:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the broker did not hear of the permissions within {_WITHIN_S:.0f} s")
            time.sleep(0.01)


def _sasl(prefix: str) -> dict[str, str]:
    """The properties of a listener with all mechanisms."""
    validator = f"{_OAUTH}.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler"
    return {
        f"{prefix}.sasl.enabled.mechanisms": ",".join(mechanism.upper() for mechanism in _LOGIN_MODULES),
        **{f"{prefix}.{name}.sasl.jaas.config": module for name, module in _LOGIN_MODULES.items()},
        f"{prefix}.oauthbearer.sasl.server.callback.handler.class": validator,
    }


@contextmanager
def secured_kafka(folder: Path) -> Iterator[SecuredKafka]:
    """A secured node, started, and stopped at the end."""
    kafka = SecuredKafka(folder)
    try:
        kafka.node.start()
        yield kafka
    finally:
        kafka.node.stop()
