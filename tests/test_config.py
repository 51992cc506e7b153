"""config.yml, environment and command line: what is accepted, what wins, and what a mistake is told."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from rich.pretty import pretty_repr

from tui.config import ConfigError, Given, load, masked
from tui.settings import KafkaSettings, Settings

REPOSITORY = Path(__file__).parents[1]

Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes config.yml into a fresh current folder and returns its name."""
    monkeypatch.chdir(tmp_path)

    def write_config(text: str | bytes) -> str:
        (tmp_path / "config.yml").write_bytes(text.encode() if isinstance(text, str) else text)
        return "config.yml"

    return write_config


def error(path: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ=environ or {})
    return str(caught.value)


def test_the_config_file_of_the_repository_shows_every_key_with_its_default() -> None:
    path = REPOSITORY / "config.yml"
    assert load(str(path), environ={}).settings == Settings()
    shown = yaml.safe_load(path.read_text())
    assert shown == masked(Settings())


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = load(environ={})
    assert configuration.settings == Settings()
    assert configuration.file is None


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "workers:\n", "\ufeff# BOM"])
def test_an_empty_file_means_the_defaults(write: Write, text: str) -> None:
    assert load(write(text), environ={}).settings == Settings()


def test_a_config_file_in_the_current_folder_is_used_without_being_named(write: Write) -> None:
    write("workers: {count: 7}")
    configuration = load(environ={})
    assert configuration.settings.workers.count == 7
    assert configuration.file == Path("config.yml")


def test_the_command_line_wins_over_the_environment_over_the_file_over_the_default(write: Write) -> None:
    path = write("workers: {count: 1, batch: 10, group: from-file}")
    environ = {"KCALC_WORKERS__COUNT": "2", "KCALC_WORKERS__BATCH": "20"}
    overrides = {("workers", "count"): Given(3, "--workers")}
    configuration = load(path, overrides, environ)
    workers = configuration.settings.workers
    assert (workers.count, workers.batch, workers.group, workers.stop_timeout_s) == (3, 20, "from-file", 2.0)
    assert configuration.origins == {
        ("workers", "count"): "--workers",
        ("workers", "batch"): "KCALC_WORKERS__BATCH",
        ("workers", "group"): "config.yml, line 1",
    }


