"""When the group is looked at again: every second, and soon after partitions changed hands here."""

import asyncio
import time

import pytest

from tui.clients.next_look import LOOK_EVERY_S, NextLook
from tui.events import Event, PartitionsAssigned, PartitionsRevoked, WorkerState, WorkerStateChanged

ASSIGNED = PartitionsAssigned("client-0", 1, {0: 0}, 0.0)
REVOKED = PartitionsRevoked("client-0", [0], 0.0)


async def rested(next_look: NextLook) -> float:
    began = time.monotonic()
    await asyncio.wait_for(next_look.due(), 10.0)
    return time.monotonic() - began


@pytest.mark.parametrize("event", [ASSIGNED, REVOKED])
async def test_a_look_comes_early_once_for_all_that_changed_hands_before_it(event: Event) -> None:
    next_look = NextLook()
    next_look.heard(event)
    next_look.heard(event)
    assert await rested(next_look) < LOOK_EVERY_S / 2
    assert await rested(next_look) >= LOOK_EVERY_S * 0.9


async def test_what_changed_hands_while_nobody_looks_ends_the_rest() -> None:
    next_look = NextLook()
    resting = asyncio.create_task(rested(next_look))
    asyncio.get_running_loop().call_later(0.3, next_look.heard, ASSIGNED)
    assert await resting < LOOK_EVERY_S * 0.9


async def test_what_a_worker_says_of_itself_is_no_reason_to_look() -> None:
    next_look = NextLook()
    next_look.heard(WorkerStateChanged("client-0", WorkerState.BUSY, "", 0.0))
    assert await rested(next_look) >= LOOK_EVERY_S * 0.9
