"""Time as the groups see it: a clock and deferred calls, both passed in."""

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that has been put off and can be called off; `asyncio.TimerHandle` is one."""

    def cancel(self) -> None:
        """Make sure that the call does not happen; harmless after it happened."""


Clock = Callable[[], float]
CallLater = Callable[[float, Callable[[], None]], Timer]
