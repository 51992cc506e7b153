"""Planted secrets are found nowhere: not in output, errors, logs, crash reports, or on the screen.

Only real Apache Kafka: a secret that nobody asks for cannot leak.
"""

import base64
import logging
import signal
import time
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc, environment
from tests.dashboard.shown import screen_text
from tests.kafka_cluster import running, settled, until
from tests.security.canaries import forms, found, seen_in_a_terminal
from tests.security.conftest import Login
from tests.security.secured_kafka import PASSWORD, USER, SecuredKafka
from tests.security.tokens import printing, token
from tui.dashboard.app import KcalcApp
from tui.session import Session
from tui.settings import Settings

pytestmark = pytest.mark.timeout(180)

WRONG = "canary/wrong+password"
ARGUMENT = "canary-argument-of-the-token-command"


@pytest.fixture
def planted() -> dict[str, str]:
    """Every secret that is given to kcalc, by name."""
    return {"password": PASSWORD, "wrong password": WRONG, "token": token(USER, time.time()), "argument": ARGUMENT}


@pytest.fixture
def everything_allowed(secured: SecuredKafka) -> None:
    for kind in ("TOPIC", "GROUP", "TRANSACTIONAL_ID"):
        secured.allow("ALL", kind, "*")
    secured.allow("ALL", "CLUSTER", "kafka-cluster")


def test_the_search_finds_a_secret_in_every_form() -> None:
    plain = f"\0{USER}\0{PASSWORD}".encode()
    for text in (
        PASSWORD,
        plain.decode(),
        base64.b64encode(plain).decode(),
        base64.urlsafe_b64encode(b"x" + plain).decode(),
    ):
        assert found({"password": PASSWORD}, f"… {text} …") == ["password"]
    assert found({"password": PASSWORD}, "correct, horse! battery; staple?") == []
    assert len(set(forms(PASSWORD))) == 6


def variables(secured: SecuredKafka, **kafka: str) -> dict[str, str]:
    """Environment of commands that log in with PLAIN, whose password travels as it is."""
    known = {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "PLAIN",
        "sasl_username": USER,
        "sasl_password": PASSWORD,
        "request_timeout_s": "5",
    }
    return {
        "KCALC_BOOTSTRAP_SERVERS": secured.at("SASL_PLAINTEXT"),
        **{f"KCALC_KAFKA__{name.upper()}": text for name, text in (known | kafka).items()},
    }


@pytest.mark.usefixtures("everything_allowed")
def test_no_command_shows_a_secret(secured: SecuredKafka, tmp_path: Path, planted: dict[str, str]) -> None:
    oauth = {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_command": f"{printing(planted['token'])} {ARGUMENT}"}
    broken = oauth | {"sasl_oauth_token_command": f"false {ARGUMENT}"}
    log = tmp_path / "worker.log"
    shown = ""
    for kafka in ({}, oauth):
        kcalc = Kcalc(tmp_path, variables(secured, **kafka))
        with kcalc.start("worker", "0", "--log-file", str(log)) as worker:
            shown += worker.err_until("idle")
            for arguments in (["send", "5", "2", "sum"], ["doctor"], ["doctor", "--json"], ["results", "--json"]):
                run = kcalc(*arguments)
                assert run.returncode == 0, run.stderr
                shown += run.stdout + run.stderr
            worker.stop(signal.SIGTERM)
            shown += worker.process.stderr.read().decode() if worker.process.stderr else ""
    for kafka in ({"sasl_password": WRONG}, broken):
        kcalc = Kcalc(tmp_path, variables(secured, **kafka))
        for arguments in (["send", "5", "2", "sum"], ["doctor"], ["doctor", "--json"], ["topics", "list"]):
            run = kcalc(*arguments)
            assert run.returncode != 0
            shown += run.stdout + run.stderr
    assert log.read_text()
    assert found(planted, shown + log.read_text()) == []


SEND, WORKER, DOCTOR, TOPICS = ["send", "1", "1", "sum"], ["worker", "0"], ["doctor"], ["topics", "list"]


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (SEND, "--sasl-password"),
        (WORKER, "--sasl-password"),
        (TOPICS, "--sasl-password"),
        (DOCTOR, "--password"),
        (DOCTOR, "--oauth-token"),
        (DOCTOR, "--kafka.sasl_password"),
    ],
)
def test_a_secret_on_the_command_line_is_refused_with_the_reason(
    tmp_path: Path, command: list[str], option: str
) -> None:
    kcalc = Kcalc(tmp_path, {})
    for given in ([option, WRONG], [f"{option}={WRONG}"]):
        run = kcalc(*command, *given)
        assert run.returncode == 2
        assert f"kcalc: {option}: a secret on the command line can be seen by every user" in run.stderr
        assert "KCALC_KAFKA__SASL_PASSWORD" in run.stderr
        assert found({"wrong password": WRONG}, run.stdout + run.stderr) == []


