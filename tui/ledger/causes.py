"""Why the members of the group, or their partitions, changed between two quiet moments, in words."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tui.events import GroupObserved, MembershipLost, WorkerState

_NAMES = 3
_ON_ITS_WAY = {WorkerState.CONNECTING, WorkerState.JOINING, WorkerState.STOPPING}
_TAKES_PART = {WorkerState.IDLE, WorkerState.BUSY, WorkerState.PAUSED}
_HAS_LEFT = {WorkerState.STOPPED, WorkerState.STOPPING}
_KILLS = 8  # of one worker within one session time-out
_RETURNS_WITHIN_S = 15.0
_EXPLAINS_WITHIN_S = 3.0  # a worker hears of its loss at its next heartbeat


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owned what at one quiet moment, by client id."""

    at: float
    member_ids: Mapping[str, str]
    partitions: Mapping[str, tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many partitions are owned. Those that were added count once the group shares them."""
        return sum(len(owned) for owned in self.partitions.values())


@dataclass(slots=True)
class _Local:
    """What one worker of this process said of itself, and the first look at which the group did not name it.

    `kills` are when the group last heard of those members that were killed and that it has still to lose, the oldest
    first: a killed worker may be started and killed again before that.
    """

    state: WorkerState
    kills: deque[float] = field(default_factory=lambda: deque(maxlen=_KILLS))
    lost: MembershipLost | None = None
    missing_at: float | None = None

    @property
    def met_by_kill(self) -> bool:
        """True if it is missing since a kill."""
        return self.missing_at is not None and bool(self.kills) and self.kills[0] <= self.missing_at


@dataclass(slots=True)
class LocalWorkers:
    """The workers of this process, as far as they explain what the group does."""

    _known: dict[str, _Local] = field(default_factory=dict)

    def __contains__(self, client_id: object) -> bool:
        return client_id in self._known

    def worker_is(self, client_id: str, state: WorkerState, at: float) -> None:
        """It reported its state; `at` is when the group last heard of one that was killed."""
        local = self._known.setdefault(client_id, _Local(state))
        local.state = state
        if state is WorkerState.KILLED:
            local.kills.append(at)

    def lost(self, event: MembershipLost) -> None:
        """It found that it is no member any more."""
        self._known.setdefault(event.client_id, _Local(WorkerState.JOINING)).lost = event

    def seen(self, before: Owners, group: GroupObserved) -> None:
        """Note since when a member of `before` is missing."""
        present = {member.member_id for member in group.members}
        for client_id, local in self._known.items():
            member_id = before.member_ids.get(client_id)
            if member_id is None or member_id in present:
                local.missing_at = None
                if member_id is not None and local.state in _TAKES_PART:
                    local.kills.clear()  # a group shares its partitions once it has lost all that were killed
            elif local.missing_at is None:
                local.missing_at = group.at

    def will_explain(self, before: Owners, after: Owners) -> bool:
        """True while a worker that is missing may say why in a moment, or is about to be back: both are one change."""
        return any(
            self._is_awaited(self._known[name], after.at)
            for name in before.member_ids
            if name not in after.member_ids and name in self._known
        )

    def why_gone(self, client_id: str) -> str | None:
        """Why the group lost this worker, if it is known: "lost: no heartbeat for 10.2 s (killed by you)"."""
        local = self._known[client_id]
        if local.missing_at is not None and local.met_by_kill:
            return f"lost: no heartbeat for {local.missing_at - local.kills[0]:.1f} s (killed by you)"
        if local.lost is None:
            return None
        if local.lost.late == "poll":
            return f"left: poll too late (after {local.lost.silent_s:.1f} s)"
        return f"lost: no heartbeat for {local.lost.silent_s:.1f} s"

    def killed(self, client_id: str) -> bool:
        """True if that is why the group lost it."""
        return self._known[client_id].met_by_kill

    def left(self, client_id: str) -> bool:
        """True if it was asked to leave."""
        return self._known[client_id].state in _HAS_LEFT

    def told(self, before: Owners, after: Owners) -> None:
        """What made this difference is told, and explains no other one.

        But that somebody joined does not tell that it was killed at once: it has still to be lost.
        """
        for client_id, local in self._known.items():
            member_id = before.member_ids.get(client_id)
            if member_id != after.member_ids.get(client_id):
                if local.met_by_kill:
                    local.kills.popleft()
                local.lost = local.missing_at = None

    @staticmethod
    def _is_awaited(local: _Local, now: float) -> bool:
        if local.lost is not None or local.missing_at is None:
            return False
        missing_s = now - local.missing_at
        if local.state in _ON_ITS_WAY:
            return missing_s < _RETURNS_WITHIN_S
        rests = bool(local.kills) or local.state is WorkerState.STOPPED or local.state.needs_help
        return not rests and missing_s < _EXPLAINS_WITHIN_S


def causes(before: Owners, after: Owners, local: LocalWorkers) -> Iterator[str]:
    """Everything that happened in between, a phrase each; none if nothing did."""
    joined = [name for name in after.member_ids if name not in before.member_ids]
    again = [name for name, id in after.member_ids.items() if before.member_ids.get(name, id) != id]
    gone = [name for name in before.member_ids if name not in after.member_ids]
    if joined:
        yield f"{_named(joined)} joined"
    yield from _of_same_words({name: _back(name, local) for name in again})
    yield from _of_same_words({name: _gone(name, local) for name in gone})
    if before.count and after.count and before.count != after.count:
        yield f"partitions {before.count} → {after.count}"
    elif not (joined or again or gone):
        foreign = [name for name in after.member_ids if name not in local]
        yield "unknown (foreign member)" if foreign else "shared anew"


def _back(name: str, local: LocalWorkers) -> str:
    why = local.why_gone(name) if name in local else None
    if why is None:
        return "restarted"
    return f"{why}, {'restarted' if local.killed(name) else 'joined again'}"


def _gone(name: str, local: LocalWorkers) -> str:
    if name not in local:
        return "gone: unknown (foreign member)"
    return local.why_gone(name) or ("left" if local.left(name) else "lost")


def _of_same_words(words: Mapping[str, str]) -> Iterator[str]:
    """`a, b left` for those of whom the same is said; at most so many different ones."""
    said: dict[str, list[str]] = {}
    for name, text in words.items():
        said.setdefault(text, []).append(name)
    for text in [*said][:_NAMES]:
        yield f"{_named(said[text])} {text}"
    if more := [name for text in [*said][_NAMES:] for name in said[text]]:
        yield f"{_named(more)} too"


def _named(names: list[str]) -> str:
    shown = sorted(names, key=lambda name: (len(name), name))
    return ", ".join(shown[:_NAMES]) + (f" and {len(shown) - _NAMES} more" if len(shown) > _NAMES else "")
