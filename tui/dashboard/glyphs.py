"""The signs the dashboard draws with: one set for terminals that speak UTF-8, one of ASCII for those that do not."""

import sys
from dataclasses import dataclass

from tui.events import WorkerState

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs of one cell each, but `ok`, `arrow` and `unequal`; `sparks` has one a level, lowest first.

    `ascii`: they are of ASCII only.
    """

    ascii: bool
    busy: str
    idle: str
    waiting: str
    paused: str
    failed: str
    again: str
    changing: str
    nothing: str
    ellipsis: str
    bar_full: str
    bar_rest: str
    sparks: str
    edge: str
    ok: str
    attention: str
    dot: str
    minus: str
    up: str
    down: str
    level: str
    arrow: str
    micro: str
    unequal: str
    cursor: str

    def state(self, state: WorkerState | None) -> str:
        """The sign of a worker's state, `?` if it is unknown."""
        match state:
            case None:
                return UNKNOWN
            case WorkerState.BUSY:
                return self.busy
            case WorkerState.IDLE:
                return self.idle
            case WorkerState.PAUSED:
                return self.paused
            case WorkerState.FAILED | WorkerState.KILLED | WorkerState.NO_BROKER | WorkerState.REFUSED:
                return self.failed
            case WorkerState.STOPPED:
                return self.nothing
            case WorkerState.CONNECTING | WorkerState.JOINING | WorkerState.STOPPING:
                return self.changing


UNICODE = Glyphs(
    ascii=False,
    busy="●",
    idle="○",
    waiting="·",
    paused="‖",
    failed="✖",
    again="↻",
    changing="…",
    nothing="–",
    ellipsis="…",
    bar_full="━",
    bar_rest="╌",
    sparks="▁▂▃▄▅▆▇█",
    edge="─",
    ok="✔",
    attention="▲",
    dot="·",
    minus="−",
    up="↑",
    down="↓",
    level="→",
    arrow="→",
    micro="µ",
    unequal="≠",
    cursor="▸",
)

ASCII = Glyphs(
    ascii=True,
    busy="*",
    idle="o",
    waiting=".",
    paused="=",
    failed="X",
    again="@",
    changing="~",
    nothing="-",
    ellipsis="~",
    bar_full="=",
    bar_rest=".",
    sparks="_.,-=+*#",
    edge="-",
    ok="ok",
    attention="!",
    dot="|",
    minus="-",
    up="^",
    down="v",
    level=">",
    arrow="->",
    micro="u",
    unequal="!=",
    cursor=">",
)


def glyphs_for(encoding: str | None) -> Glyphs:
    """The signs a terminal of this encoding can show."""
    return UNICODE if (encoding or "").lower().replace("-", "").replace("_", "") == "utf8" else ASCII


def terminal_glyphs() -> Glyphs:
    """The signs for the stream that Textual draws on."""
    return glyphs_for(sys.__stderr__.encoding if sys.__stderr__ else None)
