"""Results as a stranger may send them: any text, any number, any time."""

from hypothesis import strategies as st

from tui.calc.messages import Result, ResultError
from tui.calc.operations import Operations
from tui.events import ReceivedResult
from tui.ledger.packing import pack
from tui.ledger.result_filter import ResultFilter
from tui.ledger.searching import Searchable

TEXT = st.text(max_size=12)
"""Without lone surrogates: no result message can hold one, see `decode_result`."""
TIME = st.floats(allow_nan=False, allow_infinity=False) | st.floats(1.6e9, 1.9e9)
WHOLE = st.integers(-1, 9) | st.integers(-(10**30), 10**30)
SEARCHABLE = Searchable(Operations.standard())


@st.composite
def results(draw: st.DrawFn) -> ReceivedResult:
    """Any result."""
    error = draw(st.none() | st.builds(ResultError, TEXT, TEXT))
    answer = Result(
        id=draw(TEXT),
        operator_1=draw(TEXT | st.integers().map(str)),
        operator_2=draw(st.none() | TEXT | st.decimals(allow_nan=False).map(str)),
        operation=draw(st.sampled_from(["sum", "mul"]) | TEXT),
        result=None if error else draw(TEXT | st.integers().map(str)),
        error=error,
        client_id=draw(st.sampled_from(["client-0", "client-1"]) | TEXT),
        partition=draw(WHOLE),
        offset=draw(WHOLE),
        attempt=draw(WHOLE),
        received_at=draw(TIME),
        finished_at=draw(TIME),
        sent_at=draw(st.none() | TIME),
    )
    key = draw(st.none() | st.binary(max_size=8) | TEXT.map(str.encode))
    return ReceivedResult(answer, draw(st.integers(0, 300)), draw(st.integers(0, 2**62)), key, draw(TIME))


def matches(wanted: ResultFilter, received: ReceivedResult) -> bool:
    """True if the filter finds this result."""
    return bool(wanted.found([pack(received)], [SEARCHABLE.text_of(received)]))
