"""The commands together, as a person uses them; and Kafka's own programs, which see what kcalc says."""

import json
import signal
import time
from pathlib import Path

from tests.commands.processes import Kcalc
from tests.kafka_cluster import WITHIN_S
from tests.real_kafka import run_tool
from tui.clients.connection import Connection
from tui.clients.group import Observer
from tui.commands.round_trip import TRIPS
from tui.events import GroupObserved, Link, LinkChanged
from tui.ledger.ledger import Ledger
from tui.ledger.partitions import lag_of
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

WORKERS = ["client-0", "client-1"]


def test_from_the_first_topic_to_the_last_everything_is_said_in_json_and_in_exit_codes(
    kcalc: Kcalc, variables: dict[str, str]
) -> None:
    names = [text for name, text in variables.items() if name.startswith("KCALC_TOPICS__")]
    assert kcalc("topics", "create").returncode == 0
    with kcalc.start("worker", "0", "1") as worker:
        for _ in WORKERS:
            worker.err_until("idle")
        doctor = kcalc("doctor", "--json")
        found = json.loads(doctor.stdout)
        assert (doctor.returncode, found["trouble"], found["workers"]) == (0, [], WORKERS)
        sent = kcalc("send", "0.1", "0.2", "sum", "--times", "20", "--json")
        answers = [json.loads(line) for line in sent.stdout.splitlines()]
        assert (sent.returncode, sent.stderr) == (0, "")
        assert [answer["result"] for answer in answers] == ["0.3"] * 20
        assert {answer["client_id"] for answer in answers} == set(WORKERS)
        assert worker.stop()[0] == 0
    read = kcalc("results", "--from-beginning", "--json")
    stored = {row["id"]: row for row in map(json.loads, read.stdout.splitlines())}
    assert (read.returncode, read.stderr, len(stored)) == (0, "", TRIPS + 20)
    assert [stored[answer["id"]] for answer in answers] == answers
    unanswered = kcalc("send", "5", "2", "sum", "--timeout", "0.5", "--json")
    assert (unanswered.returncode, unanswered.stdout) == (3, "")
    described = kcalc("topics", "describe", "--json")
    messages = {topic["name"]: topic["messages"] for topic in json.loads(described.stdout)}
    assert messages == dict(zip(names, (TRIPS + 21, TRIPS + 20, 0), strict=True))
    assert kcalc("topics", "delete", "--yes", *names).returncode == 0
    listed = kcalc("topics", "list", "--json")
    assert listed.returncode == 0
    assert {topic["name"] for topic in json.loads(listed.stdout)} & set(names) == set()


def settings_of(variables: dict[str, str], bootstrap_servers: str) -> Settings:
    """What the commands of this test run with."""
    requests, results, dead_letters = (
        variables[f"KCALC_TOPICS__{name}"] for name in ("REQUESTS", "RESULTS", "DEAD_LETTERS")
    )
    return Settings(
        kafka=KafkaSettings(bootstrap_servers=bootstrap_servers),
        topics=TopicSettings(requests=requests, results=results, dead_letters=dead_letters),
        workers=WorkerSettings(group=variables["KCALC_WORKERS__GROUP"]),
    )


async def observed(settings: Settings, lag: int) -> GroupObserved:
    """What kcalc sees of the group, once this many requests wait: commits come a moment after the answers."""
    observer = Observer(Connection(settings.kafka, settings.kafka.bootstrap_servers), settings, time.time)
    deadline = time.monotonic() + WITHIN_S
    try:
        while True:
            group = (await observer.look(WITHIN_S)).group
            lags = [lag_of(place) for place in group.partitions]
            if sum(each or 0 for each in lags) == lag:
                return group
            assert time.monotonic() < deadline, f"{lags} wait, not {lag} in all"
    finally:
        await observer.close()


