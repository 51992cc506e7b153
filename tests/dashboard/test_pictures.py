"""What the README shows is what the dashboard looks like, and no snapshot is left of a test that is gone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dashboard.pictures import SHOWN, picture, snapshot

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_of_the_readme_is_of_today(name: str) -> None:
    assert picture(name).read_bytes() == snapshot(name).read_bytes(), "make pictures takes them anew"


def test_every_snapshot_is_that_of_a_test() -> None:
    """The plugin of the snapshots says so too, but not of tests that run side by side."""
    files = [str(file) for file in HERE.glob("test_*snapshots.py")]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    collected = subprocess.run(command, capture_output=True, text=True, timeout=50, check=True).stdout
    tests = set(re.findall(r"(\w+)\.py::(.+)", collected))
    assert {(file.parent.name, file.stem) for file in HERE.glob("__snapshots__/*/*")} == tests
