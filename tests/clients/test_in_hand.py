"""What is computed waits for a delivery that is worth it, and no more than there is room for."""

import asyncio
import time

from tui.calc.operations import Operations
from tui.clients.aiokafka_types import BatchBuilder
from tui.clients.answers import Answers, Calculator
from tui.clients.in_hand import Batch, InHand
from tui.settings import TopicSettings


def no_batch(size: int) -> BatchBuilder:
    raise AssertionError("nothing is answered here")


def batch() -> Batch:
    calculator = Calculator("client-0", TopicSettings(), Operations.standard(), 65_536, time.time)
    return Batch(Answers(calculator, no_batch, lambda _: 1), 0.0)


async def put(in_hand: InHand) -> Batch:
    await in_hand.room()
    new = batch()
    in_hand.put(new)
    return new


async def test_batches_are_taken_together_when_they_are_worth_it() -> None:
    in_hand = InHand(worthwhile=2)
    taking = asyncio.create_task(in_hand.take())
    first = await put(in_hand)
    await asyncio.sleep(0)
    assert not taking.done()
    second = await put(in_hand)
    taken = await taking
    assert taken[0] is first
    assert taken[1] is second


async def test_a_single_batch_is_taken_if_nothing_follows() -> None:
    in_hand = InHand(worthwhile=2)
    taking = asyncio.create_task(in_hand.take())
    await put(in_hand)
    in_hand.nothing_follows()
    assert len(await taking) == 1


async def test_that_nothing_follows_holds_until_something_does() -> None:
    in_hand = InHand(worthwhile=2)
    in_hand.nothing_follows()
    await put(in_hand)
    taking = asyncio.create_task(in_hand.take())
    await asyncio.sleep(0)
    assert not taking.done()
    in_hand.nothing_follows()
    assert len(await taking) == 1


async def test_there_is_room_again_when_batches_are_delivered_and_not_when_they_are_taken() -> None:
    in_hand = InHand(worthwhile=1)
    for _ in range(2):
        await put(in_hand)
    more = asyncio.create_task(put(in_hand))
    taken = await in_hand.take()
    await asyncio.sleep(0)
    assert not more.done()
    in_hand.delivered(taken)
    await more


async def test_what_waits_at_the_end_is_taken_and_then_nothing() -> None:
    in_hand = InHand(worthwhile=2)
    await put(in_hand)
    in_hand.close()
    assert len(await in_hand.take()) == 1
    assert await in_hand.take() == []
