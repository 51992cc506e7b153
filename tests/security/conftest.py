"""A secured node, from the first test that needs it, and settings that lead to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.kafka_cluster import require_real_kafka
from tests.security.secured_kafka import LISTENERS, PASSWORD, USER, SecuredKafka, secured_kafka
from tui.settings import KafkaSettings

Login = Callable[..., KafkaSettings]


@pytest.fixture(scope="package")
def secured_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    """The node for all tests of this folder."""
    require_real_kafka()
    with secured_kafka(tmp_path_factory.mktemp("secured") / "kafka") as kafka:
        yield kafka


@pytest.fixture
def secured(secured_node: SecuredKafka) -> Iterator[SecuredKafka]:
    """The node; what a test allows is forgotten after it."""
    yield secured_node
    secured_node.forget_permissions()


@pytest.fixture
def login(secured: SecuredKafka) -> Login:
    """`login("SASL_SSL", sasl_mechanism="PLAIN")`: settings that lead to a listener and log in as alice."""

    def to(listener: str, **changes: Any) -> KafkaSettings:
        protocol = LISTENERS[listener]
        known: dict[str, Any] = {"bootstrap_servers": secured.at(listener), "security_protocol": protocol}
        if protocol.endswith("SSL"):
            known["ssl_cafile"] = str(secured.authority.certificate)
        if protocol.startswith("SASL"):
            known |= {"sasl_mechanism": "SCRAM-SHA-512", "sasl_username": USER, "sasl_password": PASSWORD}
        return KafkaSettings(**(known | changes))

    return to
