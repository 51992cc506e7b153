"""Mutated frames of every API fed to the embedded broker, and what must notice if it takes harm."""

import random
import struct
import sys
from collections import Counter, deque

import pytest
from kafka.protocol.consumer import JoinGroupResponse

from tests.broker.wire import record_batch
from tests.fuzz import attack, broker_frames
from tests.fuzz.batches import SPOILERS, batch
from tests.fuzz.broker_frames import fuzz
from tests.fuzz.doubles import KINDS
from tests.fuzz.frames import MUTATIONS, Mutation, frame
from tests.fuzz.given import GIVEN, Heard
from tests.fuzz.stream import WrongAnswerError, check_answer, cut
from tests.fuzz.valid import VERSIONS, request
from tui.broker.apis import APIS
from tui.broker.batch import check
from tui.broker.dispatch import decode
from tui.broker.errors import KafkaError
from tui.broker.frames import read_header

SEED = 20
SAMPLE = 2000
NOTICED = {
    "dies": "broker",
    "fails": "the broker logs|connection of a valid request was closed",
    "waits": "not answered|no answer",
    "forgets": "ListOffsets|not answered",
    "leaks": "the broker takes",
    "mixes-up": "correlation id|not answered",
}


@pytest.mark.timeout(180)  # 15 s on a machine that has nothing else to do
async def test_the_broker_takes_no_harm_from_twenty_thousand_mutated_frames() -> None:
    summary = await fuzz(seed=SEED, first=0, count=20_000)
    assert summary.startswith("20000 frames")
    assert f"answers of {len(APIS)} APIs" in summary


def test_a_frame_is_a_function_of_its_seed_and_number() -> None:
    frames = [frame(SEED, number) for number in range(200)]
    assert [frame(SEED, number) for number in reversed(range(200))] == frames[::-1]
    assert [frame(SEED + 1, number) for number in range(200)] != frames


def test_consecutive_numbers_begin_with_every_version_of_every_api() -> None:
    assert {api_key for api_key, _ in VERSIONS} == APIS.keys()
    frames = (frame(SEED, number) for number in range(40 * len(VERSIONS)))
    assert {read_header(each.data[4:])[:2] for each in frames if each.is_valid} == set(VERSIONS)


@pytest.mark.parametrize(("api_key", "version"), VERSIONS)
def test_a_valid_request_is_one(api_key: int, version: int) -> None:
    for variant in range(20):
        data = request(random.Random(variant), api_key, version, 7)[4:]
        header = read_header(data)
        assert (header.api_key, header.api_version, header.correlation_id) == (api_key, version, 7)
        decode(data, header)


@pytest.mark.parametrize("mutation", dict.fromkeys(MUTATIONS), ids=lambda each: each.__name__.strip("_"))
def test_every_mutation_changes_what_it_is_given(mutation: Mutation) -> None:
    rng = random.Random(SEED)
    good = request(rng, 3, 4, 7)
    assert any(mutation(rng, bytearray(good)) != good for _ in range(20))


def test_spoilt_batches_get_past_the_checksum_or_are_refused() -> None:
    outcomes: Counter[str] = Counter()
    rng = random.Random(SEED)
    for _ in range(SAMPLE):
        try:
            check(batch(rng), 1 << 20)
            outcomes["accepted"] += 1
        except KafkaError as error:
            outcomes[error.code.name] += 1
    assert outcomes["accepted"] > SAMPLE / 2
    assert {"CORRUPT_MESSAGE", "INVALID_RECORD"} < outcomes.keys()


def test_what_the_broker_gives_out_is_put_in_for_its_stand_ins() -> None:
    given, member_id = GIVEN[0], "z-" + 36 * "x"
    heard = Heard()
    joined = JoinGroupResponse(version=5, error_code=0, member_id=member_id, generation_id=3)
    heard.note(11, given.group.encode(), joined)
    assert heard.filled_in(given.member_id.encode() + given.generation) == member_id.encode() + struct.pack(">i", 3)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_broker_that_takes_harm_is_noticed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attack, "DEADLINE_S", 3.0)
    monkeypatch.setattr(broker_frames, "MAX_RSS_BYTES", 160 << 20)
    with pytest.raises(WrongAnswerError, match=NOTICED[kind]) as noticed:
        await fuzz(seed=SEED, first=0, count=20_000, command=(sys.executable, "-m", "tests.fuzz.doubles", kind))
    assert f"python -m tests.fuzz.broker_frames --seed {SEED} --first " in str(noticed.value)


def test_an_answer_to_something_else_is_noticed() -> None:
    frames = [each for each in (frame(SEED, number) for number in range(500)) if each.is_valid]
    first, second = [each for each in frames if each.data[4:6] == b"\x00\x12"][:2]
    stream = cut([first, second], first.data + second.data)
    with pytest.raises(WrongAnswerError, match="correlation id"):
        check_answer(deque(stream.requests), second.data[8:12] + bytes(10), Counter())


def test_a_stream_is_cut_as_its_lengths_say_whatever_was_framed() -> None:
    frames = [each for each in (frame(SEED, number) for number in range(500)) if each.is_valid][:3]
    shorter = struct.pack(">i", len(frames[0].data) - 4 + len(frames[1].data)) + frames[0].data[4:]
    stream = cut(frames, shorter + frames[1].data + frames[2].data)
    assert [each.frame.number for each in stream.requests] == [frames[0].number, frames[2].number]
    assert stream.rest is None
    assert cut(frames[:1], frames[0].data[:-1]).rest == frames[0]
    assert cut(frames[:1], b"\xff\xff\xff\xff" + frames[0].data[4:]).is_out_of_bounds


def test_every_way_to_spoil_a_batch_keeps_it_a_batch_of_bytes() -> None:
    rng = random.Random(SEED)
    good = record_batch(b"x" * 40)
    for spoil in SPOILERS:
        assert any(spoil(rng, bytearray(good)) != good for _ in range(20)), spoil.__name__
