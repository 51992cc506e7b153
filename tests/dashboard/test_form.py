"""The request form in the running dashboard: what is typed, checked, sent, kept and remembered."""

import re
import time

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.dashboard.fakes import FakeSession, Sent
from tests.dashboard.shown import form, opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.widgets.field import Field
from tui.dashboard.widgets.operation_select import OperationSelect, operation_for

ONE = Sent("0.1", "sum", "0.2", times=1, key=None, partition=None)


def field(app: KcalcApp, name: str) -> Field:
    return form(app).query_one(f"#field-{name}", Field)


def value(app: KcalcApp, name: str) -> str:
    return form(app).query_one(f"#{name}", Input).value


async def paste(app: KcalcApp, pilot: Pilot[None], text: str) -> None:
    app.post_message(events.Paste(text))
    await pilot.pause()


async def test_two_numbers_and_enter_are_a_request(session: FakeSession) -> None:
    async with opened(session) as (_, pilot):
        await pilot.press(*"0.1", "tab", "tab", *"0.2", "enter")
        await until(lambda: session.sent == [ONE])


async def test_the_operation_starts_at_sum(session: FakeSession) -> None:
    async with opened(session) as (app, _):
        assert app.screen.query_one(OperationSelect).value == "sum"


async def test_what_is_typed_right_after_tab_goes_into_the_next_field(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        for key in ("1", "tab", "asterisk", "tab", "2", "tab", "3"):
            app.post_message(events.Key(key, "*" if key == "asterisk" else key if len(key) == 1 else None))
        await until(lambda: value(app, "times") == "3")
        await pilot.press("enter")
        await until(lambda: session.sent == [Sent("1", "mul", "2", times=3, key=None, partition=None)])


async def test_what_is_typed_right_after_backspace_comes_after_it(session: FakeSession) -> None:
    async with opened(session) as (app, _):
        for key in ("1", "2", "3", "backspace", "backspace", "4", "5"):
            app.post_message(events.Key(key, key if len(key) == 1 else "\x7f"))
        await until(lambda: value(app, "x").endswith("5"))
        assert value(app, "x") == "145"


@pytest.mark.parametrize(
    ("key", "expected"), [("ctrl+u", "45"), ("ctrl+a", "45123"), ("ctrl+w", "45"), ("left", "12453"), ("home", "45123")]
)
async def test_keys_of_one_burst_act_in_the_order_they_were_typed(
    session: FakeSession, key: str, expected: str
) -> None:
    async with opened(session) as (app, _):
        for typed in ("1", "2", "3", key, "4", "5"):
            app.post_message(events.Key(typed, typed if len(typed) == 1 else None))
        await until(lambda: "45" in value(app, "x"))
        assert value(app, "x") == expected


async def test_what_is_wrong_is_said_once_and_at_its_field_in_every_window(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("tab", "tab", *"abc")
        for size in ((80, 24), (120, 40), (60, 20), (160, 45), (100, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            said = [row for row in screen_text(app).splitlines() if "not a number" in row]
            assert len(said) == 1, size
            if size[0] < 120:
                assert said[0].index("not a number") >= form(app).query_one("#y").region.x, size


async def test_a_wide_window_says_where_the_request_will_go(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        await until(lambda: re.search(r"will go +p0 \(client-0\)", screen_text(app)))
        app.screen.query_one("#key").focus()
        await pilot.press("a")
        await until(lambda: re.search(r"will go +p1 \(client-1\)", screen_text(app)))
        app.screen.query_one("#partition").focus()
        await pilot.press("2")
        await until(lambda: re.search(r"will go +p2 \(client-2\)", screen_text(app)))
        await pilot.press("9")
        await until(lambda: "will go" not in screen_text(app))


async def test_many_requests_without_a_key_go_to_every_partition(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        app.screen.query_one("#times").focus()
        await pilot.press("backspace", *"500")
        await until(lambda: re.search(r"will go +to all partitions in turn", screen_text(app)))


async def test_enter_sends_in_every_field(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press(*"0.1", "tab", "tab", *"0.2")
        for sent, name in enumerate(("x", "operation", "y", "times", "send"), start=1):
            app.screen.query_one(f"#{name}").focus()
            await pilot.press("enter")
            await pilot.pause()
            assert session.sent == [ONE] * sent, name


async def test_a_click_on_send_sends(session: FakeSession) -> None:
    async with opened(session) as (_, pilot):
        await pilot.press(*"0.1", "tab", "tab", *"0.2")
        await pilot.click("#send")
        await until(lambda: session.sent == [ONE])


async def test_the_values_stay_and_the_next_one_typed_replaces_the_focused(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press(*"0.1", "tab", "tab", *"0.2", "enter")
        await until(lambda: len(session.sent) == 1)
        assert (value(app, "x"), value(app, "y")) == ("0.1", "0.2")
        await pilot.press("7", "enter")
        await until(lambda: len(session.sent) == 2)
        assert session.sent[1].y == "7"


async def test_times_sends_that_many(session: FakeSession) -> None:
    async with opened(session) as (_, pilot):
        await pilot.press("1", "tab", "tab", "2", "tab", *"500", "enter")
        await until(lambda: [sent.times for sent in session.sent] == [500])


async def test_an_operation_of_one_operand_leaves_y_out(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press(*"16", "tab", "tab", *"abc", "shift+tab", *"sq")
        assert app.screen.query_one(OperationSelect).value == "sqrt"
        assert field(app, "y").disabled
        await pilot.press("enter")
        await until(lambda: session.sent == [Sent("16", "sqrt", None, times=1, key=None, partition=None)])
        await pilot.press("plus")
        assert not field(app, "y").disabled


async def test_the_list_of_operations_opens_with_space_and_enter_chooses(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        select = app.screen.query_one(OperationSelect)
        select.focus()
        await pilot.press("space", "down", "down", "enter")
        assert select.value == "mul"
        assert not select.expanded
        assert session.sent == []


@pytest.mark.parametrize(
    ("typed", "current", "name"),
    [
        ("+", "mul", "sum"), ("-", "sum", "sub"), ("*", "sum", "mul"), ("/", "sum", "div"), ("%", "sum", "mod"),
        ("^", "sum", "pow"), ("!", "sum", "fact"), ("m", "sum", "mul"), ("m", "mul", "mod"), ("M", "max", "mul"),
        ("sq", "sub", "sqrt"), ("max", "sum", "max"), ("sx", "sum", None), ("z", "sum", None), ("7", "sum", None),
    ],
)  # fmt: skip
def test_a_typed_character_means_an_operation(session: FakeSession, typed: str, current: str, name: str | None) -> None:
    assert operation_for(typed, session.operations, current) == name


async def test_what_is_no_number_is_said_while_typing_and_not_sent(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        for bad in ("abc", "NaN", "Infinity", "1e999999", "\uff11\uff12", "1 2", "[bold]5[/]", "0x10"):
            field(app, "x").input.value = ""
            await paste(app, pilot, bad)
            assert field(app, "x").has_class("-wrong"), bad
            assert " ".join(field(app, "x").problem.split()[:2]) in screen_text(app), bad
            await pilot.press("tab", "tab", "1", "enter")
            await pilot.pause()
            assert app.focused is field(app, "x").input, bad
        assert session.sent == []


@pytest.mark.parametrize("bad", ["", " ", "-", "1e"])
async def test_what_is_not_finished_is_wrong_only_when_it_is_sent(session: FakeSession, bad: str) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("1", "tab", "tab")
        await paste(app, pilot, bad)
        assert field(app, "y").problem == ""
        await pilot.press("enter")
        await pilot.pause()
        assert field(app, "y").problem
        assert session.sent == []


async def test_an_impossible_times_is_said_below_the_line_and_not_sent(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("1", "tab", "tab", "2", "tab")
        for bad in ("0", "-1", "1000000000", "10_000", "1.5", "x"):
            field(app, "times").input.value = ""
            await paste(app, pilot, bad)
            assert "times: only digits, 1 to 1,000,000" in screen_text(app), bad
            await pilot.press("enter")
        await pilot.pause()
        assert session.sent == []


async def test_a_million_pasted_digits_are_refused_at_once(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        started = time.monotonic()
        await paste(app, pilot, "9" * 1_000_000)
        assert time.monotonic() - started < 2
        assert "x: 1,000,000 characters: at most 10,100" in screen_text(app)
        assert value(app, "x") == ""
        await pilot.press("5")
        assert field(app, "x").problem == ""


async def test_a_value_cannot_be_typed_beyond_its_bound(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await paste(app, pilot, "9" * 10_100)
        await pilot.press("9")
        await pilot.pause()
        assert len(value(app, "x")) == 10_100
        assert "too long: at most 10,100" in screen_text(app)


async def test_a_wrong_field_is_right_again_once_it_is_mended(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("5", "x")
        assert "x: not a number" in screen_text(app)
        await pilot.press("backspace")
        await pilot.pause()
        assert "not a number" not in screen_text(app)


async def test_up_and_down_walk_through_what_was_sent(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("1", "tab", "tab", "9", "enter", *"8", "enter", *"7")
        await until(lambda: len(session.sent) == 2)
        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await pilot.press(key)
            seen.append(value(app, "y"))
        assert seen == ["8", "9", "9", "8", "7"]


async def test_key_and_partition_are_sent_only_where_they_can_be_seen(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (_, pilot):
        await pilot.press("1", "tab", "tab", "2", "tab", "tab", "k", "tab", "3", "enter")
        await until(lambda: session.sent == [Sent("1", "sum", "2", times=1, key="k", partition=3)])
        await pilot.resize_terminal(80, 24)
        await pilot.press("f2", "enter")
        await until(lambda: session.sent[1:] == [Sent("1", "sum", "2", times=1, key=None, partition=None)])


async def test_a_partition_that_does_not_exist_is_not_sent(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        await pilot.press("1", "tab", "tab", "2", "tab", "tab", "tab", "4", "enter")
        await pilot.pause()
        assert field(app, "partition").problem == "0 to 3, or empty for auto"
        assert session.sent == []
