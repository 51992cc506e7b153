"""Every way to log in works, and every one that does not is told in words that say what to change.

Only real Apache Kafka: the embedded broker listens on loopback, without TLS and SASL.
"""

import asyncio
import shlex
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from tests.kafka_cluster import EventLog, running, until
from tests.security.conftest import Login
from tests.security.secured_kafka import USER, SecuredKafka
from tests.security.tokens import printing, token
from tui.clients.connection import Connection, closed, started
from tui.clients.entrance import NotLetIn
from tui.events import Link, LinkChanged, WorkerState, WorkerStateChanged
from tui.settings import KafkaSettings, Settings

pytestmark = pytest.mark.timeout(120)

WITHIN_S = 10.0
Changes = Callable[[SecuredKafka], dict[str, Any]]


async def let_in(settings: KafkaSettings) -> bool:
    """True if an admin client, a producer and a consumer start."""
    connection = Connection(settings, settings.bootstrap_servers)
    connection.check()
    for client in (connection.admin(), connection.producer("test"), connection.reader("test")):
        try:
            await started(client)
        finally:
            await closed(client, 1.0)
    return True


async def refusal(settings: KafkaSettings) -> str:
    """What is said of a login that fails, at the latest after 10 s."""
    connection = Connection(settings, settings.bootstrap_servers)
    connection.check()
    admin = connection.admin()
    began = time.monotonic()
    try:
        with pytest.raises(NotLetIn) as caught:
            await started(admin)
    finally:
        await closed(admin, 1.0)
    assert time.monotonic() - began < WITHIN_S
    return connection.advice(caught.value)


