"""Settings that cannot work are named at once, and errors are put in words that say what to do."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError

from tui.clients import entrance
from tui.clients.connection import Connection
from tui.clients.reasons import reason
from tui.clients.refusals import BadConnectionSettings
from tui.session import Session, SessionError
from tui.settings import KafkaSettings, Settings


def connection(**kafka: str) -> Connection:
    return Connection(KafkaSettings(**kafka), "broker:9092")  # type: ignore[arg-type]


def test_a_certificate_that_is_not_there_is_named() -> None:
    with pytest.raises(BadConnectionSettings, match=r"kafka\.ssl_cafile.*found /nowhere/ca\.pem.*No such file"):
        connection(security_protocol="SSL", ssl_cafile="/nowhere/ca.pem").check()


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    with pytest.raises(BadConnectionSettings, match=r"ca\.pem.*PEM"):
        connection(security_protocol="SASL_SSL", sasl_username="u", sasl_password="p", ssl_cafile=str(file)).check()


def test_sasl_without_a_password_is_named_and_tells_no_secret() -> None:
    with pytest.raises(BadConnectionSettings, match=r"needs kafka\.sasl_username and kafka\.sasl_password") as caught:
        connection(security_protocol="SASL_PLAINTEXT", sasl_password="hidden").check()
    assert "hidden" not in str(caught.value)


def test_what_needs_no_files_is_fine() -> None:
    connection().check()
    connection(security_protocol="SSL").check()


async def test_a_session_refuses_such_settings() -> None:
    kafka = KafkaSettings(bootstrap_servers="broker:9092", security_protocol="SSL", ssl_cafile="/nowhere")
    with pytest.raises(SessionError, match="/nowhere"):
        await Session(Settings(kafka=kafka)).start()


class Bare:
    """A connection to a broker of a cluster that knows no broker yet, not even that one."""

    async def send(self, request: object) -> object:
        return SimpleNamespace(brokers=[])

    def close(self) -> None: ...


async def test_a_cluster_that_has_only_just_come_back_refuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def bare(*_: object, **__: object) -> Bare:
        return Bare()

    monkeypatch.setattr(entrance, "create_conn", bare)
    assert await connection().why_not_let_in() == ""
    scram = connection(security_protocol="SASL_PLAINTEXT", sasl_username="u", sasl_password="p")
    assert await scram.why_not_let_in() == ""


def test_advice_names_the_place_and_the_way_out() -> None:
    away = KafkaConnectionError("Unable to bootstrap")
    assert "kafka.bootstrap_servers" in connection(bootstrap_servers="broker:9092").advice(away)
    assert "kcalc broker" in connection().advice(away)
    assert connection().advice(away).startswith("no broker answers at broker:9092")
    assert connection().advice(TimeoutError()).startswith("no broker answers")


def test_reasons_are_words_on_one_line() -> None:
    assert reason(TopicAuthorizationFailedError("t")) == "no permission for the topic: t"
    assert reason(ValueError("a\nb")) == "ValueError: a b"
    assert reason(TimeoutError()) == "no answer in time"
