"""A request whose whole way is known, for the tests of its trace."""

from msgspec.structs import replace

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, received, seeded_results
from tui.clients.look_up import Looked
from tui.events import ReceivedResult

REQUEST = b'{"operator_1":"8","operator_2":"8","operation":"mul","id":"5eed5eed-376"}'


ROW = seeded_results()[3]
"""8 x 8 of the frames: p1@376, waited 880 ms, ran 81 ms."""


def again(client_id: str = "client-2") -> ReceivedResult:
    made = received(
        "8", "mul", "8", "64", client_id=client_id, partition=1, offset=376, attempt=2, run_s=0.081, at=NOON + 9
    )
    return replace(made, result=replace(made.result, sent_at=ROW.result.sent_at))


def remembered(session: FakeSession) -> FakeSession:
    session.results.extend(seeded_results())
    session.ledger.own_requests.asked(376, 1, None, NOON - 1.961)
    session.ledger.own_requests.stored([376], 1, 376, NOON - 1.957)
    headers = (("traceparent", b"00-5eed"),)
    session.records["kcalc.requests", 1, 376] = Looked(b"a", REQUEST, headers, NOON - 1.961)
    session.records["kcalc.results", 1, 376] = Looked(b"a", b"\x00\xff no JSON", (), NOON)
    return session


OPEN = ("escape", "down", "down", "down", "enter")
