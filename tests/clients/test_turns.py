"""Long work lets the event loop breathe, in order and without losing an item."""

import asyncio
import time

import pytest

from tui.clients.turns import SLICE_S, Turns


def burn(seconds: float) -> None:
    """Use the processor for a while."""
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        pass


async def test_items_are_handled_in_order_and_all() -> None:
    seen: list[int] = []

    def handle(item: int) -> None:
        burn(SLICE_S / 10)
        seen.append(item)

    await Turns().each(range(50), handle)
    assert seen == list(range(50))


async def test_others_run_while_long_work_goes_on() -> None:
    turns = Turns()
    steps = 0

    async def key_presses() -> None:
        nonlocal steps
        while True:
            await asyncio.sleep(0)
            steps += 1

    keys = asyncio.create_task(key_presses())
    await asyncio.gather(*(turns.each(range(10), lambda _: burn(SLICE_S / 2)) for _ in range(4)))
    keys.cancel()
    # 40 items of half a slice: about 20 rests, in each of which a waiting task takes many steps.
    assert steps > 100


async def test_what_an_item_raises_ends_the_work() -> None:
    seen: list[int] = []

    def handle(item: int) -> None:
        if item == 3:
            raise ValueError("no")
        seen.append(item)

    with pytest.raises(ValueError, match="no"):
        await Turns().each(range(10), handle)
    assert seen == [0, 1, 2]
