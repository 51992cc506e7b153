"""Names partitions in sentences: a few of them, so that the sentence stays one."""

from collections.abc import Iterable, Sequence

from tui.ledger.figures import PartitionFigures

_NAMED = 3


def places(numbers: Sequence[int]) -> str:
    """`p1`, `p1 p5`, or `p1 p5 p9 …` if there are more."""
    more = " …" if len(numbers) > _NAMED else ""
    return " ".join(f"p{number}" for number in numbers[:_NAMED]) + more


def by_owner(rows: Iterable[PartitionFigures]) -> dict[str, list[PartitionFigures]]:
    """The partitions that somebody owns, by client id."""
    owned: dict[str, list[PartitionFigures]] = {}
    for row in rows:
        if row.owner:
            owned.setdefault(row.owner, []).append(row)
    return owned
