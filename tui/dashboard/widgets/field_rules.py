"""What may stand in each field of the request form, and in a few words why something may not."""

from tui.calc.numbers import CalcError, Limits, parse_number, shown

MAX_TIMES = 1_000_000
MAX_KEY_CHARS = 200


def operand_problem(text: str, limits: Limits) -> str:
    """Why `text` is no operand, or "". The text itself stands beside the words, so they do not repeat it."""
    try:
        parse_number(text, limits)
    except CalcError as error:
        return "a number is missing" if error.code == "empty" else error.message.removeprefix(f"{shown(text)} is ")
    return ""


def times_problem(text: str) -> str:
    """Why `text` does not say how often to send, or ""."""
    if not text:
        return f"how often? 1 to {MAX_TIMES:,}"
    if _whole(text, MAX_TIMES) is None or int(text) < 1:
        return f"only digits, 1 to {MAX_TIMES:,} without commas"
    return ""


def partition_problem(text: str, partitions: int | None) -> str:
    """Why `text` is no partition, or "". Empty lets Kafka choose; `partitions` is how many there are, if known."""
    last = (partitions - 1) if partitions else 2**31 - 1
    if not text or _whole(text, last) is not None:
        return ""
    return f"0 to {last}, or empty for auto" if partitions else "a number from 0, or empty for auto"


def key_problem(text: str) -> str:
    """Why `text` is no key, or "". Empty sends without a key."""
    return "" if len(text) <= MAX_KEY_CHARS else f"at most {MAX_KEY_CHARS} characters"


def _whole(text: str, highest: int) -> int | None:
    """`text` as a whole number up to `highest`; None if it is more, or not only ASCII digits."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return None
    number = int(text)
    return number if number <= highest else None
