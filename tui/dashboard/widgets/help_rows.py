"""The rows of the help: a key, the word for what it does, and the same in more words, broken between words."""

import textwrap
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widgets import Static

_KEY_CELLS = 10
_LABEL_CELLS = 16
_LEAST_WORDS_CELLS = 30
_AT_FIRST = 74


@dataclass(frozen=True, slots=True)
class HelpRow:
    """`key` as a person reads it, or a sign; `label` is left out where there is no room, or with "" everywhere."""

    key: str
    label: str
    words: str


def help_text(title: str, rows: tuple[HelpRow, ...], cells: int) -> Content:
    """A block of rows in `cells` cells, its title above."""
    lines = [Content(title).stylize("$accent")]
    labelled = cells >= _KEY_CELLS + _LABEL_CELLS + _LEAST_WORDS_CELLS
    for row in rows:
        key = f"{row.key} ".ljust(_KEY_CELLS)
        label = f"{row.label} ".ljust(_LABEL_CELLS) if labelled and row.label else ""
        indent = len(key) + len(label)
        first, *others = textwrap.wrap(row.words, max(1, cells - indent)) or [""]
        lines.append(Content.assemble((key, "bold"), label, (first, "$secondary-text" if row.label else "")))
        lines += [Content.assemble((" " * indent + other, "$secondary-text")) for other in others]
    return Content("\n").join(lines)


class HelpBlock(Static):
    """One block, written anew for every width."""

    def __init__(self, title: str, rows: tuple[HelpRow, ...]) -> None:
        super().__init__(help_text(title, rows, _AT_FIRST), markup=False, classes="block")
        self._title = title
        self._rows = rows

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines elsewhere."""
        self.update(help_text(self._title, self._rows, self.content_size.width))
