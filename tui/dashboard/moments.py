"""Moments as people type them: a time of day, or how long ago."""

import re
import time

HELP = "HH:MM, HH:MM:SS, or how long ago: -30s, -5m, -2h"

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_AGO = re.compile(r"-([0-9]{1,6})(s|m|min|h)")
_UNIT_S = {"s": 1, "m": 60, "min": 60, "h": 3600}


class NoMoment(ValueError):
    """What was typed is no moment; the message says what may stand there."""


def moment(text: str, now: float) -> float:
    """The Unix time meant by `text` at Unix time `now`; a local time of day is the last one that is over. NoMoment."""
    text = text.strip()
    if (ago := _AGO.fullmatch(text)) is not None:
        return now - int(ago[1]) * _UNIT_S[ago[2]]
    if (clock := _CLOCK.fullmatch(text)) is None:
        raise NoMoment(f"allowed are {HELP}")
    today = time.localtime(now)
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    for day in (today.tm_mday, today.tm_mday - 1):
        # mktime puts day 0 into the month before, and -1 lets it find out about summer time.
        at = time.mktime((today.tm_year, today.tm_mon, day, hour, minute, second, 0, 0, -1))
        if at <= now:
            break
    return at
