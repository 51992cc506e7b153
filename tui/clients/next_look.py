"""When to look at the group again: every second, and soon after partitions changed hands here."""

import asyncio
from contextlib import suppress

from tui.events import Event, PartitionsAssigned, PartitionsRevoked

LOOK_EVERY_S = 1.0
_LEAST_S = 0.2  # the members of a group say one after another that they have their partitions


class NextLook:
    """Hears what the workers of this process say, and lets whoever looks rest in between."""

    def __init__(self) -> None:
        self._changed_hands = asyncio.Event()

    def heard(self, event: Event) -> None:
        """A worker said this."""
        if isinstance(event, PartitionsAssigned | PartitionsRevoked):
            self._changed_hands.set()

    async def due(self) -> None:
        """Wait until the next look is due, or worth it; a fifth of a second at least."""
        await asyncio.sleep(_LEAST_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed_hands.wait(), LOOK_EVERY_S - _LEAST_S)
        self._changed_hands.clear()
