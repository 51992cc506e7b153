"""Mutated frames for the embedded broker: which one is a pure function of a seed and a number."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tests.fuzz.valid import VERSIONS, request

SIZE_BYTES = 4
HEADER_BYTES = 8  # API key, version, correlation id
VALID_SHARE = 0.2
VARIANTS = 64  # valid requests of one API and version, to begin with
PRODUCE = 0
MAX_CORRELATION_ID = (1 << 31) - 1
INT32 = (-(1 << 31), -2, -1, 0, 1, 255, 1 << 16, 1 << 24, (1 << 31) - 1)
INT16 = (-(1 << 15), -2, -1, 0, 1, 255, (1 << 15) - 1)
VARINTS = (b"\xff\xff\xff\xff\x0f", b"\xff" * 10, b"\x80" * 30 + b"\x01", b"\x80" * 1100, b"\x00", b"\x01", b"\x7f")
LENGTHS = (-(1 << 31), -1, 0, 1, 3, 7, 9, 13, 600_000, 30 << 20, (1 << 31) - 1)
MANY = (20, 20, 20, 100, 1000, 10_000)
MAX_REPEATED_BYTES = 400_000

Mutation = Callable[[random.Random, bytearray], bytearray]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is sent under a number, its length prefix included; `is_valid` if nothing in it was mutated."""

    number: int
    data: bytes
    is_valid: bool


def frame(seed: int, number: int) -> Frame:
    """The frame of that number. APIs and versions come in turn: consecutive numbers cover every one of them."""
    rng = random.Random(f"frame {seed} {number}")
    good = _good(rng, number)
    if rng.random() < VALID_SHARE:
        return Frame(number, good, is_valid=True)
    mutation = rng.choice(MUTATIONS)
    if mutation is _frame_wrongly:
        return Frame(number, bytes(_frame_wrongly(rng, bytearray(good))), is_valid=False)
    body = bytearray(good[SIZE_BYTES:])
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        body = mutation(rng, body)
        mutation = rng.choice(BODY_MUTATIONS)
    return Frame(number, struct.pack(">i", len(body)) + body, is_valid=False)


def _good(rng: random.Random, number: int) -> bytes:
    """A valid request: one of VARIANTS of its API and version, Produce always a new one."""
    index = number % len(VERSIONS)
    variant = rng.getrandbits(64) if VERSIONS[index][0] == PRODUCE else rng.randrange(VARIANTS)
    correlation_id = struct.pack(">i", number % MAX_CORRELATION_ID)
    good = _variant(index, variant)
    return good[: SIZE_BYTES + 4] + correlation_id + good[SIZE_BYTES + HEADER_BYTES :]


@lru_cache(maxsize=2 * VARIANTS * len(VERSIONS))
def _variant(index: int, variant: int) -> bytes:
    api_key, version = VERSIONS[index]
    return request(random.Random(variant), api_key, version, 0)


def _at(rng: random.Random, data: bytearray) -> int:
    """Somewhere in the body; rarely in the header, most of which only ends the connection."""
    first = HEADER_BYTES if len(data) > HEADER_BYTES and rng.random() < 0.95 else 0
    return rng.randrange(first, len(data)) if len(data) > first else 0


def _flip_bits(rng: random.Random, data: bytearray) -> bytearray:
    for _ in range(rng.choice((1, 1, 2, 8))):
        if data:
            data[_at(rng, data)] ^= 1 << rng.randrange(8)
    return data


def _set_bytes(rng: random.Random, data: bytearray) -> bytearray:
    for _ in range(rng.choice((1, 1, 4))):
        if data:
            data[_at(rng, data)] = rng.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, rng.randrange(256)))
    return data


def _truncate(rng: random.Random, data: bytearray) -> bytearray:
    return data[: _at(rng, data)]


def _extend(rng: random.Random, data: bytearray) -> bytearray:
    return data + rng.choice((bytes(8), b"\xff" * 8, rng.randbytes(40)))


def _splice(rng: random.Random, data: bytearray) -> bytearray:
    """The beginning of this frame and the end of another, of any API."""
    other = _good(rng, rng.randrange(len(VERSIONS)))[SIZE_BYTES:]
    return data[: _at(rng, data)] + other[_at(rng, bytearray(other)) :]