def test_a_named_file_wins_over_the_variable_and_the_variable_over_the_current_folder(
    write: Write, tmp_path: Path
) -> None:
    write("workers: {count: 1}")
    (tmp_path / "two.yml").write_text("workers: {count: 2}")
    (tmp_path / "three.yml").write_text("workers: {count: 3}")
    environ = {"KCALC_CONFIG": "two.yml"}
    assert load("three.yml", environ=environ).settings.workers.count == 3
    assert load(environ=environ).settings.workers.count == 2
    assert load(environ={}).settings.workers.count == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("workers:\n  count: many", ["line 2", "workers.count", "'many'", "a whole number from 0 to 200"]),
        ("workers: {count: true}", ["line 1", "workers.count", "true", "a whole number"]),
        ("workers: {count: 2.0}", ["workers.count", "2.0", "a whole number"]),
        ("workers: {count: 201}", ["workers.count", "201", "from 0 to 200"]),
        ("workers: {count:}", ["workers.count", "nothing", "a whole number"]),
        ("workers: {count: [1]}", ["workers.count", "a list", "a whole number"]),
        ("workers: {count: 2024-01-01}", ["workers.count", "date", "a whole number"]),
        ("workers: 3", ["line 1", "workers", "the number 3", "a mapping"]),
        ("# a\n\nworkers:\n  cuont: 1", ["line 4", "'cuont'", "did you mean count?", "heartbeat_interval_s"]),
        ("wrokers: {}", ["line 1", "'wrokers'", "did you mean workers?", "dashboard"]),
        ("<<: {a: 1}", ["line 1", "'<<'", "kafka"]),
        ("topics: {requests: 123}", ["topics.requests", "123", "a-z A-Z 0-9", "quotes"]),
        ("topics: {requests: a b}", ["topics.requests", "'a b'", "a-z A-Z 0-9"]),
        ('topics: {requests: ".."}', ["topics.requests", "'..'"]),
        ('topics: {requests: "a\\n"}', ["topics.requests", "a\\n"]),
        ("topics: {requests: a, results: a}", ["topics.requests", "two topics"]),
        ("topics: {retention_hours: .inf}", ["topics.retention_hours", "inf", "a finite number above 0"]),
        ("topics: {retention_hours: .nan}", ["topics.retention_hours", "nan", "a finite number above 0"]),
        ("topics: {partitions: " + "9" * 4_000 + "}", ["topics.partitions", "very many digits", "1,000"]),
        ("topics: {partitions: " + "9" * 5_000 + "}", ["line 1", "4300 digits"]),
        ("kafka: {security_protocol: TLS}", ["security_protocol", "'TLS'", "SASL_SSL", "PLAINTEXT"]),
        ("kafka: {security_protocol: SASL_SSL}", ["security_protocol", "needs kafka.sasl_username"]),
        (
            "kafka: {security_protocol: SASL_SSL, sasl_username: alice}",
            ["security_protocol", "PLAIN needs kafka.sasl_password"],
        ),
        (
            "kafka: {security_protocol: SASL_SSL, sasl_mechanism: OAUTHBEARER}",
            ["security_protocol", "OAUTHBEARER needs kafka.sasl_oauth_token_command"],
        ),
        ("kafka: {sasl_mechanism: GSSAPI}", ["sasl_mechanism", "'GSSAPI'", "OAUTHBEARER", "SCRAM-SHA-512"]),
        ("kafka: {sasl_oauth_token_command: 'print \"'}", ["sasl_oauth_token_command", "No closing quotation"]),
        ("kafka: {sasl_oauth_token_command: ' '}", ["sasl_oauth_token_command", "is empty", "a program"]),
        ("kafka: {ssl_check_hostname: never}", ["ssl_check_hostname", "'never'", "true or false"]),
        (
            "kafka: {bootstrap_servers: localhost}",
            ["bootstrap_servers", "'localhost'", "embedded", "HOST:PORT"],
        ),
        ("kafka: {bootstrap_servers: 'a:1,b:99999'}", ["bootstrap_servers", "'b:99999'", "HOST:PORT"]),
        ("workers:\n  session_timeout_s: 0.2", ["line 2", "heartbeat_interval_s", "0.5", "less than", "0.2"]),
        ("dashboard: {keys: {quit: 1}}", ["dashboard.keys", "quit", "the number 1", "text"]),
        ("operations: {hypot: 3}", ["operations.hypot", "the number 3", "text"]),
        ("- a", ["line 1", "a list", "a mapping"]),
        ("just words", ["line 1", "just words", "a mapping"]),
    ],
)
def test_a_mistake_names_the_place_the_key_what_was_found_and_what_is_allowed(
    write: Write, text: str, parts: list[str]
) -> None:
    message = error(write(text))
    assert message.startswith("config.yml, line ")
    assert [part for part in parts if part not in message] == []
    assert len(message) < 400


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("workers:\n\tcount: 3", ["line 2", "not valid YAML", "not with tabs"]),
        ("workers: [", ["line 1", "not valid YAML"]),
        ("workers: {}\na: b: c", ["line 2", "not valid YAML"]),
        ("workers: {}\nworkers: {}", ["line 2", "'workers'", "twice", "line 1"]),
        ("workers:\n  count: 1\n  count: 2", ["line 3", "'count'", "twice", "line 2"]),
        ("workers: {}\n---\nkafka: {}", ["line 2", "single document"]),
        ("a: &a [x]\nb: *a", ["line 2", "alias", "begins with * in quotes"]),
        ("workers: " + "[" * 5_000, ["line 1", "nested deeper"]),
        ("workers: !!python/object/apply:os.getcwd []", ["line 1", "tag", "not allowed", "begins with ! in quotes"]),
        ("? [a]\n: b", ["line 1", "a key must be a plain word"]),
        ("workers: {}\n\x07", ["line 2", "\\x07", "not allowed"]),
        (b"workers: {}\n\xff\xfe", ["line 2", "not UTF-8", "0xff"]),
        ("# " + "x" * 70_000, ["larger than 65,536 bytes"]),
    ],
)
def test_a_file_that_is_no_configuration_is_refused_with_its_line(
    write: Write, text: str | bytes, parts: list[str]
) -> None:
    message = error(write(text))
    assert message.startswith("config.yml")
    assert [part for part in parts if part not in message] == []
    assert len(message) < 400


def test_a_missing_file_is_an_error_if_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert error("nope.yml") == "nope.yml: no such file (named by --config)"
    assert error(environ={"KCALC_CONFIG": "gone.yml"}) == "gone.yml: no such file (named by KCALC_CONFIG)"


