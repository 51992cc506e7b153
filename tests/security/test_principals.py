"""The printed commands name the principal that Kafka means, and are commands that Kafka's own program understands.

Only real Apache Kafka: the embedded broker has no authorizer.
"""

import shlex
import time
import uuid
from typing import Any

import pytest

from tests.real_kafka import run_tool
from tests.security.conftest import Login
from tests.security.grants import commands_in, grant
from tests.security.secured_kafka import USER, SecuredKafka
from tests.security.tokens import printing, token
from tui.clients.connection import Connection, closed, started
from tui.clients.permissions import Denied, Permission
from tui.clients.topics import NewTopicPlan, create
from tui.settings import KafkaSettings

pytestmark = pytest.mark.timeout(120)

HOW = ["password", "token", "certificate", "certificate with a comma", "certificate of several names"]


def settings_of(how: str, secured: SecuredKafka, login: Login) -> tuple[KafkaSettings, str]:
    """Settings that log in that way, and the principal that Kafka makes of it."""
    if how == "password":
        return login("SASL_PLAINTEXT"), f"User:{USER}"
    if how == "token":
        command = printing(token("svc-7", time.time()))
        oauth: dict[str, Any] = {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_command": command}
        return login("SASL_PLAINTEXT", **oauth), "User:svc-7"
    client, name = secured.client, f"CN={USER},OU=tests,O=kcalc"
    if how == "certificate with a comma":
        client, name = (
            secured.authority.issue(f"c{uuid.uuid4().hex[:8]}", "/O=kcalc, Inc./CN=b;b"),
            "CN=b\\;b,O=kcalc\\, Inc.",
        )
    if how == "certificate of several names":
        subject = "/DC=example/C=CH/ST=Bern/L=Thun/CN=one/CN=two"
        client, name = (
            secured.authority.issue(f"c{uuid.uuid4().hex[:8]}", subject),
            "CN=two,CN=one,L=Thun,ST=Bern,C=CH,DC=example",
        )
    return login("MTLS", ssl_certfile=str(client.certificate), ssl_keyfile=str(client.key)), f"User:{name}"


@pytest.mark.parametrize("how", HOW)
async def test_what_is_granted_to_the_printed_principal_is_granted_to_us(
    secured: SecuredKafka, login: Login, how: str
) -> None:
    kafka, principal = settings_of(how, secured, login)
    connection = Connection(kafka, kafka.bootstrap_servers)
    topic = NewTopicPlan(f"t{uuid.uuid4().hex[:8]}", 1, 1)
    admin = connection.admin()
    try:
        await started(admin)
        with pytest.raises(Denied) as caught:
            await create(admin, [topic])
        told = connection.advice(caught.value)
        assert f"no permission: {principal} may not Create topic {topic.name}; to allow it: kafka-acls" in told
        (line,) = commands_in(told) if ";" not in principal else [connection.granted_by(caught.value.permission)]
        grant(secured, line)
        await create(admin, [topic])
    finally:
        await closed(admin, 1.0)


def acls(secured: SecuredKafka) -> list[str]:
    """All permissions as Kafka's own program lists them, in an order of ours."""
    run = run_tool("kafka-acls", "--bootstrap-server", secured.at("PLAINTEXT"), "--list")
    assert run.returncode == 0, run.stdout + run.stderr
    return sorted(line.strip() for line in run.stdout.splitlines() if line.strip())


def test_kafkas_own_program_understands_the_printed_commands(secured: SecuredKafka) -> None:
    permissions = [
        Permission("Read", "topic", "kcalc.requests"),
        Permission("Read", "group", "kcalc"),
        Permission("Write", "transactional-id", "kcalc-kcalc.requests-", prefixed=True),
        Permission("IdempotentWrite", "cluster"),
    ]
    lines = [each.granted_by("User:CN=b\\;b,O=kcalc\\, Inc.", secured.at("PLAINTEXT")) for each in permissions]
    for line in lines:
        grant(secured, line)
    granted = acls(secured)
    assert len([line for line in granted if "operation=" in line]) == len(permissions)
    secured.forget_permissions()
    assert acls(secured) == []
    for line in lines:
        script, *arguments = shlex.split(line)
        run = run_tool(script, *arguments)
        assert run.returncode == 0, run.stdout + run.stderr
    assert acls(secured) == granted