def group_by_kafkas_tool(settings: Settings) -> dict[int, tuple[str, ...]]:
    """By partition: committed offset, end, lag and client id, as `kafka-consumer-groups.sh` prints them."""
    servers, group = settings.kafka.bootstrap_servers, settings.workers.group
    run = run_tool("kafka-consumer-groups", "--bootstrap-server", servers, "--describe", "--group", group)
    assert run.returncode == 0, run.stdout + run.stderr
    rows = [line.split() for line in run.stdout.splitlines() if line.startswith(f"{group} ")]
    assert {row[1] for row in rows} == {settings.topics.requests}
    return {int(row[2]): (*row[3:6], row[8]) for row in rows}


def members_by_kafkas_tool(settings: Settings) -> set[tuple[str, ...]]:
    """Of each member its id, host, client id and partitions, as Kafka's program prints them."""
    servers, group = settings.kafka.bootstrap_servers, settings.workers.group
    options = ("--bootstrap-server", servers, "--describe", "--group", group, "--members", "--verbose")
    run = run_tool("kafka-consumer-groups", *options)
    assert run.returncode == 0, run.stdout + run.stderr
    titles, *rows = [line.split() for line in run.stdout.splitlines() if line.split()]
    wanted = [titles.index(title) for title in ("CONSUMER-ID", "HOST", "CLIENT-ID", "CURRENT-ASSIGNMENT")]
    return {tuple(row[index] for index in wanted) for row in rows}


def members_by_kcalc(settings: Settings, group: GroupObserved) -> set[tuple[str, ...]]:
    """The same, as kcalc sees it."""
    return {
        (
            member.member_id,
            member.host,
            member.client_id,
            f"{settings.topics.requests}:{','.join(map(str, member.partitions))}",
        )
        for member in group.members
    }


def group_by_kcalc(group: GroupObserved) -> dict[int, tuple[str, ...]]:
    """The same, as the dashboard of kcalc shows it."""
    ledger = Ledger("nobody")
    ledger.apply(LinkChanged(Link.CONNECTED, "", group.at))
    ledger.apply(group)
    rows = ledger.figures(group.at).partitions
    return {row.partition: (str(row.committed), str(row.end), str(row.lag), row.owner or "-") for row in rows}


def ends_by_kafkas_tool(settings: Settings) -> dict[tuple[str, int], int]:
    """The end of each partition of kcalc's topics, as `kafka-get-offsets.sh` prints it."""
    pattern = f"{settings.workers.group}[.].*"
    run = run_tool("kafka-get-offsets", "--bootstrap-server", settings.kafka.bootstrap_servers, "--topic", pattern)
    assert run.returncode == 0, run.stdout + run.stderr
    rows = [line.split(":") for line in run.stdout.splitlines()]
    return {(topic, int(partition)): int(end) for topic, partition, end in rows}


async def test_kafkas_own_programs_see_the_offsets_the_lag_and_the_owners_that_kcalc_sees(
    tmp_path: Path, variables: dict[str, str], bootstrap_servers: str
) -> None:
    kcalc = Kcalc(tmp_path, {**variables, "KCALC_WORKERS__SESSION_TIMEOUT_S": "60"})  # it will stand still for less
    settings = settings_of(variables, bootstrap_servers)
    with kcalc.start("worker", "0", "1") as worker:
        for _ in WORKERS:
            worker.err_until("idle")
        assert kcalc("send", "5", "2", "sum", "--times", "10").returncode == 0
        assert kcalc("send", "5", "2", "sum", "--times", "3", "--partition", "1").returncode == 0
        await observed(settings, lag=0)
        worker.process.send_signal(signal.SIGSTOP)
        assert kcalc("send", "5", "2", "sum", "--times", "5", "--no-wait").returncode == 0
        group = await observed(settings, lag=5)
        assert sum(place.committed or 0 for place in group.partitions) == 13
        assert sorted(member.client_id for member in group.members) == WORKERS
        assert group_by_kafkas_tool(settings) == group_by_kcalc(group)
        assert members_by_kafkas_tool(settings) == members_by_kcalc(settings, group)
        assert ends_by_kafkas_tool(settings) == {
            (topic["name"], row["partition"]): row["end"]
            for topic in json.loads(kcalc("topics", "describe", "--json").stdout)
            for row in topic["partition_details"]
        }
