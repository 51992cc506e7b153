"""One table of keys: nothing is bound twice, nothing that can be typed acts inside a field."""

from collections.abc import Iterator

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character

from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.keys import Where
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.widgets.history_input import HistoryInput
from tui.dashboard.widgets.letter_lists import LetterList
from tui.dashboard.widgets.pick_list import PickList
from tui.dashboard.widgets.raw_view import RawView
from tui.dashboard.widgets.request_form import RequestForm
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.worker_keys import WorkerKeys

OWNERS: tuple[type[DOMNode], ...] = (
    KcalcApp, LiveScreen, RequestForm, HistoryInput, ResultsLog, WorkerKeys, PickList, LetterList, RawView, ClusterView,
)  # fmt: skip


def own_bindings() -> Iterator[tuple[type[DOMNode], Binding]]:
    for owner in OWNERS:
        for binding in owner.__dict__["BINDINGS"]:
            assert isinstance(binding, Binding)
            yield owner, binding


@pytest.mark.parametrize("in_form", [True, False])
def test_no_two_actions_that_can_act_together_share_a_key(in_form: bool) -> None:
    acting = {key.id for key in keys.KEYS if key.where is Where.ANYWHERE or (key.where is Where.FORM) == in_form}
    used = [name for key_id, text in keys.effective({}).items() if key_id in acting for name in text.split(",")]
    assert len(used) == len(set(used))


def test_a_key_of_the_form_may_do_something_else_outside_it() -> None:
    assert keys.effective({"older": "f5", "hold": "f5"})["hold"] == "f5"


def test_every_key_of_the_table_is_bound_where_its_action_is() -> None:
    bound = {binding.id: (owner, binding.action) for owner, binding in own_bindings() if binding.id}
    assert set(bound) == set(keys.BY_ID)
    for key_id, (owner, action) in bound.items():
        assert action == keys.BY_ID[key_id].action
        method = "action_" + action.partition("(")[0].removeprefix("app.")
        assert hasattr(KcalcApp if action.startswith("app.") else owner, method)


def test_no_key_that_can_be_typed_acts_inside_a_field() -> None:
    for key in keys.KEYS:
        if key.priority:
            assert not (key_to_character(key.keys) or "\0").isprintable()


def test_keys_that_terminals_cannot_tell_from_others_are_not_used() -> None:
    unusable = {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+enter"}
    assert not unusable & {key.keys for key in keys.KEYS}


@pytest.mark.parametrize(
    ("written", "shown"),
    [("f2", "f2"), ("ctrl+p", "^p"), ("question_mark", "?"), ("escape", "esc"), ("n,ctrl+n", "n")],
)
def test_a_key_is_shown_as_people_write_it(written: str, shown: str) -> None:
    assert keys.shown(written) == shown


@pytest.mark.parametrize("key", ["b", "E", "f13", "shift+f3", "ctrl+t", "alt+x", "ctrl+slash", "plus", "+", "é", "end"])
def test_every_key_that_a_terminal_sends_can_be_chosen(key: str) -> None:
    assert keys.effective({"add_worker": key})["add_worker"] == key


def test_a_keymap_moves_an_action_to_another_key() -> None:
    assert keys.effective({"add_worker": "b"})["add_worker"] == "b"


@pytest.mark.parametrize(
    ("keymap", "words"),
    [
        ({"fly": "f"}, "no action 'fly'; actions are form, next, "),
        ({"add_worker": ""}, "dashboard.keys.add_worker: found ''"),
        ({"add_worker": "q"}, "'q' is used for both add_worker and quit"),
        ({"help": "w"}, "'w' is used for both add_worker and help"),
        ({"add_worker": "?"}, "'question_mark' is used for both"),
        ({"form": "g"}, "'g' could not be typed any more"),
        ({"quit_now": "space"}, "'space' could not be typed any more"),
        ({"form": "/"}, "'slash' could not be typed any more"),
        ({"leave": "b"}, "'b' would be typed"),
        ({"add_worker": "escape"}, "'escape' is used for both leave and add_worker"),
        ({"leave": "f1"}, "'f1' is used for both leave and help_now"),
        ({"explain": "F3"}, "dashboard.keys.explain: 'F3' is no key"),
        ({"explain": "ctrl+E"}, "'ctrl+E' is no key"),
        ({"explain": "f3, control+t"}, "'control+t' is no key"),
        ({"explain": "shift+e"}, "'shift+e' is no key"),
        ({"explain": "ctrl+i"}, "'ctrl+i' is the same as tab for a terminal"),
        ({"explain": "ctrl+c"}, "'ctrl+c' copies"),
        ({"hold": "up"}, "'up' moves inside a panel"),
    ],
)
def test_an_impossible_keymap_is_refused_in_words(keymap: dict[str, str], words: str) -> None:
    with pytest.raises(keys.KeymapError) as refused:
        keys.effective(keymap)
    assert words in str(refused.value)
