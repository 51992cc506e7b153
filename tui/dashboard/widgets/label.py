"""The word before a field: a click on it goes to the field."""

from textual.widgets import Static


class Label(Static):
    """Stands beside its field, in the same container."""

    ALLOW_SELECT = False

    def __init__(self, words: str) -> None:
        super().__init__(words, markup=False, classes="label")

    def on_click(self) -> None:
        """Go to the field."""
        beside = (sibling for sibling in self.siblings if sibling.focusable)
        if (field := next(beside, None)) is not None:
            field.focus()
