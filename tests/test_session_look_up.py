"""What a session tells of one of its requests: where it is stored and when, and the records themselves."""

import pytest

from tests.kafka_cluster import Cluster, fresh_settings, joined, running, settled, until
from tui.calc.messages import decode_request, decode_result
from tui.ledger.trace import Evidence, trace
from tui.session import LookUpFailed, Session
from tui.settings import Settings


async def test_the_trace_of_an_own_request_is_complete_and_its_records_can_be_read(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        await until(lambda: joined(session, 1))
        session.send("5", "sum", "2", times=3, key="a", partition=2)
        await until(lambda: settled(session))
        row = session.results[session.results.total - 1]
        result, evidence = row.result, Evidence.of(row)
        evidence.read(session.results)
        own = session.ledger.own_requests.find(result.partition, result.offset, result.id)
        known = trace(evidence, own, session.ledger.figures(row.at).rebalances)
        assert (known.partition, known.offset, len(known.deliveries)) == (2, 2, 1)
        assert known.ahead is not None
        assert known.ahead.exact
        assert known.own is not None
        assert known.own.stored is not None
        assert (known.own.chosen, known.own.stored.partition, known.own.stored.offset) == (2, 2, 2)
        request = await session.look_up(settings.topics.requests, 2, 2)
        answer = await session.look_up(settings.topics.results, row.result_partition, row.result_offset)
    assert request is not None
    assert (request.key, decode_request(request.value).id) == (b"a", result.id)
    assert answer is not None
    assert decode_result(answer.value) == result


async def test_before_it_is_connected_nothing_can_be_looked_up() -> None:
    with pytest.raises(LookUpFailed, match="not connected"):
        await Session(Settings()).look_up("kcalc.requests", 0, 0)
