"""The rebalance timeline: what changed hands between two quiet moments of the group, why, and what it cost."""

from collections import deque
from dataclasses import dataclass, field

from tui.events import GroupObserved, MembershipLost, WorkerState
from tui.ledger.causes import LocalWorkers, Owners, causes
from tui.ledger.figures import Handover, Rebalance

_KEPT = 200
_GAPS_KEPT = 16
_LEAST_GAP_S = 0.05  # shorter ones are the ordinary way of batches
_QUIET = {"Stable", "Empty"}
_TOLD_LATE_S = 2.0
_FLAPPING, _FLAPPING_S = 4, 60.0


@dataclass(slots=True)
class _Entry:
    before: Owners
    after: Owners
    cause: str
    generation: int | None = None
    again: int = 0
    still: dict[int, float] = field(default_factory=dict)

    def stood_still(self, partition: int, begin: float, end: float) -> bool:
        """A silence of this partition, in seconds of record times; whether it is the longest over this rebalance."""
        if begin > self.after.at or end < self.before.at or end - begin <= self.still.get(partition, 0.0):
            return False
        self.still[partition] = end - begin
        return True


@dataclass(slots=True)
class _Flow:
    """The answers of one partition: when the last one was finished, and the last silences (from, to).

    Only a look at the group tells that there was a rebalance, so a silence may be over before it is known to be one's.
    """

    last_at: float = 0.0
    gaps: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_GAPS_KEPT))


class Rebalances:
    """Folds observations of the group and its answers into entries, one for each change of members or partitions.

    What happens within one look at the group (about a second) is one entry with all its causes.
    """

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque(maxlen=_KEPT)
        self._owners: Owners | None = None
        self._generation: int | None = None
        self._flows: dict[int, _Flow] = {}
        self._local = LocalWorkers()
        self._figures: tuple[Rebalance, ...] | None = ()

    def worker_is(self, client_id: str, state: WorkerState, at: float) -> None:
        """A worker of this process reported its state: that tells one that leaves from one that is lost."""
        self._local.worker_is(client_id, state, at)

    def lost(self, event: MembershipLost) -> None:
        """A worker of this process found that it is no member any more."""
        self._local.lost(event)

    def generation_is(self, generation: int, at: float) -> None:
        """The group's generation as a member of this process knows it; DescribeGroups does not tell it.

        A member may know it only after the look that saw the change; later it is that of a change still to be seen.
        """
        self._generation = generation
        last = self._entries[-1] if self._entries else None
        if last is not None and (last.generation is None or at - last.after.at < _TOLD_LATE_S):
            last.generation = generation
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
            self._owners = after
        elif not self._local.will_explain(before, after):
            entry = _Entry(before, after, ", ".join(causes(before, after, self._local)), self._generation)
            for partition, flow in self._flows.items():
                for begin, end in flow.gaps:
                    entry.stood_still(partition, begin, end)
            self._entries.append(entry)
            self._local.told(before, after)
            self._owners = after
            self._figures = None

    def answered(self, partition: int, sent_at: float | None, finished_at: float, again: bool) -> None:
        """An answer was read: `sent_at` and `finished_at` are in the messages, so they cost the reader nothing."""
        flow = self._flows.get(partition)
        if flow is None:
            flow = self._flows[partition] = _Flow(finished_at)
        since = max(flow.last_at, sent_at or 0.0)
        if finished_at - since >= _LEAST_GAP_S:
            flow.gaps.append((since, finished_at))
            self._silent(partition, since, finished_at)
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
            stood_still=tuple(sorted(entry.still.items())),
            again=entry.again,
        )

    def _silent(self, partition: int, begin: float, end: float) -> None:
        """A silence that ends only now belongs to every rebalance that was seen meanwhile."""
        for entry in reversed(self._entries):
            if entry.after.at < begin:
                break
            if entry.stood_still(partition, begin, end):
                self._figures = None


def _owners(group: GroupObserved) -> Owners:
    return Owners(
        group.at,
        {member.client_id: member.member_id for member in group.members},
        {member.client_id: member.partitions for member in group.members},
    )


def _by_partition(owners: Owners) -> dict[int, str]:
    return {partition: client_id for client_id, partitions in owners.partitions.items() for partition in partitions}
