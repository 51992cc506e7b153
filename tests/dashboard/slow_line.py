"""A terminal behind a slow line, played in steps of time: what it has taken, and how late an echo would be."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tui.dashboard.pace import Pace
from tui.dashboard.terminal.intake import Intake

STEP_S = 0.005
PERIOD_S = 0.1
PIECE = 2_048


@dataclass
class SlowLine:
    """Takes `rate(now)` bytes a second from a buffer that holds `holds`, and answers questions if it `answers`."""

    rate: Callable[[float], float]
    frame: int
    holds: float = 16_000
    answers: bool = False
    away_s: float = 0.0
    intake: Intake = field(default_factory=Intake)
    now: float = 100.0
    drawn: int = 0
    delays_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pace = Pace(PERIOD_S, self.intake.ready)
        self._unwritten = 0
        self._held = 0.0
        self._taken = 0.0
        self._given = 0
        self._asked: list[int] = []
        self._answers_at: list[float] = []
        self._beat_at = self.now
        if self.intake.ask(0, self.now, worth=0):
            self._asked.append(0)

    def run(self, seconds: float) -> "SlowLine":
        """Draw whenever the pace lets it for so long; forgets what was counted before."""
        self.drawn, self.delays_s = 0, []
        end = self.now + seconds
        while self.now < end:
            self.now += STEP_S
            self._take()
            if self.now >= self._beat_at:
                self._beat_at += PERIOD_S
                if self._pace.due(self.now):
                    self.draw()
            self._write()
            self.delays_s.append((self._unwritten + self._held) / self.rate(self.now))
        return self

    def draw(self) -> None:
        """Give it a frame."""
        self.drawn += 1
        self._unwritten += self.frame
        self._given += self.frame
        self.intake.given(self.frame)
        if self.intake.ask(self.frame, self.now):
            self._asked.append(self._given)

    def worst_s(self, share: float = 1.0) -> float:
        """How long a key's echo would have been on its way in at least this share of all moments."""
        return sorted(self.delays_s)[round(share * len(self.delays_s)) - 1]

    def _take(self) -> None:
        taken = min(self._held, self.rate(self.now) * STEP_S)
        self._held -= taken
        self._taken += taken
        while self._asked and self._taken >= self._asked[0] - 1e-6:
            del self._asked[0]
            self._answers_at.append(self.now + self.away_s)
        while self.answers and self._answers_at and self._answers_at[0] <= self.now:
            del self._answers_at[0]
            self.intake.answered(self.now)

    def _write(self) -> None:
        while self._unwritten:
            if self._held >= self.holds:
                self.intake.full(self.now)
                return
            size = min(self._unwritten, PIECE)
            self._unwritten -= size
            self._held += size
            self.intake.wrote(size, self.now)
