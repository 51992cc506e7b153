"""Stand-ins for what only the broker gives out: member ids, generations, producer ids with their epochs.

A frame is made before the broker is asked anything. Where it needs what the broker will have said by then, it has
a stand-in of the same length, and the sender puts in what it has heard (see `Heard`).
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import Any

from crc32c import crc32c

from tui.broker.batch import CHECKED_FROM, CHECKSUM_AT

PRODUCE, JOIN_GROUP, INIT_PRODUCER_ID = 0, 11, 22
COUNT = 6
GROUPS = tuple(f"fuzz-group-{index}" for index in range(COUNT))
TRANSACTIONAL_IDS = tuple(f"fuzz-transaction-{index}" for index in range(COUNT))
CLIENT_ID = "z"  # the broker's member ids begin with it, so that their length is known
PRODUCER_AT = 43  # producer id and epoch in a record batch
PRODUCER = struct.Struct(">qh")


@dataclass(frozen=True, slots=True)
class Given:
    """The stand-ins for one group and one transactional id."""

    group: str
    transactional_id: str
    member_id: str
    generation: bytes
    producer: bytes

    @property
    def producer_id(self) -> int:
        return int(PRODUCER.unpack(self.producer)[0])

    @property
    def epoch(self) -> int:
        return int(PRODUCER.unpack(self.producer)[1])


GIVEN = tuple(
    Given(
        group=GROUPS[index],
        transactional_id=TRANSACTIONAL_IDS[index],
        member_id=f"{CLIENT_ID}-{index}{'given-by-the-broker':->35}",
        generation=struct.pack(">i", 0x6E0E0E00 + index),
        producer=PRODUCER.pack(0x6F0F0F0F0F0F0F00 + index, 0x6D00 + index),
    )
    for index in range(COUNT)
)


def client_of(rng: random.Random) -> str | None:
    """A client id, nearly always the one whose member ids are as long as their stand-ins."""
    return CLIENT_ID if rng.random() < 0.95 else rng.choice((None, "", "other"))


class Heard:
    """What the broker gave out, as far as its answers were seen."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}

    def note(self, api_key: int, frame: bytes, response: Any) -> None:
        """Learn from the answer to a frame; which group or transactional id it names is seen in its bytes."""
        for given in GIVEN:
            if api_key == JOIN_GROUP and given.group.encode() in frame:
                member_id = response.member_id.encode()
                if len(member_id) == len(given.member_id):
                    self._values[given.member_id.encode()] = member_id
                if response.generation_id >= 0:
                    self._values[given.generation] = struct.pack(">i", response.generation_id)
            elif api_key == INIT_PRODUCER_ID and not response.error_code and given.transactional_id.encode() in frame:
                self._values[given.producer] = PRODUCER.pack(response.producer_id, response.producer_epoch)

    def filled_in(self, frame: bytes) -> bytes:
        """The frame with what is known instead of its stand-ins; checksums of record batches follow."""
        for stand_in, value in self._values.items():
            if stand_in in frame:
                found = frame.find(stand_in)
                frame = frame.replace(stand_in, value)
                if frame[4:6] == b"\x00\x00" and len(stand_in) == PRODUCER.size:
                    frame = _checked(frame, found - PRODUCER_AT)
        return frame


def _checked(frame: bytes, start: int) -> bytes:
    """The frame with the right checksum in the record batch that starts there, if one does."""
    end = start + 12 + int.from_bytes(frame[start + 8 : start + 12], "big") if start > 0 else 0
    if not start + PRODUCER_AT < end <= len(frame):
        return frame
    checksum = struct.pack(">I", crc32c(frame[start + CHECKED_FROM : end]))
    return frame[: start + CHECKSUM_AT] + checksum + frame[start + CHECKED_FROM :]
