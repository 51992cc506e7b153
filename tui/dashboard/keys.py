"""Every key of the dashboard as data: one table makes the bindings, the key line, the help and the keymap."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType
from textual.keys import format_key

from tui.dashboard.key_names import character_of, complaint


class Where(StrEnum):
    """What must have the focus for a key to act, in the words of the help."""

    ANYWHERE = "anywhere"
    PANELS = "outside the fields"
    FORM = "in the form"
    SMALL = "in a small window, which shows one panel at a time"
    RESULTS = "in the results"
    WORKER = "on a worker"
    LETTER = "on a dead letter"
    CLUSTER = "in the cluster view"


@dataclass(frozen=True, slots=True)
class Key:
    """One action and the keys that start it.

    `id` is its name in config.yml (`dashboard.keys`), `keys` Textual's key names separated by commas, `label` its word
    on the key line. The key line drops the highest `rank` first when the window is narrow; 0 is never on the key line.
    `priority` keys act even inside a field, so none of them may be a plain character. (Tab is one of them because
    Textual finds other keys only after the focused widget declined them: what is typed right after would be lost.)
    Those that write (`writes`) are not offered where kcalc only watches.
    """

    id: str
    keys: str
    action: str
    label: str
    tooltip: str
    where: Where
    rank: int = 0
    priority: bool = False
    writes: bool = False

    def binding(self) -> Binding:
        """This key for Textual, with the id by which a keymap finds it."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.rank > 0,
            tooltip=self.tooltip,
            id=self.id,
            priority=self.priority,
        )


KEYS: tuple[Key, ...] = (
    Key("form", "f2", "focus_form", "form", "Type a request", Where.ANYWHERE, 2, True, writes=True),
    Key("next", "tab", "app.focus_next", "next", "The next field or panel", Where.ANYWHERE, 0, True),
    Key("previous", "shift+tab", "app.focus_previous", "previous", "The one before", Where.ANYWHERE, 0, True),
    Key("send", "enter", "submit", "send", "Send the request", Where.FORM, 2, writes=True),
    Key("older", "up", "older", "older", "The value sent before", Where.FORM, 8),
    Key("newer", "down", "newer", "newer", "The value sent after it", Where.FORM),
    Key("leave", "escape", "leave", "panels", "Leave the form, or this view", Where.FORM, 5),
    Key("next_panel", "v", "next_panel", "next panel", "Partitions, results, workers in turn", Where.SMALL, 6),
    Key("live", "1", "view('live')", "live", "Who owns what, and what comes back", Where.PANELS, 3),
    Key("workers", "2", "view('workers')", "workers", "All workers, and one of them from near", Where.PANELS, 3),
    Key("events", "3", "view('events')", "events", "Every rebalance and what it cost", Where.PANELS, 3),
    Key("dead_letters", "4", "view('dead_letters')", "dead letters", "What was no request, and why", Where.PANELS, 3),
    Key("cluster", "5", "view('cluster')", "cluster", "Brokers, topics, groups and permissions", Where.PANELS, 3),
    Key("add_worker", "w", "add_worker", "add worker", "Start one more worker", Where.PANELS, 4, writes=True),
    Key("worker_pause", "p", "pause", "pause/resume", "Pause or resume this worker", Where.WORKER, 3, writes=True),
    Key("worker_stop", "x", "stop", "stop/start", "Stop or start this worker", Where.WORKER, 3, writes=True),
    Key(
        "worker_kill",
        "k",
        "kill",
        "kill",
        "End this worker as kill -9 would, and see what it costs",
        Where.WORKER,
        7,
        writes=True,
    ),
    Key(
        "worker_restart", "n", "restart", "restart", "Let this worker leave and join anew", Where.WORKER, 8, writes=True
    ),
    Key("worker_slow", "z", "slow", "slow", "Let this worker wait before each request", Where.WORKER, 8, writes=True),
    Key("create_topic", "m", "create_topic", "make", "Make a topic", Where.CLUSTER, 3, writes=True),
    Key(
        "add_partitions",
        "a",
        "add_partitions",
        "partitions",
        "Add some to the selected topic",
        Where.CLUSTER,
        3,
        writes=True,
    ),
    Key(
        "delete_topic",
        "d",
        "delete_topic",
        "delete",
        "Delete the selected topic of kcalc",
        Where.CLUSTER,
        3,
        writes=True,
    ),
    Key("hold", "space", "pause", "hold", "Hold the results still, or let them run", Where.PANELS, 6),
    Key("filter", "slash", "filter", "filter", "Show only some of the results", Where.PANELS, 6),
    Key("open", "enter", "open", "open", "Look at what is selected", Where.PANELS, 5),
    Key(
        "send_again",
        "g",
        "send_again",
        "send again",
        "Send this dead letter once more, as it was",
        Where.LETTER,
        3,
        writes=True,
    ),
    Key("correct", "f", "correct", "correct", "Send it once more, corrected in the form", Where.LETTER, 3, writes=True),
    Key("trace", "y", "trace_letter", "trace", "The way of its request, to its refusal", Where.LETTER, 4),
    Key("copy", "c", "copy", "copy", "Copy this row", Where.RESULTS, 7),
    Key("regroup", "o", "regroup", "by worker", "Rows by worker, or by partition again", Where.PANELS, 8),
    Key("follow", "home", "follow", "newest", "Go to the newest result and follow", Where.RESULTS, 7),
    Key("save", "s", "app.save_results", "save", "Save what is shown to a file", Where.RESULTS, 8),
    Key("jump", "t", "app.jump_results", "go to time", "Go to the results of a time", Where.RESULTS, 8),
    Key("explain", "e", "explain", "explain", "Why it is so, and what helps", Where.PANELS, 7),
    Key("repeat", "r", "repeat", "repeat", "Send the last request again", Where.PANELS, 7, writes=True),
    Key("raw", "h", "switch_raw", "JSON/bytes", "See a raw value as JSON or as bytes", Where.PANELS, 6),
    Key("help", "question_mark", "help", "help", "What every key does", Where.PANELS, 2),
    Key("help_now", "f1", "help", "help", "What every key does", Where.ANYWHERE, 6, True),
    Key("commands", "ctrl+p", "command_palette", "commands", "Find a command", Where.ANYWHERE, 5, True),
    Key("quit", "q", "quit", "quit", "Stop the workers and leave", Where.PANELS, 1),
    Key("quit_now", "ctrl+q", "quit", "quit", "Stop the workers and leave", Where.ANYWHERE, 1, True),
)
BY_ID: Mapping[str, Key] = {key.id: key for key in KEYS}
_BOTH = {"leave"}
"""It leaves the form, and it closes boxes and views."""
VIEWS = ("live", "workers", "events", "dead_letters", "cluster")
"""The keys that lead from view to view. On the key line they stand together: each by its name, or all as one part."""
VIEWS_RANK = 2
"""Of that part, which takes little room."""