def test_a_password_that_travels_readable_is_warned_of_once(secured: SecuredKafka, tmp_path: Path) -> None:
    kcalc = Kcalc(tmp_path, variables(secured))
    warning = "sends the password readable for everybody on the way: use SASL_SSL"
    assert kcalc("topics", "list").stderr.count(warning) == 1
    run = kcalc("doctor")
    assert (run.stdout.count(warning), run.stderr.count(warning)) == (1, 0)


@pytest.mark.usefixtures("everything_allowed")
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "OAUTHBEARER"])
async def test_no_log_at_any_level_shows_a_secret(
    login: Login, mechanism: str, caplog: pytest.LogCaptureFixture, planted: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    oauth = {"sasl_oauth_token_command": printing(planted["token"])} if mechanism == "OAUTHBEARER" else {}
    kafka = login("SASL_PLAINTEXT", sasl_mechanism=mechanism, **oauth)
    async with running(Settings(kafka=kafka)) as session:
        session.send("1", "sum", "1")
        await until(lambda: settled(session))
        assert "ApiVersion" in caplog.text  # the level reaches what is sent
        assert found(planted, caplog.text + repr(vars(session))) == []


@pytest.mark.usefixtures("everything_allowed")
@pytest.mark.parametrize("password", [PASSWORD, WRONG])
async def test_the_screen_shows_no_secret(login: Login, password: str, planted: dict[str, str]) -> None:
    session = Session(Settings(kafka=login("SASL_PLAINTEXT", sasl_mechanism="PLAIN", sasl_password=password)))
    app = KcalcApp(session)
    expected = "STABLE" if password == PASSWORD else "authentication failed"
    async with app.run_test(size=(200, 60)) as pilot:
        await until(lambda: expected in screen_text(app), within_s=60.0)  # the first group of a new node takes a while
        shown = app.export_screenshot() + screen_text(app)
        await pilot.press("f1")
        await pilot.pause()
        shown += app.export_screenshot() + screen_text(app)
    assert found(planted, shown) == []


CRASHES = {
    "dashboard": (
        "from tui.dashboard.app import KcalcApp\n"
        "def broken(self, before, now):\n"
        "    settings, connection = self._session.settings, vars(self._session._traffic or self)\n"
        "    if now.value == 'connected':\n"
        "        raise RuntimeError('boom')\n"
        "KcalcApp._tell_link = broken\n"
        "from tui.cli import dashboard\n"
        "dashboard()\n"
    ),
    "worker": (
        "import sys, aiokafka.conn\n"
        "def broken(*args, **arguments):\n"
        "    raise RuntimeError('boom')\n"
        "aiokafka.conn.SaslPlainAuthenticator.step = broken\n"
        "sys.argv = ['kcalc', 'worker', '0']\n"
        "from tui.cli import main\n"
        "main()\n"
    ),
}


@pytest.mark.usefixtures("everything_allowed")
@pytest.mark.parametrize("program", list(CRASHES))
def test_a_crash_shows_no_secret(secured: SecuredKafka, tmp_path: Path, planted: dict[str, str], program: str) -> None:
    shown = seen_in_a_terminal(CRASHES[program], tmp_path, environment(variables(secured)), until="\nnever")
    assert "boom" in shown
    assert found(planted, shown) == []
