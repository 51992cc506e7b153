"""`kcalc topics`."""

import json

from tests.commands.processes import Kcalc


def test_create_without_a_name_makes_the_topics_of_kcalc_once(kcalc: Kcalc, variables: dict[str, str]) -> None:
    names = [text for name, text in variables.items() if name.startswith("KCALC_TOPICS__")]
    first, second = kcalc("topics", "create"), kcalc("topics", "create", "--partitions", "9")
    assert first.stdout.splitlines() == [f"{name}: created" for name in names]
    assert second.stdout.splitlines() == [f"{name}: exists already" for name in names]
    assert (first.returncode, second.returncode) == (0, 0)


def test_list_shows_partitions_replication_retention_and_messages(kcalc: Kcalc, variables: dict[str, str]) -> None:
    requests = variables["KCALC_TOPICS__REQUESTS"]
    arguments = ["--partitions", "2", "--retention-hours", "1.5", "--retention-mb", "1"]
    assert kcalc("topics", "create", requests, *arguments).returncode == 0
    assert kcalc("send", "5", "2", "sum", "--times", "3", "--no-wait").returncode == 0
    listed = json.loads(kcalc("topics", "list", "--json").stdout)
    (topic,) = [topic for topic in listed if topic["name"] == requests]
    assert topic == {
        "name": requests,
        "partitions": 2,
        "replication": 1,
        "messages": 3,
        "retention_ms": 5_400_000,
        "retention_bytes": 1 << 20,
        "used_for": "requests",
    }
    (row,) = [line for line in kcalc("topics", "list").stdout.splitlines() if line.startswith(f"{requests} ")]
    assert row.split() == [requests, "2", "1", "3", "1.5", "h,", "1", "MiB", "a", "partition", "requests"]


def test_describe_shows_every_partition(kcalc: Kcalc, variables: dict[str, str]) -> None:
    requests = variables["KCALC_TOPICS__REQUESTS"]
    assert kcalc("send", "5", "2", "sum", "--partition", "1", "--no-wait").returncode == 0
    (topic,) = json.loads(kcalc("topics", "describe", requests, "--json").stdout)
    assert [(row["partition"], row["begin"], row["end"]) for row in topic["partition_details"]] == [
        (0, 0, 0),
        (1, 0, 1),
        (2, 0, 0),
        (3, 0, 0),
    ]
    assert topic["configs"]["retention.ms"] == "86400000"
    lines = kcalc("topics", "describe", requests).stdout.splitlines()
    assert "  partition 1  leader 1  offsets 0 to 1  messages 1" in lines


def test_a_topic_that_is_not_there_is_named_with_its_nearest(kcalc: Kcalc, variables: dict[str, str]) -> None:
    requests = variables["KCALC_TOPICS__REQUESTS"]
    assert kcalc("topics", "create").returncode == 0
    for command in ("describe", "delete"):
        run = kcalc("topics", command, f"{requests}x")
        assert run.returncode == 1
        assert f"there is no topic '{requests}x' (did you mean {requests}?)" in run.stderr


def test_create_refuses_a_topic_that_is_there_and_a_name_that_cannot_be(
    kcalc: Kcalc, variables: dict[str, str]
) -> None:
    requests = variables["KCALC_TOPICS__REQUESTS"]
    assert kcalc("topics", "create", requests).returncode == 0
    again = kcalc("topics", "create", requests)
    assert (again.returncode, again.stdout) == (1, "")
    assert f"topic {requests} exists already, with 4 partitions" in again.stderr
    wrong = kcalc("topics", "create", "a b")
    assert wrong.returncode == 2
    assert "found the text 'a b'" in wrong.stderr


def test_delete_asks_first_and_needs_yes_where_nobody_can_answer(kcalc: Kcalc, variables: dict[str, str]) -> None:
    requests = variables["KCALC_TOPICS__REQUESTS"]
    assert kcalc("topics", "create", requests).returncode == 0
    unasked = kcalc("topics", "delete", requests, stdin="y\n")
    assert unasked.returncode == 2
    assert "needs --yes" in unasked.stderr
    deleted = kcalc("topics", "delete", requests, "--yes")
    assert (deleted.returncode, deleted.stdout) == (0, f"{requests}: deleted\n")
    assert kcalc("topics", "describe", requests).returncode == 1
