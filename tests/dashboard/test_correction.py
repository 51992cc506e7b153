"""What the form takes up of a dead letter, and what it says it cannot."""

from msgspec.structs import replace

from tests.dashboard.seeded import seeded_letters
from tui.calc.operations import Operations
from tui.dashboard.correction import correction
from tui.events import DeadLetterReceived


def taken_up(letter: DeadLetterReceived) -> tuple[str, str | None, str, str]:
    found = correction(letter, Operations.standard(), 100, 10)
    return found.x, found.operation, found.y, found.words


def test_what_can_be_read_is_taken_up_and_the_rest_is_said() -> None:
    five = seeded_letters()[1]
    assert taken_up(five) == ("five", "mul", "2", "in place of dead letter 1@390")
    garbage = "in place of dead letter 1@390; not to be read: x operation y"
    assert taken_up(replace(five, value=b"\xff")) == ("", None, "", garbage)
    assert taken_up(replace(five, value=b'{"operator_1":"\\u001b","operation":"nope"}')) == ("", None, "", garbage)
    endless = f'{{"operator_1":"{"5" * 101}","operator_2":2,"operation":"sum"}}'.encode()
    assert taken_up(replace(five, value=endless))[:3] == ("", "sum", "2")
    assert taken_up(replace(five, value=b'{"operator_1":"x","operation":"sqrt"}'))[3] == "in place of dead letter 1@390"


def test_a_key_that_no_field_can_show_is_kept() -> None:
    for key, typed in ((b"blue", "blue"), (b"\xff", None), (b"x" * 11, None), (None, ""), (b"", None)):
        found = correction(replace(seeded_letters()[1], key=key), Operations.standard(), 100, 10)
        assert found.typed_key == typed
        assert (None if found.key is None else found.key.encode(errors="surrogateescape")) == key
