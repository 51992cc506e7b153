"""`kcalc doctor`: is everything there that kcalc needs, what does it run with, and does a message come back."""

import json
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import typer

from tui.commands.cluster import admin_of, cluster, members_of, servers_of
from tui.commands.configuring import configured, operations_of
from tui.commands.edge import FAILED, CommandError, command, run
from tui.commands.lines import escaped
from tui.commands.options import AsJson, ConfigFile, ProfileName, ReadOnly, Servers
from tui.commands.permission_checks import checked
from tui.commands.topic_figures import looked_up

if TYPE_CHECKING:
    from tui.clients.connection import Connection
    from tui.config import Configuration
    from tui.settings import Settings

PACKAGES = ("kcalc-tui", "aiokafka", "kafka-python", "textual", "msgspec", "typer", "PyYAML", "cramjam", "crc32c")


@dataclass
class Report:
    """What was found, in the order in which it is shown; `trouble` says what is wrong."""

    checks: list[tuple[str, str, str]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    code: int = 0

    def good(self, name: str, text: str) -> None:
        """Something is as it should be."""
        self.checks.append(("ok", name, text))

    def note(self, name: str, text: str) -> None:
        """Something that a person should know, but nothing wrong."""
        self.checks.append(("--", name, text))

    def bad(self, name: str, text: str, code: int = FAILED) -> None:
        """Something is wrong."""
        self.checks.append(("!!", name, text))
        self.trouble.append(f"{name}: {text}")
        self.code = max(self.code, code)


@command
def doctor(
    as_json: AsJson = False,
    read_only: ReadOnly = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
) -> None:
    """Check versions, configuration, connection, topics, and how long a message takes there and back.

    With workers in the group a real request is sent through them (1 + 1). Without, a message goes through a topic
    that is made for it and deleted afterwards. Lines begin with ok, with -- (worth knowing) or with !! (wrong).
    """
    configuration = configured(config, bootstrap_servers, profile, read_only=read_only, warn=False)
    operations_of(configuration.settings)
    report = Report()
    _versions(report)
    _configuration(report, configuration)
    run(_cluster(report, configuration.settings))
    if as_json:
        print(json.dumps({**report.data, "trouble": report.trouble}, indent=2))
    else:
        for mark, name, text in report.checks:
            print(f"{mark}  {name:<14}  {escaped(text)}")
    if report.code:
        raise typer.Exit(report.code)


def _versions(report: Report) -> None:
    from tui.clients.records import c_extension

    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            report.bad("versions", f"the package {package} is not installed")
    report.data["versions"] = versions
    report.good("versions", "  ".join(f"{name} {number}" for name, number in versions.items()))
    compiled = c_extension()
    report.data["aiokafka_c_extension"] = compiled
    if compiled:
        report.good("C extension", "aiokafka builds and reads records in C")
    else:
        report.bad("C extension", "aiokafka runs without it, 10 times slower: install a wheel for this platform")


def _configuration(report: Report, configuration: "Configuration") -> None:
    from tui.config import masked

    shown = masked(configuration.settings)
    origins = {".".join(key): where for key, where in configuration.origins.items()}
    report.data["config"] = shown
    report.data["config_file"] = None if configuration.file is None else str(configuration.file)
    report.data["config_origins"] = origins
    report.good("config file", str(configuration.file or "none, and none is needed"))
    for section, values in shown.items():
        report.note(section, "  ".join(f"{key}={value}" for key, value in values.items()) or "none added")
    for key, where in origins.items():
        report.note("set", f"{key}: {where}")
    report.data["warnings"] = list(configuration.warnings)
    for warning in configuration.warnings:
        report.note("warning", warning)


async def _cluster(report: Report, settings: "Settings") -> None:
    """Each look by itself: what one is refused, another may be allowed."""
    report.data["connection"] = {"servers": servers_of(settings), "reached": False}
    complaints: set[str] = set()
    for name, look in (("connection", _login), ("may", _permissions), ("topic", _topics), ("round trip", _round_trip)):
        try:
            async with cluster(settings) as connection:
                await look(report, connection, settings)
        except CommandError as error:
            if str(error) not in complaints:
                report.bad(name, str(error), error.code)
            complaints.add(str(error))
            if look is _login:
                return


async def _login(report: Report, connection: "Connection", settings: "Settings") -> None:
    async with admin_of(connection):
        report.data["connection"] = {"servers": servers_of(settings), "reached": True}
        whom = f" from {connection.principal}" if settings.kafka.sasl or settings.kafka.tls else ""
        report.good("connection", f"{servers_of(settings)} accepts connections{whom}")


async def _permissions(report: Report, connection: "Connection", settings: "Settings") -> None:
    """What watching, sending and working need, one by one."""
    checks = await checked(connection, settings)
    report.data["permissions"] = [check.data for check in checks]
    if any(check.allowed is None for check in checks) and all(check.allowed is not False for check in checks):
        report.note("permissions", "the cluster checks none")
        return
    for role in dict.fromkeys(check.role for check in checks):
        of_role = [check for check in checks if check.role == role]
        if met := ", ".join(str(check.permission) for check in of_role if check.allowed):
            report.good(f"may {role}", met)
        for check in of_role:
            if check.allowed is False:
                report.bad(f"may {role}", f"no permission: {check.permission}; to allow it: {check.granted_by}")


async def _topics(report: Report, connection: "Connection", settings: "Settings") -> None:
    """What the topics are, and what is not as the configuration wants it."""
    topics = {topic.name: topic for topic in await looked_up(connection, settings.topics)}
    report.data["topics"] = [asdict(topics[name].row) for name in settings.topics.uses if name in topics]
    for name, purpose in settings.topics.uses.items():
        if name not in topics:
            later = "read-only, nothing makes it" if settings.kafka.read_only else "kcalc makes it when it needs it"
            report.note("topic", f"{name} ({purpose}) is not there yet: {later}")
            continue
        topic = topics[name]
        said = f"{name} ({purpose}): {topic.partitions} partitions, {topic.messages} messages, kept {topic.retention}"
        leaderless = [row.partition for row in topic.partition_details if row.leader is None]
        if leaderless:
            report.bad("topic", f"{said}; without a leader: {', '.join(map(str, leaderless))}")
        else:
            report.good("topic", said)


async def _round_trip(report: Report, connection: "Connection", settings: "Settings") -> None:
    from tui.clients.permissions import Denied
    from tui.commands.round_trip import message_round_trip, request_round_trip

    members = sorted(
        member.client_id for member in await members_of(connection, settings, settings.kafka.request_timeout_s)
    )
    report.data["workers"] = members
    trip: dict[str, Any] = {"through_worker": bool(members), "seconds": None}
    report.data["round_trip"] = trip
    group = settings.workers.group
    if settings.kafka.read_only:
        report.note("workers", f"in group {group}: {', '.join(members) or 'none'}")
        report.note("round trip", "not tried, read-only: no request is sent")
        return
    try:
        if members:
            report.good("workers", f"in group {group}: {', '.join(members)}")
            trip["seconds"], answer = await request_round_trip(connection, settings.topics)
            report.good("round trip", f"1 + 1 = {answer}, answered in {_ms(trip['seconds'])}")
        else:
            report.note("workers", f"none in group {group}; start one: kcalc worker 0")
            trip["seconds"] = await message_round_trip(connection, settings.topics)
            report.good("round trip", f"a message there and back in {_ms(trip['seconds'])}; no worker was there to ask")
    except Denied as error:
        report.note("round trip", f"not tried, {error.args[0]}")
    except TimeoutError as error:
        report.bad("round trip", str(error))


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.1f} ms"
