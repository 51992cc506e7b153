"""A record as it was read, made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Stored:
    """A record as a consumer hands it out."""

    value: bytes | None = b"?"
    key: bytes | None = b"key"
    headers: Sequence[tuple[str, bytes | None]] = field(default_factory=list)
    topic: str = "requests"
    partition: int = 3
    offset: int = 41
    timestamp: int = 1_700_000_000_123
