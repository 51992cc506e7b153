"""What is packed comes back as it was, whatever a stranger sent, and takes little room."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import result
from tests.ledger.results import results
from tui.events import ReceivedResult
from tui.ledger.packing import pack, read_head, read_row, unpack


@given(results())
def test_it_comes_back_as_it_was(received: ReceivedResult) -> None:
    assert unpack(pack(received)) == received


@given(results())
def test_the_head_holds_what_the_row_holds(received: ReceivedResult) -> None:
    packed = pack(received)
    head, row = read_head(packed), read_row(packed)
    assert all(getattr(head, name) == getattr(row, name) for name in head.__struct_fields__)


@given(st.integers(2**64, 10**40))
def test_numbers_of_any_length_can_be_packed(number: int) -> None:
    received = result("a", partition=number, offset=-number)
    assert unpack(pack(received)) == received
    assert read_head(pack(received)).partition == number


def test_an_ordinary_row_takes_less_than_150_bytes() -> None:
    assert len(pack(result("5eed5eed-123456", client_id="client-11", partition=11, offset=123_456))) < 150
