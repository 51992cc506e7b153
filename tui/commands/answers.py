"""The answers to our own requests, put back into the order of sending."""

from collections.abc import Iterable, Iterator

from tui.calc.messages import NoResult, Result, decode_result


class Answers:
    """Picks out of all results the first answer to each of our requests, and gives them out in order.

    Holds only what came before its turn; the caller bounds how many requests are under way.
    """

    def __init__(self, sender: str) -> None:
        self._prefix = f"{sender}-"
        self._mark = f'"{sender}-'.encode()
        self._early: dict[int, Result] = {}
        self._next = 0

    @property
    def answered(self) -> int:
        """How many of our requests have been answered."""
        return self._next + len(self._early)

    @property
    def in_order(self) -> int:
        """How many answers have been given out."""
        return self._next

    def take(self, values: Iterable[bytes | None]) -> Iterator[Result]:
        """The results whose turn it is now. Those of other programs, and second answers, are passed over."""
        for value in values:
            number = -1
            if value is not None and self._mark in value:
                try:
                    result = decode_result(value)
                except NoResult:
                    continue
                number = self._number(result.id)
            if number >= self._next and number not in self._early:
                self._early[number] = result
        while (due := self._early.pop(self._next, None)) is not None:
            self._next += 1
            yield due

    def _number(self, request_id: str) -> int:
        digits = request_id.removeprefix(self._prefix)
        return int(digits) if request_id.startswith(self._prefix) and digits.isdecimal() else -1