def test_a_folder_and_a_file_without_permission_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Is a directory (named by --config)" in error(str(tmp_path))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root, who runs tests in containers, may read everything
    assert error("locked.yml") == "locked.yml: cannot be read: Permission denied (named by --config)"


def test_a_device_without_end_is_not_read_to_its_end() -> None:
    assert "larger than" in error("/dev/zero")


def test_every_key_can_be_set_by_its_variable() -> None:
    settings = load(
        environ={
            "KCALC_KAFKA__EMBEDDED_PORT": "0",
            "KCALC_KAFKA__SASL_PASSWORD": "12345",
            "KCALC_TOPICS__RETENTION_HOURS": "1.5",
            "KCALC_OPERATIONS__HYPOT": "math:hypot",
            "KCALC_DASHBOARD__KEYS": "{quit: ctrl+q}",
            "KCALC_WORKERS__GROUP": "",
            "UNRELATED": "x",
        }
    ).settings
    assert settings.kafka.embedded_port == 0
    assert settings.kafka.sasl_password == "12345"
    assert settings.topics.retention_hours == 1.5
    assert settings.operations == {"hypot": "math:hypot"}
    assert settings.dashboard.keys == {"quit": "ctrl+q"}
    assert settings.workers.group == "kcalc"


def test_the_short_variable_for_the_servers_wins_over_the_long_one() -> None:
    environ = {"KCALC_BOOTSTRAP_SERVERS": "a:1, [::1]:2", "KCALC_KAFKA__BOOTSTRAP_SERVERS": "c:3"}
    assert load(environ=environ).settings.kafka.bootstrap_servers == "a:1, [::1]:2"