@pytest.mark.parametrize("listener", ["SASL_PLAINTEXT", "SASL_SSL"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_user_with_a_password_logs_in(
    secured: SecuredKafka, login: Login, listener: str, mechanism: str
) -> None:
    secured.allow("WRITE", "TOPIC", "anything")  # who may write nothing gets no idempotent producer
    assert await let_in(login(listener, sasl_mechanism=mechanism))


@pytest.mark.parametrize("listener", ["SASL_PLAINTEXT", "SASL_SSL"])
async def test_a_user_with_a_token_logs_in(secured: SecuredKafka, login: Login, listener: str) -> None:
    secured.allow("WRITE", "TOPIC", "anything")
    command = printing(token(USER, time.time()))
    assert await let_in(login(listener, sasl_mechanism="OAUTHBEARER", sasl_oauth_token_command=command))


async def test_tls_alone_is_enough_where_no_login_is_asked_for(login: Login) -> None:
    assert await let_in(login("SSL"))


@pytest.mark.parametrize("both_in_one_file", [False, True])
async def test_a_client_certificate_is_shown_to_a_broker_that_demands_one(
    secured: SecuredKafka, login: Login, both_in_one_file: bool
) -> None:
    secured.allow("WRITE", "TOPIC", "anything", principal="User:CN=alice,OU=tests,O=kcalc")
    files = {"ssl_certfile": str(secured.client.certificate), "ssl_keyfile": str(secured.client.key)}
    if both_in_one_file:
        files = {"ssl_certfile": str(secured.client.both)}
    assert await let_in(login("MTLS", **files))


async def test_without_the_check_of_host_names_a_certificate_for_another_host_is_taken(login: Login) -> None:
    assert await let_in(login("ELSEWHERE", ssl_check_hostname=False))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("wrong", [{"sasl_password": "canary-password"}, {"sasl_username": "nobody"}])
async def test_a_wrong_user_or_password_is_told_with_the_keys_to_change(
    login: Login, mechanism: str, wrong: dict[str, str]
) -> None:
    said = await refusal(login("SASL_SSL", sasl_mechanism=mechanism, **wrong))
    user = wrong.get("sasl_username", USER)
    assert "authentication failed at 127.0.0.1:" in said
    assert f"for user {user} with {mechanism}: kafka.sasl_username or kafka.sasl_password is wrong" in said
    assert "canary" not in said


async def lying(address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass everything on to the broker at `address` and back, but with another signature at the end of SCRAM."""
    host, _, port = address.rpartition(":")
    from_broker, to_broker = await asyncio.open_connection(host, int(port))

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            before, signature, after = data.partition(b"v=")
            target.write(before + signature + (b"A" if after[:1] != b"A" else b"B") + after[1:] if signature else data)
        target.close()

    await asyncio.gather(pass_on(reader, to_broker), pass_on(from_broker, writer), return_exceptions=True)


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_a_broker_that_does_not_know_the_password_itself_is_not_trusted(login: Login, mechanism: str) -> None:
    settings = login("SASL_PLAINTEXT", sasl_mechanism=mechanism)
    server = await asyncio.start_server(partial(lying, settings.bootstrap_servers), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        said = await refusal(replace(settings, bootstrap_servers=f"127.0.0.1:{port}"))
    assert f"127.0.0.1:{port} does not prove that it knows the password of user {USER} ({mechanism})" in said


async def test_a_session_that_is_not_let_in_does_not_say_that_there_is_no_broker(login: Login) -> None:
    events = EventLog()
    kafka = login("SASL_PLAINTEXT", sasl_mechanism="PLAIN", sasl_password="canary-password")
    async with running(Settings(kafka=kafka), client_ids=["w"], on_event=events):
        await until(lambda: any(event.link is Link.REFUSED for event in events.of(LinkChanged)))
        await until(lambda: any(event.state is WorkerState.REFUSED for event in events.of(WorkerStateChanged)))
    assert {event.link for event in events.of(LinkChanged)} == {Link.STARTING, Link.REFUSED}
    said = {event.detail for event in events.of(LinkChanged) if event.link is Link.REFUSED}
    assert all("kafka.sasl_password is wrong" in detail for detail in said)


async def test_a_certificate_of_another_authority_is_told_with_the_file_that_we_trust(
    secured: SecuredKafka, login: Login
) -> None:
    trusted = str(secured.other_authority.certificate)
    for listener in ("SSL", "SASL_SSL"):
        said = await refusal(login(listener, ssl_cafile=trusted))
        assert f"is not signed by kafka.ssl_cafile {trusted}" in said
    assert "set kafka.ssl_cafile" in await refusal(login("SSL", ssl_cafile=None))


async def test_a_certificate_for_another_host_is_told_with_the_host_that_it_is_for(login: Login) -> None:
    said = await refusal(login("ELSEWHERE"))
    assert "is for 'broker.example', not for '127.0.0.1'" in said
    assert "kafka.ssl_check_hostname: false" in said


async def test_an_expired_certificate_is_told_with_the_day(login: Login) -> None:
    said = await refusal(login("EXPIRED"))
    yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))
    assert f"expired on {yesterday}" in said


async def test_a_client_certificate_that_is_missing_or_not_trusted_is_told(secured: SecuredKafka, login: Login) -> None:
    said = await refusal(login("MTLS"))
    assert "demands a client certificate: set kafka.ssl_certfile and kafka.ssl_keyfile" in said
    stranger = secured.stranger
    said = await refusal(login("MTLS", ssl_certfile=str(stranger.certificate), ssl_keyfile=str(stranger.key)))
    assert f"refuses our certificate, kafka.ssl_certfile {stranger.certificate}" in said


@pytest.mark.parametrize(
    ("listener", "protocol", "spoken"),
    [
        ("PLAINTEXT", "SSL", "PLAINTEXT"),
        ("PLAINTEXT", "SASL_PLAINTEXT", "PLAINTEXT"),
        ("PLAINTEXT", "SASL_SSL", "PLAINTEXT"),
        ("SSL", "PLAINTEXT", "SSL"),
        ("SSL", "SASL_SSL", "SSL"),
        ("MTLS", "PLAINTEXT", "SSL"),
        ("SASL_PLAINTEXT", "PLAINTEXT", "SASL_PLAINTEXT, with kafka.sasl_mechanism OAUTHBEARER or PLAIN or SCRAM"),
        ("SASL_PLAINTEXT", "SSL", "SASL_PLAINTEXT"),
        ("SASL_SSL", "PLAINTEXT", "SASL_SSL"),
        ("SASL_SSL", "SSL", "SASL_SSL"),
        ("SASL_SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    ],
)
async def test_a_listener_that_speaks_another_protocol_is_told_with_that_protocol(
    secured: SecuredKafka, login: Login, listener: str, protocol: str, spoken: str
) -> None:
    settings = login(
        listener,
        security_protocol=protocol,
        ssl_cafile=str(secured.authority.certificate),
        sasl_username=USER,
        sasl_password="wrong",
    )
    said = await refusal(settings)
    assert f"speaks {spoken}" in said
    assert f"kafka.security_protocol is {protocol}" in said


async def test_a_token_that_the_broker_refuses_is_told(login: Login) -> None:
    opaque = "canary-token"
    command = printing(opaque)
    said = await refusal(login("SASL_SSL", sasl_mechanism="OAUTHBEARER", sasl_oauth_token_command=command))
    assert "refuses the token that kafka.sasl_oauth_token_command printed" in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import sys; sys.exit(3)", "ended with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by signal 9"),
        ("print()", "printed nothing"),
        ("print('canary one', 'canary two')", "printed several words or lines"),
        ("print('canary' * 20_000)", "printed more than 65,536 bytes"),
        ("import sys; sys.stderr.write('canary'); sys.exit(1)", "ended with exit code 1"),
    ],
)
async def test_a_token_command_that_gives_no_token_is_told_without_what_it_printed(
    login: Login, code: str, told: str
) -> None:
    command = shlex.join([sys.executable, "-c", code, "canary-argument"])
    said = await refusal(login("SASL_PLAINTEXT", sasl_mechanism="OAUTHBEARER", sasl_oauth_token_command=command))
    assert said.startswith(f"kafka.sasl_oauth_token_command: {sys.executable} {told}")
    assert "canary" not in said
