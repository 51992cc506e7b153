"""What the tests share: a fake session, its cluster, and what is the same everywhere: time zone, colours."""

import time
from collections.abc import Iterator

import pytest

from tests.dashboard.fake_cluster import FakeCluster
from tests.dashboard.fakes import FakeSession
from tui.dashboard import formatting


@pytest.fixture
def session() -> FakeSession:
    """A session with the figures of the frames."""
    return FakeSession()


@pytest.fixture
def cluster(session: FakeSession) -> FakeCluster:
    """The cluster of the session."""
    assert session.cluster is not None
    return session.cluster


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day are those of UTC, wherever the tests run."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    formatting._time_of_second.cache_clear()
    yield
    monkeypatch.undo()
    time.tzset()
    formatting._time_of_second.cache_clear()


@pytest.fixture
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The colours do not depend on the terminal in which the tests run."""
    monkeypatch.delenv("NO_COLOR", raising=False)