@pytest.mark.parametrize(
    ("variable", "text", "parts"),
    [
        ("KCALC_WORKERS__COUNT", "many", ["KCALC_WORKERS__COUNT", "workers.count", "'many'", "0 to 200"]),
        ("KCALC_WORKERS__COUNT", "[1", ["KCALC_WORKERS__COUNT", "not valid YAML"]),
        ("KCALC_WORKERS__CUONT", "1", ["KCALC_WORKERS__CUONT", "nearest: KCALC_WORKERS__COUNT"]),
        ("KCALC_BOOTSTRAP_SERVER", "a:1", ["KCALC_BOOTSTRAP_SERVER:", "nearest: KCALC_BOOTSTRAP_SERVERS"]),
        ("KCALC_WORKERS", "1", ["KCALC_WORKERS:", "unknown"]),
        ("KCALC_OPERATIONS__", "1", ["KCALC_OPERATIONS__:", "nearest: KCALC_OPERATIONS__NAME"]),
        ("KCALC_workers__count", "1", ["KCALC_workers__count:", "nearest: KCALC_WORKERS__COUNT"]),
        ("KCALC_BOOTSTRAP_SERVERS", "localhost", ["KCALC_BOOTSTRAP_SERVERS", "'localhost'", "HOST:PORT"]),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(variable: str, text: str, parts: list[str]) -> None:
    message = error(environ={variable: text})
    assert [part for part in parts if part not in message] == []


def test_a_password_can_stand_in_a_file_beside_the_configuration(write: Write, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "password").write_text("s3cret\n")
    (tmp_path / "conf" / "kcalc.yml").write_text("kafka: {sasl_password: 'file:password'}")
    assert load("conf/kcalc.yml", environ={}).settings.kafka.sasl_password == "s3cret"
    environ = {"KCALC_KAFKA__SASL_PASSWORD": "file:conf/password"}
    assert load(environ=environ).settings.kafka.sasl_password == "s3cret"
    missing = error(write("kafka: {sasl_password: 'file:nope'}"))
    assert missing == "nope: no such file (named by config.yml, line 1)"


def test_a_certificate_file_is_looked_for_beside_the_configuration_before_anything_connects(
    write: Write, tmp_path: Path
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "ca.pem").write_text("certificate")
    (tmp_path / "conf" / "kcalc.yml").write_text("kafka: {ssl_cafile: ca.pem}")
    assert load("conf/kcalc.yml", environ={}).settings.kafka.ssl_cafile == "conf/ca.pem"
    missing = error(write("kafka: {ssl_cafile: nope.pem}"))
    assert missing == "nope.pem: no such file (named by kafka.ssl_cafile, config.yml, line 1)"


def test_no_message_and_no_display_shows_a_password(write: Write) -> None:
    assert "424242" not in error(write("kafka: {sasl_password: 424242}"))
    settings = load(write("kafka: {sasl_password: '424242'}"), environ={}).settings
    assert masked(settings)["kafka"]["sasl_password"] == "***"
    assert masked(Settings())["kafka"]["sasl_password"] is None


def test_a_certificate_s_key_without_the_certificate_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("key")
    assert "kafka.ssl_keyfile: needs kafka.ssl_certfile" in error(write("kafka: {ssl_keyfile: key.pem}"))


@pytest.mark.parametrize(
    "value",
    [
        "!canary",
        "*canary",
        "!a!canary",
        "!!int canary",
        "!!timestamp canary",
        '"canary',
        "'canary",
        "[canary",
        "%canary",
    ],
)
def test_a_password_without_the_quotes_that_it_needs_is_not_shown(write: Write, value: str) -> None:
    message = error(write(f"kafka:\n  sasl_password: {value}\n"))
    assert message.startswith("config.yml, line ")
    assert "canary" not in message


@pytest.mark.parametrize("server", ["alice:canary@broker:9092", "https://alice:canary@broker:9092"])
def test_a_password_in_a_server_s_address_is_refused_and_not_shown(write: Write, server: str) -> None:
    message = error(write(f"kafka: {{bootstrap_servers: '{server}'}}"))
    assert "'***@broker:9092'" in message
    assert "canary" not in message


def test_of_a_token_command_only_the_program_is_shown(write: Write) -> None:
    text = "kafka: {sasl_oauth_token_command: 'curl https://alice:canary@tokens.example'}"
    settings = load(write(text), environ={}).settings
    assert masked(settings)["kafka"]["sasl_oauth_token_command"] == "curl ***"
    assert "canary" not in repr(settings)
    assert masked(Settings())["kafka"]["sasl_oauth_token_command"] is None


def test_settings_show_no_secret_in_any_representation() -> None:
    kafka = KafkaSettings(sasl_password="canary", sasl_oauth_token_command="canary")
    settings = Settings(kafka=kafka)
    assert "canary" not in f"{settings} {settings!r} {kafka!r} {pretty_repr(settings)}"


@pytest.mark.parametrize(
    ("mode", "text", "said"),
    [
        (0o644, "kafka: {sasl_password: word}", ["config.yml holds a password", "mode 0644", "chmod 600 config.yml"]),
        (0o640, "kafka: {sasl_password: word}", ["config.yml holds a password", "mode 0640"]),
        (0o600, "kafka: {sasl_password: word}", []),
        (0o644, "kafka: {sasl_password: 'file:secret'}", ["secret holds a password", "chmod 600 secret"]),
        (0o644, "kafka: {ssl_keyfile: secret, ssl_certfile: secret}", ["secret holds a private key"]),
        (0o644, "kafka: {sasl_username: alice}", []),
    ],
)
def test_a_file_with_a_secret_that_others_can_read_is_warned_of(
    write: Write, tmp_path: Path, mode: int, text: str, said: list[str]
) -> None:
    (tmp_path / "secret").write_text("word")
    (tmp_path / "secret").chmod(mode)
    path = write(text)
    (tmp_path / path).chmod(mode)
    warnings = load(path, environ={}).warnings
    assert len(warnings) == bool(said)
    assert [part for part in said if part not in warnings[0]] == []


def test_a_password_in_the_environment_is_not_blamed_on_a_file(write: Write, tmp_path: Path) -> None:
    path = write("kafka: {sasl_password: null}")
    (tmp_path / path).chmod(0o644)
    assert load(path, environ={"KCALC_KAFKA__SASL_PASSWORD": "word"}).warnings == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("security_protocol: SASL_PLAINTEXT", "sends the password readable for everybody on the way: use SASL_SSL"),
        (
            "security_protocol: SASL_PLAINTEXT, sasl_mechanism: OAUTHBEARER, sasl_oauth_token_command: print",
            "sends the token readable for everybody",
        ),
        ("security_protocol: SASL_PLAINTEXT, sasl_mechanism: SCRAM-SHA-256", ""),
        ("security_protocol: SASL_SSL", ""),
        ("security_protocol: SSL, ssl_check_hostname: false", "kafka.ssl_check_hostname is off"),
        ("security_protocol: SSL", ""),
    ],
)
def test_what_is_allowed_and_unsafe_is_warned_of(write: Write, text: str, said: str) -> None:
    environ = {"KCALC_KAFKA__SASL_USERNAME": "alice", "KCALC_KAFKA__SASL_PASSWORD": "word"}
    warnings = load(write(f"kafka: {{{text}}}"), environ=environ).warnings
    assert len(warnings) == bool(said)
    assert said in "".join(warnings)
