"""Added operations run code that the owner of config.yml chose; no message can add one, or name code to run."""

import json
import sys
import uuid
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.kafka_cluster import Cluster, EventLog, connection_to, fresh_settings, running, until
from tui.clients.connection import closed, started
from tui.events import ResultsReceived

MODULE = f"canary_{uuid.uuid4().hex[:8]}"


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module that can be imported, and the file that it makes when it is."""
    marker = tmp_path / "imported"
    text = f"open({str(marker)!r}, 'w').close()\n\ndef double(x):\n    return 2 * x\n"
    (tmp_path / f"{MODULE}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[2]}")  # also for processes of the workers
    return marker


async def answers(cluster: Cluster, operations: dict[str, str], requests: list[dict[str, object]]) -> dict[str, str]:
    """The result, or the code of the error, of each request by its id, with these operations configured."""
    settings = replace(fresh_settings(cluster, count=1), operations=operations)
    events = EventLog()
    async with running(settings, on_event=events):
        producer = connection_to(cluster).producer("test")
        try:
            await started(producer)
            batch = producer.create_batch()
            for request in requests:
                batch.append(timestamp=None, key=None, value=json.dumps(request).encode())
            batch.close()
            await (await producer.send_batch(batch, settings.topics.requests, partition=0))
        finally:
            await closed(producer, 1.0)
        await until(lambda: sum(len(event.results) for event in events.of(ResultsReceived)) == len(requests))
    results = [received.result for event in events.of(ResultsReceived) for received in event.results]
    return {each.id: each.error.code if each.error else str(each.result) for each in results}


def was_imported(marker: Path) -> bool:
    """True if the module was imported, here or in a process of a worker."""
    return marker.exists()


async def test_a_message_can_neither_add_an_operation_nor_name_code_to_run(cluster: Cluster, imported: Path) -> None:
    reference = f"{MODULE}:double"
    named: list[dict[str, object]] = [
        {"operation": reference},
        {"operation": f"{MODULE}.double"},
        {"operation": "double", "operations": {"double": reference}},
        {"operation": "double", "added": reference, "module": MODULE, "function": "double"},
        {"operation": "math:hypot"},
        {"operation": "builtins:eval"},
        {"operation": "__import__"},
    ]
    requests = [{"id": str(number), "operator_1": "21", **each} for number, each in enumerate(named)]
    assert set((await answers(cluster, {}, requests)).values()) == {"unknown_operation"}
    assert not was_imported(imported)
    assert MODULE not in sys.modules


async def test_the_same_code_runs_when_the_configuration_names_it(cluster: Cluster, imported: Path) -> None:
    request: dict[str, object] = {"id": "a", "operator_1": "21", "operation": "double"}
    assert await answers(cluster, {"double": f"{MODULE}:double"}, [request]) == {"a": "42"}
    assert was_imported(imported)
