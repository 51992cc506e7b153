"""Who takes part: the workers and the partitions that are known, each made when it is first heard of."""

from collections.abc import Sequence, Set

from tui.group import Member
from tui.ledger.figures import PartitionFigures, WorkerFigures
from tui.ledger.partitions import Owner, Partition
from tui.ledger.workers import Worker

_WORKERS_KEPT = 512  # names come from messages: a hostile topic must not grow the memory
_PARTITIONS_KEPT = 4_096


class Roster:
    """The workers by their client ids and the partitions by their numbers, at most 512 and 4,096 of them."""

    def __init__(self) -> None:
        self._workers: dict[str, Worker] = {}
        self._partitions: dict[int, Partition] = {}

    def worker(self, client_id: str) -> Worker:
        """The worker of that name. For one too many the first is forgotten that is not of this process."""
        worker = self._workers.get(client_id)
        if worker is None:
            if len(self._workers) >= _WORKERS_KEPT:
                del self._workers[next(name for name, known in self._workers.items() if not known.local)]
            worker = self._workers[client_id] = Worker(client_id)
        return worker

    def partition(self, number: int) -> Partition:
        """The partition of that number. One too many is not kept."""
        partition = self._partitions.get(number)
        if partition is None:
            partition = Partition(number)
            if len(self._partitions) < _PARTITIONS_KEPT:
                self._partitions[number] = partition
        return partition

    def forget_partitions_but(self, present: Set[int]) -> None:
        """These are all there are."""
        self._partitions = {number: known for number, known in self._partitions.items() if number in present}

    def looks_lost(self) -> None:
        """Nobody sees any partition for a while."""
        for partition in self._partitions.values():
            partition.looks_lost()

    def troubles(self) -> dict[int, str]:
        """Why lanes failed, by their partitions."""
        return {number: each.trouble for number, each in self._partitions.items() if each.trouble}

    def worker_figures(
        self, now: float, members: Sequence[Member], group_state: str | None
    ) -> tuple[WorkerFigures, ...]:
        """This process's workers and the members of the group that run elsewhere, by name and number."""
        by_name = {member.client_id: member for member in members}
        for client_id in by_name:
            if client_id not in self._workers:
                self.worker(client_id)
        shown = [worker for worker in self._workers.values() if worker.local or worker.client_id in by_name]
        shown.sort(key=lambda worker: (len(worker.client_id), worker.client_id))
        taken = {number for worker in shown if worker.tells for number in worker.partitions}
        return tuple(worker.figures(now, by_name, group_state, taken) for worker in shown)

    def partition_figures(
        self, now: float, shown: Sequence[WorkerFigures], seen: bool, down: bool
    ) -> tuple[PartitionFigures, ...]:
        """The rows, with owners out of `shown`; unless the group was `seen`, nobody knows who owns the others."""
        nobody = Owner("" if seen else None, None, {})
        owners = dict[int, Owner]()
        for worker in shown:
            in_hand = self._workers[worker.client_id].in_hand
            owner = Owner(worker.client_id, worker.state, in_hand) if worker.client_id else nobody
            for number in worker.partitions:
                owners[number] = owner
        return tuple(
            partition.figures(now, owners.get(number, nobody), down)
            for number, partition in sorted(self._partitions.items())
            if partition.offsets is not None or number in owners
        )
