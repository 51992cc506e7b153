"""The rebalance timeline: what changed hands between two quiet moments of the group, why, and what it cost."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tui.events import GroupObserved, WorkerState
from tui.ledger.figures import Handover, Rebalance

_KEPT = 200
_GAPS_KEPT = 16
_LEAST_GAP_S = 0.05  # shorter ones are the ordinary way of batches
_QUIET = {"Stable", "Empty"}
_FLAPPING, _FLAPPING_S = 4, 60.0
_NAMES = 3


@dataclass(frozen=True, slots=True)
class _Owners:
    """Who owned what at one quiet moment, by client id."""

    at: float
    member_ids: Mapping[str, str]
    partitions: Mapping[str, tuple[int, ...]]
    count: int


@dataclass(slots=True)
class _Entry:
    before: _Owners
    after: _Owners
    cause: str
    generation: int | None = None
    again: int = 0


@dataclass(slots=True)
class _Flow:
    """The answers of one partition: when the last one was finished, and the longest silences (from, to)."""

    last_at: float = 0.0
    gaps: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_GAPS_KEPT))


class Rebalances:
    """Folds observations of the group and its answers into entries, one for each change of members or partitions.

    What happens within one look at the group (about a second) is one entry with all its causes.
    """

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque(maxlen=_KEPT)
        self._owners: _Owners | None = None
        self._generation: int | None = None
        self._flows: dict[int, _Flow] = {}
        self._local: dict[str, WorkerState] = {}
        self._figures: tuple[Rebalance, ...] | None = ()

    def worker_is(self, client_id: str, state: WorkerState) -> None:
        """A worker of this process reported its state: that tells one that leaves from one that is lost."""
        self._local[client_id] = state

    def generation_is(self, generation: int) -> None:
        """The group's generation as a member of this process knows it; DescribeGroups does not tell it."""
        self._generation = generation
        if self._entries:
            self._entries[-1].generation = generation
            self._figures = None

    def observed(self, group: GroupObserved) -> None:
        """Compare with the quiet moment before, if this is one."""
        if group.state not in _QUIET:
            return
        before, after = self._owners, _owners(group)
        self._owners = after
        if before is None or (before.member_ids, before.partitions) == (after.member_ids, after.partitions):
            return
        if cause := ", ".join(_causes(before, after, self._local)):
            self._entries.append(_Entry(before, after, cause, self._generation))
            self._figures = None

    def answered(self, partition: int, sent_at: float | None, finished_at: float, again: bool) -> None:
        """An answer was read: `sent_at` and `finished_at` are in the messages, so they cost the reader nothing."""
        flow = self._flows.get(partition)
        if flow is None:
            flow = self._flows[partition] = _Flow(finished_at)
        since = max(flow.last_at, sent_at or 0.0)
        if finished_at - since >= _LEAST_GAP_S:
            flow.gaps.append((since, finished_at))
            self._figures = None
        flow.last_at = max(flow.last_at, finished_at)
        if again and self._entries:
            self._entries[-1].again += 1
            self._figures = None

    def figures(self) -> tuple[Rebalance, ...]:
        """All entries that are kept, newest first."""
        if self._figures is None:
            self._figures = tuple(self._figure(entry) for entry in reversed(self._entries))
        return self._figures

    def flapping(self, now: float) -> int:
        """How many rebalances there were in the last minute, 0 if that is nothing to worry about."""
        recent = sum(now - entry.after.at < _FLAPPING_S for entry in self._entries)
        return recent if recent >= _FLAPPING else 0

    def _figure(self, entry: _Entry) -> Rebalance:
        before, after = entry.before, entry.after
        handovers = tuple(
            Handover(client_id, before.partitions.get(client_id), after.partitions.get(client_id))
            for client_id in sorted(before.partitions.keys() | after.partitions.keys(), key=lambda id: (len(id), id))
            if before.partitions.get(client_id) != after.partitions.get(client_id)
        )
        old, new = _by_partition(before), _by_partition(after)
        return Rebalance(
            at=after.at,
            generation=entry.generation,
            cause=entry.cause,
            handovers=handovers,
            moved=tuple(sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p))),
            stood_still=tuple(self._stood_still(before.at, after.at)),
            again=entry.again,
        )

    def _stood_still(self, since: float, until: float) -> Iterator[tuple[int, float]]:
        for partition, flow in sorted(self._flows.items()):
            longest = max((end - begin for begin, end in flow.gaps if begin <= until and end >= since), default=None)
            if longest is not None:
                yield partition, longest


def _owners(group: GroupObserved) -> _Owners:
    return _Owners(
        group.at,
        {member.client_id: member.member_id for member in group.members},
        {member.client_id: member.partitions for member in group.members},
        len(group.partitions),
    )


def _by_partition(owners: _Owners) -> dict[int, str]:
    return {partition: client_id for client_id, partitions in owners.partitions.items() for partition in partitions}


def _causes(before: _Owners, after: _Owners, local: Mapping[str, WorkerState]) -> Iterator[str]:
    joined = [name for name in after.member_ids if name not in before.member_ids]
    again = [name for name, id in after.member_ids.items() if before.member_ids.get(name, id) != id]
    gone = [name for name in before.member_ids if name not in after.member_ids]
    left = [name for name in gone if local.get(name) in {WorkerState.STOPPED, WorkerState.STOPPING}]
    lost = [name for name in gone if name in local and name not in left]
    foreign = [name for name in gone if name not in local]
    for names, what in ((joined, "joined"), (again, "restarted"), (left, "left"), (lost, "lost")):
        if names:
            yield f"{_named(names)} {what}"
    if foreign:
        yield f"{_named(foreign)} gone, unknown why (foreign member)"
    if before.count and after.count and before.count != after.count:
        yield f"partitions {before.count} to {after.count}"
    elif not (joined or again or gone):
        yield "unknown (foreign member)" if set(after.member_ids) - set(local) else "shared anew"


def _named(names: list[str]) -> str:
    shown = sorted(names, key=lambda name: (len(name), name))
    return ", ".join(shown[:_NAMES]) + (f" and {len(shown) - _NAMES} more" if len(shown) > _NAMES else "")