class KeymapError(ValueError):
    """`dashboard.keys` of config.yml names an unknown action, an impossible key or one key for two actions."""


def bindings(*ids: str) -> list[BindingType]:
    """The bindings of these actions, for a `BINDINGS` of the widget or screen that has their `action_…` methods."""
    return [BY_ID[key_id].binding() for key_id in ids]


def shown(keys: str, ascii: bool = False) -> str:
    """The first of `keys` as a person reads it: `f2`, `^p`, `?`; with `ascii` no sign such as `⏎` but its name."""
    key = keys.split(",")[0].strip()
    modifiers, _, last = key.rpartition("+")
    text = "^" + format_key(last) if modifiers == "ctrl" else format_key(key)
    return key if ascii and not text.isascii() else text


def effective(overrides: Mapping[str, str]) -> dict[str, str]:
    """The keys of every action (`id -> keys`) after `overrides` of config.yml.

    Raises `KeymapError`: unknown action, no key, one that cannot be, a plain character for what acts inside fields, a
    key used twice.
    """
    for key_id, keys in overrides.items():
        if key_id not in BY_ID:
            raise KeymapError(f"dashboard.keys: no action {key_id!r}; actions are {', '.join(BY_ID)}")
        if not all(part.strip() for part in keys.split(",")):
            raise KeymapError(f"dashboard.keys.{key_id}: found {keys!r}, allowed are keys such as f3, ctrl+t or n")
        for key in _names(keys):
            if why := complaint(key, BY_ID[key_id].where is Where.FORM):
                raise KeymapError(f"dashboard.keys.{key_id}: {key!r} {why}")
    result = {key.id: overrides.get(key.id, key.keys) for key in KEYS}
    _refuse_typed(result)
    _refuse_shared(result)
    return result


def offered(key_names: Mapping[str, str], read_only: bool) -> dict[str, str]:
    """The keys to show: `key_names` (`id -> keys`), without those that write if kcalc only watches."""
    return {key_id: keys for key_id, keys in key_names.items() if not (read_only and BY_ID[key_id].writes)}


def _names(keys: str) -> list[str]:
    """Textual's names of the keys in a list such as "?, ctrl+t"."""
    return [binding.key for binding in Binding.make_bindings([(keys, "none")])]


def _refuse_typed(keys: Mapping[str, str]) -> None:
    for key_id, text in keys.items():
        for key in _names(text):
            character = character_of(key)
            if character is None or not character.isprintable():
                continue
            allowed = "this action works inside fields; allowed are f1 to f12 and ctrl+letter"
            if BY_ID[key_id].priority:
                raise KeymapError(f"dashboard.keys.{key_id}: {key!r} could not be typed any more: {allowed}")
            if BY_ID[key_id].where is Where.FORM:
                raise KeymapError(f"dashboard.keys.{key_id}: {key!r} would be typed: {allowed}")


def _refuse_shared(keys: Mapping[str, str]) -> None:
    owner: dict[tuple[str, bool], str] = {}
    for key_id, text in keys.items():
        where = BY_ID[key_id].where
        # What has the focus is either a field of the form or not, so the same key may send here and open there.
        inside = (True, False) if where is Where.ANYWHERE or key_id in _BOTH else (where is Where.FORM,)
        for place in ((key, in_form) for key in _names(text) for in_form in inside):
            other = owner.setdefault(place, key_id)
            if other != key_id:
                raise KeymapError(f"dashboard.keys: {place[0]!r} is used for both {other} and {key_id}")
