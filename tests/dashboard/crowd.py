"""More workers than panes can show."""

from tests.dashboard.seeded import worker
from tui.ledger.figures import WorkerFigures


def crowd(count: int) -> tuple[WorkerFigures, ...]:
    """So many workers with a partition each, the later the faster."""
    return tuple(
        worker(f"client-{number}", (number,), per_s=float(number), rates=(1.0, 2.0)) for number in range(count)
    )
