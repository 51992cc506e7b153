"""The books: which requests were sent and what became of each, so that the balance can be checked, not assumed."""

from collections.abc import Iterator, Sequence

from tui.ledger.by_position import ByPosition, Outcome
from tui.ledger.figures import Accounting, Reason
from tui.ledger.overtaken import Overtaken
from tui.ledger.own_requests import own_number
from tui.ledger.positions import Positions
from tui.ledger.seen import SeenNumbers

_IDS_NAMED = 3


class Books:
    """Counts every request once, whoever sent it. Ours are known by `{sender}-{number}`, others by position.

    Those of ours that went out with another id, or with none, are known by position, too.
    """

    def __init__(self, sender: str) -> None:
        self._prefix = f"{sender}-"
        self._issued = 0
        self._unsent = SeenNumbers(max_open=1 << 20)
        self._answered = SeenNumbers(max_open=1 << 20)
        self._positions = Positions()
        self._own: dict[Outcome, int] = {"done": 0, "failed": 0, "dead": 0}
        self._others: dict[Outcome, int] = {"done": 0, "failed": 0, "dead": 0}
        self._by_position = ByPosition()
        self._again = 0
        self._never_sent: list[str] = []
        self._never_sent_count = 0
        self._overtaken = Overtaken(self._answered.__contains__)
        self._lost: list[int] = []

    def sent(self, first: int, count: int, by_position: bool = False) -> None:
        """`count` requests from number `first` on were handed to the sender."""
        self._issued = max(self._issued, first + count)
        if by_position:
            self._by_position.sent(range(first, first + count))

    def acknowledged(self, numbers: Sequence[int], partition: int, base_offset: int, at: float) -> None:
        """These are stored, from `base_offset` on; an answer that was faster was entered as somebody else's."""
        self._overtaken.stored(numbers, partition, base_offset, at)
        for number, early in self._by_position.stored(numbers, partition, base_offset):
            if early.new:
                self._others[early.outcome] -= 1
            else:
                self._again -= 1
            self._answered.add(number)
            self._own[early.outcome] += 1

    def look_for_lost(self, now: float) -> None:
        """Find out which requests will have no answer any more; for about once a second."""
        self._lost = self._overtaken.lost(now)

    def unsent(self, numbers: Sequence[int]) -> None:
        """These never went out; those answered meanwhile did, and stay."""
        self._by_position.unsent(numbers)
        for number in numbers:
            if number not in self._answered:
                self._unsent.add(number)

    def answered(
        self, request_id: str, partition: int, offset: int, outcome: Outcome, sent_at: float | None = None
    ) -> bool:
        """Enter an answer; False if this request was answered before (it is counted as again)."""
        number = self._number(request_id)
        placed = self._by_position.number_at(partition, offset)
        if placed is not None and (number is None or number in self._answered):
            number = placed  # a dead letter of ours sent again bears an id that was answered: it is another request
        if number is None:
            new = self._positions.add(partition, offset, sent_at)
            counts = self._others
        elif number >= self._issued:
            self._note_never_sent(request_id)
            return True
        else:
            new = self._answered.add(number)
            self._unsent.discard(number)
            self._overtaken.answered(partition, offset)
            counts = self._own
        if new:
            counts[outcome] += 1
        else:
            self._again += 1
        if counts is self._others or not new:
            self._by_position.answered(partition, offset, outcome, new)
        return new

    def replayed(self, partition: int, offset: int, sent_at: float | None = None) -> None:
        """An answer from before this start: known, so that a repetition counts as again, but not counted."""
        self._positions.add(partition, offset, sent_at)

    def accounting(self) -> Accounting:
        """The books as they stand."""
        sent = self._issued - len(self._unsent)
        return Accounting(
            sent=sent,
            done=self._own["done"],
            failed=self._own["failed"],
            dead=self._own["dead"],
            in_flight=sent - len(self._answered),
            again=self._again,
            unsent=len(self._unsent),
            others_done=self._others["done"],
            others_failed=self._others["failed"],
            others_dead=self._others["dead"],
            wrong=self._wrong(),
        )

    def reasons(self) -> Iterator[Reason]:
        """What is wrong with the books, and what a person can do about it."""
        if self._lost:
            many = "1 request was" if len(self._lost) == 1 else f"{len(self._lost)} requests were"
            what = f"{many} never answered, though later ones of the same partition were: {self._lost_ids()}"
            yield Reason(
                what, "Look for the id in both topics: kcalc results --from-beginning --json has every answer."
            )
        if self._never_sent_count:
            what = f"answers to requests that nobody here sent: {self._never_sent_ids()}"
            yield Reason(what, "Another program writes ids that begin like ours: give its requests other ids, or none.")

    def _number(self, request_id: str) -> int | None:
        """The number of one of our own requests, else None."""
        return own_number(self._prefix, request_id)

    def _note_never_sent(self, request_id: str) -> None:
        self._never_sent_count += 1
        if len(self._never_sent) < _IDS_NAMED:
            self._never_sent.append(request_id)

    def _wrong(self) -> str:
        parts = []
        if self._lost:
            parts.append(f"lost: {self._lost_ids()}")
        if self._never_sent_count:
            parts.append(f"answered but never sent: {self._never_sent_ids()}")
        return "; ".join(parts)

    def _lost_ids(self) -> str:
        return _first_few([f"{self._prefix}{number}" for number in self._lost[:_IDS_NAMED]], len(self._lost))

    def _never_sent_ids(self) -> str:
        return _first_few(self._never_sent, self._never_sent_count)


def _first_few(ids: Sequence[str], count: int) -> str:
    more = count - len(ids)
    return ", ".join(ids) + (f" and {more} more" if more else "")
