"""Goes to a moment among the results, and says so when it is not among those that are kept."""

from tui.dashboard.formatting import count, time_of_day
from tui.dashboard.widgets.results_log import ResultsLog
from tui.ledger.seek import first_since


def go_to_time(log: ResultsLog, at: float) -> str:
    """Hold `log` still at the first result that was seen at or after Unix time `at`.

    Returns what a person has to know besides, "" if nothing: older ones are gone, or none came since.
    """
    rows = log.shown
    if not len(rows):
        return "there is no result to go to"
    number = first_since(rows, at)
    if number == rows.total:
        return f"no result since {time_of_day(at)}: the newest came at {time_of_day(rows[number - 1].at)}"
    log.go_to(number)
    oldest = time_of_day(rows[rows.first].at)
    if number > rows.first or time_of_day(at) == oldest:
        return ""
    if rows.first:
        return f"older results were dropped: of {count(rows.total)} the oldest that is kept came at {oldest}"
    return f"there are no older results: the first came at {oldest}"
