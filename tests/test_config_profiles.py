"""Profiles of config.yml: what they set, what wins over them, and what a mistake in one is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.config import ConfigError, Given, load, masked
from tui.settings import Profile, Settings

Write = Callable[[str], str]

TWO = """
kafka: {bootstrap_servers: "dev:9092", sasl_username: alice}
workers: {count: 1, group: dev}
operations: {hypot: "math:hypot", sub: diff}
dashboard: {keys: {quit: f10, form: f3}}
profiles:
  prod:
    production: true
    colour: purple
    read_only: true
    kafka:
      bootstrap_servers: prod:9092
    workers: {group: prod}
    operations: {sub: mul}
    dashboard: {keys: {quit: f9}}
  staging:
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes config.yml into a fresh current folder and returns its name."""
    monkeypatch.chdir(tmp_path)

    def write_config(text: str) -> str:
        (tmp_path / "config.yml").write_text(text)
        return "config.yml"

    return write_config


def error(path: str | None, profile: str | None = None, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ=environ, profile=profile)
    return str(caught.value)


def test_a_profile_lies_above_the_file_key_by_key(write: Write) -> None:
    settings = load(write(TWO), environ={}, profile="prod").settings
    assert (settings.kafka.bootstrap_servers, settings.kafka.sasl_username) == ("prod:9092", "alice")
    assert settings.kafka.read_only
    assert (settings.workers.group, settings.workers.count) == ("prod", 1)
    assert settings.operations == {"hypot": "math:hypot", "sub": "mul"}
    assert settings.dashboard.keys == {"quit": "f9", "form": "f3"}
    assert settings.profile == Profile("prod", True, "purple")


def test_without_being_chosen_no_profile_counts(write: Write) -> None:
    settings = load(write(TWO), environ={}).settings
    assert (settings.kafka.bootstrap_servers, settings.workers.group) == ("dev:9092", "dev")
    assert not settings.kafka.read_only
    assert settings.profile == Profile()


def test_the_environment_and_the_command_line_win_over_a_profile(write: Write) -> None:
    environ = {"KCALC_PROFILE": "prod", "KCALC_WORKERS__GROUP": "other"}
    given = {("kafka", "bootstrap_servers"): Given("mine:9092", "--bootstrap-servers")}
    configuration = load(write(TWO), given, environ)
    assert configuration.settings.workers.group == "other"
    assert configuration.settings.kafka.bootstrap_servers == "mine:9092"
    assert configuration.settings.profile.production
    assert configuration.origins["kafka", "read_only"] == "config.yml, line 10"


def test_the_option_wins_over_the_variable(write: Write) -> None:
    assert load(write(TWO), environ={"KCALC_PROFILE": "prod"}, profile="staging").settings.profile.name == "staging"


def test_an_empty_profile_changes_nothing_but_the_name(write: Write) -> None:
    settings = load(write(TWO), environ={}, profile="staging").settings
    assert settings.profile == Profile("staging")
    assert settings.kafka.bootstrap_servers == "dev:9092"


def test_a_profile_that_is_not_there_is_told_with_those_that_are(write: Write) -> None:
    path = write(TWO)
    assert error(path, "prd") == (
        "--profile: config.yml has no profile 'prd' (did you mean prod?), allowed: prod, staging"
    )
    assert error(path, KCALC_PROFILE="x").startswith("KCALC_PROFILE: config.yml has no profile 'x', allowed: prod")
    assert "config.yml has none" in error(write("workers: {count: 1}"), "prod")


def test_without_a_file_there_is_no_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert error(None, "prod").startswith("--profile: found 'prod', but there is no config file")


@pytest.mark.parametrize(
    ("profile", "parts"),
    [
        ("{kafka: {bootstrap_server: a}}", ["profiles.p: kafka", "'bootstrap_server'", "mean bootstrap_servers?"]),
        ("{workers: {count: many}}", ["profiles.p: workers.count", "'many'", "a whole number from 0 to 200"]),
        ("{wrokers: {}}", ["profiles.p", "'wrokers'", "did you mean workers?", "read_only", "production"]),
        ("{production: maybe}", ["profiles.p.production", "'maybe'", "true or false"]),
        ("{colour: pink}", ["profiles.p.colour", "'pink'", "one of blue, green"]),
        ("{read_only: 1}", ["kafka.read_only", "the number 1", "true or false"]),
        ("{read_only: true, kafka: {read_only: false}}", ["profiles.p.read_only", "also there as kafka.read_only"]),
        ("{profiles: {}}", ["unknown key 'profiles'"]),
        ("3", ["profiles.p", "the number 3", "a mapping"]),
    ],
)
def test_a_mistake_is_told_with_its_line_also_in_a_profile_that_was_not_chosen(
    write: Write, profile: str, parts: list[str]
) -> None:
    message = error(write(f"workers: {{}}\nprofiles:\n  p: {profile}\n"))
    assert [part for part in ("config.yml, line 3", *parts) if part not in message] == []


def test_a_profile_s_name_can_be_typed(write: Write) -> None:
    assert "a-z A-Z 0-9" in error(write("profiles: {'a b': {}}"))


def test_profiles_are_a_mapping(write: Write) -> None:
    assert "profiles: found a list" in error(write("profiles: [prod]"))
    assert load(write("profiles:\n"), environ={}).settings == Settings()


def test_no_message_shows_a_profile_s_password(write: Write) -> None:
    message = error(write("profiles: {prod: {kafka: {sasl_password: [canary]}}}"))
    assert "kafka.sasl_password" in message
    assert "canary" not in message


def test_a_profile_s_password_in_a_file_that_others_can_read_is_warned_of(write: Write, tmp_path: Path) -> None:
    path = write("profiles: {prod: {kafka: {sasl_password: word}}, dev: {}}")
    (tmp_path / path).chmod(0o644)
    for profile in (None, "dev", "prod"):
        (warning,) = load(path, environ={}, profile=profile).warnings
        assert "config.yml holds a password" in warning


def test_a_profile_s_password_file_is_looked_for_beside_the_configuration(write: Write, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("word\n")
    (tmp_path / "secret").chmod(0o600)
    path = write("profiles: {prod: {kafka: {sasl_password: 'file:secret'}}}")
    settings = load(path, environ={}, profile="prod").settings
    assert settings.kafka.sasl_password == "word"
    assert masked(settings)["kafka"]["sasl_password"] == "***"


def test_what_is_shown_names_the_profile_only_if_there_is_one(write: Write) -> None:
    assert "profile" not in masked(Settings())
    shown = masked(load(write(TWO), environ={}, profile="prod").settings)
    assert shown["profile"] == {"name": "prod", "production": True, "colour": "purple"}