def _call_another_api(rng: random.Random, data: bytearray) -> bytearray:
    """The body of one API under the key, or the version, of another; rarely one that there is not."""
    api_key, version = rng.choice(VERSIONS)
    if rng.random() < 0.2:
        api_key, version = rng.choice(((api_key, 99), (999, version), (-1, version), (18, 77), (api_key, -1)))
    if rng.random() < 0.5 and len(data) >= HEADER_BYTES:
        api_key = int.from_bytes(data[:2], "big", signed=True)
    data[:4] = struct.pack(">hh", api_key, version)
    return data


def _set_int32(rng: random.Random, data: bytearray) -> bytearray:
    at = _at(rng, data)
    data[at : at + 4] = struct.pack(">i", rng.choice(INT32))
    return data


def _set_small_int32(rng: random.Random, data: bytearray) -> bytearray:
    """Another number where a small one stands, which often is a count."""
    small = [at for at in range(HEADER_BYTES, len(data) - 3) if data[at : at + 3] == b"\x00\x00\x00"]
    if small:
        at = rng.choice(small)
        data[at : at + 4] = struct.pack(">i", rng.choice((*INT32, 2, 3, 5, 1000)))
    return data


def _set_int16(rng: random.Random, data: bytearray) -> bytearray:
    at = _at(rng, data)
    data[at : at + 2] = struct.pack(">h", rng.choice(INT16))
    return data


def _set_int64(rng: random.Random, data: bytearray) -> bytearray:
    at = _at(rng, data)
    data[at : at + 8] = struct.pack(">q", rng.choice((-(1 << 63), -1, 0, 1 << 32, (1 << 63) - 1)))
    return data


def _put_varint(rng: random.Random, data: bytearray) -> bytearray:
    at = _at(rng, data)
    varint = rng.choice(VARINTS)
    data[at : at + rng.choice((1, len(varint)))] = varint
    return data


def _duplicate(rng: random.Random, data: bytearray) -> bytearray:
    first = _at(rng, data)
    last = min(len(data), first + rng.randint(1, 40))
    return data[:last] + data[first:last] * rng.choice((1, 2, 10)) + data[last:]


def _count_many(rng: random.Random, data: bytearray) -> bytearray:
    """A list of one element that now has very many of the same: what follows the count, repeated."""
    counts = [at for at in range(HEADER_BYTES, len(data) - 3) if data[at : at + 4] == b"\x00\x00\x00\x01"]
    if not counts:
        return _duplicate(rng, data)
    at = rng.choice(counts)
    element = data[at + 4 : at + 4 + rng.choice((4, 14, 18, 22, 30, len(data)))]
    many = min(rng.choice(MANY), MAX_REPEATED_BYTES // max(len(element), 1))
    return data[:at] + struct.pack(">i", many) + element * many + data[at + 4 + len(element) :]


def _make_noise(rng: random.Random, data: bytearray) -> bytearray:
    return data[: rng.choice((0, HEADER_BYTES, HEADER_BYTES + 3))] + rng.randbytes(rng.choice((0, 1, 20, 300)))


def _swap_halves(rng: random.Random, data: bytearray) -> bytearray:
    middle = _at(rng, data)
    return data[:HEADER_BYTES] + data[middle:] + data[HEADER_BYTES:middle]


def _frame_wrongly(rng: random.Random, framed: bytearray) -> bytearray:
    """Another length before the frame than it has."""
    size = len(framed) - SIZE_BYTES
    wrong = rng.choice((*LENGTHS, size - 1, size + 1, size // 2, size * 2))
    return bytearray(struct.pack(">i", wrong)) + framed[SIZE_BYTES:]


BODY_MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits,
    _set_bytes,
    _truncate,
    _extend,
    _splice,
    _call_another_api,
    _set_int32,
    _set_small_int32,
    _set_small_int32,
    _set_small_int32,
    _set_int16,
    _set_int64,
    _put_varint,
    _duplicate,
    _make_noise,
    _swap_halves,
)
#: A repeated element is large: it is one mutation in many, and never one of several.
MUTATIONS: tuple[Mutation, ...] = (*BODY_MUTATIONS * 3, _count_many, _frame_wrongly)
