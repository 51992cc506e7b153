"""The signs of life of one member: when it last asked for records, was heard by its group, and committed."""

from collections.abc import Callable
from typing import Literal


class Pulse:
    """Times in Unix seconds, by `clock`; None: never yet.

    `lost(late, silent_s)` is called when it turns out to be no member any more, though `leaves` was not called: see
    `tui.events.MembershipLost`.
    """

    def __init__(self, clock: Callable[[], float], lost: Callable[[Literal["heartbeat", "poll"], float], None]) -> None:
        self._clock = clock
        self._lost = lost
        self._leaving = False
        self.polled_at: float | None = None
        self.heard_at: float | None = None
        self.committed_at: float | None = None

    def polled(self) -> None:
        """Records were asked for."""
        self.polled_at = self._clock()

    def heard(self) -> None:
        """The coordinator answered a heartbeat, or the joining, and knows the member."""
        self.heard_at = self._clock()

    def committed(self) -> None:
        """A commit was acknowledged."""
        self.committed_at = self._clock()

    def leaves(self) -> None:
        """What the membership does from now on is its end, as it should be."""
        self._leaving = True

    def given_up(self) -> None:
        """The coordinator answered that it does not know this member."""
        if not self._leaving:
            self._lost("heartbeat", self._since(self.heard_at))

    def left(self) -> None:
        """A LeaveGroup was sent. aiokafka does that by itself to a consumer that nobody reads from."""
        if not self._leaving:
            self._lost("poll", self._since(self.polled_at))

    def _since(self, at: float | None) -> float:
        return 0.0 if at is None else max(0.0, self._clock() - at)
