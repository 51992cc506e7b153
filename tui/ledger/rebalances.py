"""The rebalance timeline: what changed hands between two quiet moments of the group, why, and what it cost."""

from collections import deque
from dataclasses import dataclass, field

from tui.calc.messages import Result
from tui.events import GroupObserved, MembershipLost, WorkerState
from tui.ledger.causes import LocalWorkers, Owners, causes
from tui.ledger.figures import Handover, Rebalance

_KEPT = 200
_PARTITIONS_KEPT = 4_096  # numbers come from messages: a hostile topic must not grow the memory
_LEAST_SILENCE_S = 0.05  # shorter ones are the ordinary way of batches
_QUIET = {"Stable", "Empty"}
_TOLD_LATE_S = 2.0
_FLAPPING, _FLAPPING_S = 4, 60.0


@dataclass(slots=True)
class _Entry:
    before: Owners
    after: Owners
    cause: str
    at: float
    generation: int | None = None
    told: bool = True  # a member named this generation before the look that saw the change
    again: int = 0
    stood_still: dict[int, float] = field(default_factory=dict)

    def touched(self, partition: int, begin: float, end: float) -> bool:
        """Remember how long the partition was silent, if that was while this happened."""
        touched = begin <= self.after.at and end >= self.before.at
        if touched:
            self.stood_still[partition] = max(end - begin, self.stood_still.get(partition, 0.0))
        return touched


class Rebalances:
    """Folds observations of the group and its answers into entries, one for each change of members or partitions.

    What happens within one look at the group (about a second) is one entry with all its causes.
    """

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque(maxlen=_KEPT)
        self._owners: Owners | None = None
        self._generation: int | None = None
        self._shared_at = 0.0  # when a member of this process first had its partitions in that generation
        self._settled: tuple[int | None, int | None] = (None, None)  # the generation at the last two quiet looks
        self._answered_at: dict[int, float] = {}
        self._silences: dict[int, tuple[float, float]] = {}  # the longest ones (from, to) since the last quiet look
        self._again = 0  # since then
        self._local = LocalWorkers()
        self._figures: tuple[Rebalance, ...] | None = ()

    def worker_is(self, client_id: str, state: WorkerState, at: float) -> None:
        """A worker of this process reported its state: that tells one that leaves from one that is lost.

        `at` is when the group last heard of one that was killed.
        """
        self._local.worker_is(client_id, state, at)

    def lost(self, event: MembershipLost) -> None:
        """A worker of this process found that it is no member any more."""
        self._local.lost(event)

    def generation_is(self, generation: int, at: float) -> None:
        """The group's generation as a member of this process knows it; DescribeGroups does not tell it.

        A member may know it only after the look that saw the change; later it is that of a change still to be seen.
        """
        if generation == self._generation:
            return
        self._generation, self._shared_at = generation, at
        last = self._entries[-1] if self._entries else None
        if last is None or not last.after.member_ids:
            return  # of a group without members nobody knows it
        if last.generation is None or (not last.told and at - last.after.at < _TOLD_LATE_S):
            last.generation, last.told = generation, True
            self._settled = generation, generation
            self._figures = None

    def observed(self, group: GroupObserved) -> None:
        """Compare with the quiet moment before, if this is one."""
        before = self._owners
        if before is not None:
            self._local.seen(before, group)
        if group.state not in _QUIET:
            return
        after = _owners(group)
        if before is None or (before.member_ids, before.partitions) == (after.member_ids, after.partitions):
            self._settled = self._settled[1], self._generation
            self._settle(after)
        elif not self._local.will_explain(before, after):
            entry = self._entry(before, after)
            for partition, (begin, end) in self._silences.items():
                entry.touched(partition, begin, end)
            self._entries.append(entry)
            self._local.told(before, after)
            self._settle(after)
            self._figures = None

    def _entry(self, before: Owners, after: Owners) -> _Entry:
        """As of the moment at which a member of this process had its partitions, if the looks tell no better."""
        cause = ", ".join(causes(before, after, self._local))
        if not after.member_ids:
            return _Entry(before, after, cause, after.at)
        told = self._generation != self._settled[0]
        self._settled = self._generation, self._generation
        at = self._shared_at if told and before.at < self._shared_at < after.at else after.at
        return _Entry(before, after, cause, at, self._generation, told)

    def answered(self, result: Result, again: bool) -> None:
        """An answer was read. When it was sent and finished is in the message, so a slow reader changes nothing."""
        self._again += again
        partition, end = result.partition, result.finished_at
        if partition not in self._answered_at and len(self._answered_at) >= _PARTITIONS_KEPT:
            return
        # Nobody knows what was answered before the first answer that was read; but nothing was before offset 0.
        last = self._answered_at.get(partition, end if result.offset else 0.0)
        begin = max(last, result.sent_at or 0.0)
        if begin and end - begin >= _LEAST_SILENCE_S:
            self._silent(partition, begin, end)
        self._answered_at[partition] = max(last, end)

    def _silent(self, partition: int, begin: float, end: float) -> None:
        """Tell the entries during which the partition was silent; there may be another one that is still to be seen."""
        for entry in reversed(self._entries):
            if entry.after.at < begin:
                break
            if entry.touched(partition, begin, end):
                self._figures = None
        if self._owners is None or end < self._owners.at:
            return
        longest = self._silences.get(partition)
        if longest is None or end - begin > longest[1] - longest[0]:
            self._silences[partition] = begin, end

    def _settle(self, owners: Owners) -> None:
        """All is told that happened before this quiet moment, which is the last entry's if it is nobody else's."""
        self._owners = owners
        self._silences = {number: (begin, end) for number, (begin, end) in self._silences.items() if end >= owners.at}
        if self._again and self._entries:
            self._entries[-1].again += self._again
            self._figures = None
        self._again = 0

    def figures(self) -> tuple[Rebalance, ...]:
        """All entries that are kept, newest first."""
        if self._figures is None:
            self._figures = tuple(_figure(entry) for entry in reversed(self._entries))
        return self._figures

    def flapping(self, now: float) -> int:
        """How many rebalances there were in the last minute, 0 if that is nothing to worry about."""
        recent = sum(now - entry.after.at < _FLAPPING_S for entry in self._entries)
        return recent if recent >= _FLAPPING else 0


def _figure(entry: _Entry) -> Rebalance:
    before, after = entry.before, entry.after
    handovers = tuple(
        Handover(client_id, before.partitions.get(client_id), after.partitions.get(client_id))
        for client_id in sorted(before.partitions.keys() | after.partitions.keys(), key=lambda id: (len(id), id))
        if before.partitions.get(client_id) != after.partitions.get(client_id)
    )
    old, new = _by_partition(before), _by_partition(after)
    return Rebalance(
        at=entry.at,
        generation=entry.generation,
        cause=entry.cause,
        handovers=handovers,
        moved=tuple(sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p))),
        stood_still=tuple(sorted(entry.stood_still.items())),
        again=entry.again,
    )


def _owners(group: GroupObserved) -> Owners:
    return Owners(
        group.at,
        {member.client_id: member.member_id for member in group.members},
        {member.client_id: member.partitions for member in group.members},
    )


def _by_partition(owners: Owners) -> dict[int, str]:
    return {partition: client_id for client_id, partitions in owners.partitions.items() for partition in partitions}
