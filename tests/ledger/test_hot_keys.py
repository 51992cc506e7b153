"""Which key is hot, and which partition crowded by requests without one: shares of the latest minute at any rate."""

import pytest

from tests.ledger.builders import NOW
from tui.ledger.fading import Fading
from tui.ledger.hot_keys import HotKey, HotKeys
from tui.ledger.keyless import Keyless


def counted(*keys: tuple[bytes | None, int]) -> HotKey | None:
    hot = HotKeys()
    for key, times in keys:
        for _ in range(times):
            hot.add(key, 1, NOW)
    return hot.hottest()


def test_a_key_is_hot_from_a_fifth_of_all_requests_on() -> None:
    assert counted((None, 800), (b"a", 200)) == HotKey(b"a", 1, 0.2)
    assert counted((None, 801), (b"a", 199)) is None


def test_a_few_requests_prove_nothing() -> None:
    assert counted((b"a", 99)) is None


def test_many_rare_keys_do_not_hide_or_invent_a_hot_one() -> None:
    rare = [(f"k{number}".encode(), 1) for number in range(5_000)]
    assert counted(*rare) is None
    hottest = counted(*rare[:2_500], (b"a", 3_000), *rare[2_500:])
    assert hottest is not None
    assert (hottest.key, 0.3 < hottest.share <= 3 / 8) == (b"a", True)


def flow(hot: HotKeys, seconds: int, per_s: int, every: int, begin: float) -> float:
    """Requests at a steady rate of which one in `every` has the key `a`; the time at the end."""
    for number in range(seconds * per_s):
        hot.add(b"a" if number % every == 0 else None, 1, begin + number / per_s)
    return begin + seconds


@pytest.mark.parametrize("per_s", [10, 40, 1_000])
def test_a_share_that_changed_is_told_within_a_minute_at_any_rate(per_s: int) -> None:
    hot = HotKeys()
    changed = flow(hot, 120, per_s, 3, NOW)
    before = hot.hottest()
    assert before is not None
    assert before.share == pytest.approx(0.33, abs=0.02)
    flow(hot, 60, per_s, 2, changed)
    after = hot.hottest()
    assert after is not None
    assert after.share == pytest.approx(0.48, abs=0.02)


def test_a_steady_share_stays_the_same_from_second_to_second() -> None:
    hot, at, shares = HotKeys(), NOW, []
    for _ in range(300):
        at = flow(hot, 1, 40, 2, at)
        if (hottest := hot.hottest()) is not None:
            shares.append(hottest.share)
    assert len(shares) > 290
    assert max(shares) - min(shares) < 0.02


def test_what_was_hot_before_a_long_rest_is_forgotten() -> None:
    hot = HotKeys()
    ended = flow(hot, 60, 100, 1, NOW)
    hot.add(None, 1, ended + 3_600)
    assert hot.hottest() is None
    flow(hot, 10, 100, 200, ended + 3_600)
    assert hot.hottest() is None


def test_where_requests_crowded_long_ago_is_forgotten() -> None:
    keyless = Keyless()
    for number in range(6_000):
        keyless.add(None, 1 if number < 1_000 else number % 4, NOW + number / 40)
    assert keyless.crowded(4) == {}


def test_a_clock_that_was_set_back_does_not_stop_the_forgetting() -> None:
    fading = Fading()
    assert [fading.factor(at) for at in (NOW, NOW + 1, NOW + 20, NOW - 3_600)] == [1.0, 1.0, 0.5, 1.0]
    assert fading.factor(NOW - 3_580) == 0.5
