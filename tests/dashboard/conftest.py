"""What the tests of the dashboard share: a fake session and a clock that stands still."""

import pytest

from tests.dashboard.fakes import FakeSession


@pytest.fixture
def session() -> FakeSession:
    """A session with the figures of the frames."""
    return FakeSession()
