"""The pictures of the README: those of the snapshots, which are of seeded figures and compared by every test run.

`make pictures` takes new snapshots and copies these; `test_pictures.py` fails when they differ.
"""

import shutil
from pathlib import Path

_SNAPSHOTS = Path(__file__).parent / "__snapshots__"
_VIEW = "test_snapshots/test_a_view_looks_as_in_its_picture"
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = {
    "live": f"{_VIEW}[working-120x40]",
    "live-80x24": f"{_VIEW}[working-80x24]",
    "explained": f"{_VIEW}[explained-120x40]",
    "workers": f"{_VIEW}[workers_12-120x40]",
    "worker": f"{_VIEW}[worker_enlarged-120x40]",
    "events": f"{_VIEW}[events-120x40]",
    "dead-letters": f"{_VIEW}[dead_letters-120x40]",
    "cluster": "test_cluster_snapshots/test_the_cluster_looks_as_in_its_picture[normal-120x40]",
    "trace": "test_trace_snapshots/test_a_row_and_its_trace_look_as_in_their_pictures[traced-120x40]",
}
"""Each picture by name, and the snapshot that it is."""


def snapshot(name: str) -> Path:
    """The file of the snapshot that is the picture `name`."""
    return _SNAPSHOTS / f"{SHOWN[name]}.svg"


def picture(name: str) -> Path:
    """The file that the README shows."""
    return FOLDER / f"{name}.svg"


def main() -> None:
    """Copy all."""
    FOLDER.mkdir(exist_ok=True)
    for name in SHOWN:
        shutil.copyfile(snapshot(name), picture(name))


if __name__ == "__main__":
    main()
