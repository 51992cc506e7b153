"""The box that asks for a moment, to go to the results of that time."""

from collections.abc import Callable, Mapping

from tui.dashboard.glyphs import Glyphs
from tui.dashboard.moments import HELP, NoMoment, moment
from tui.dashboard.screens.asking import AskScreen

_MOST_CHARS = 40


class JumpScreen(AskScreen[float]):
    """Returns the Unix time that was typed; `clock` gives Unix seconds."""

    def __init__(self, key_names: Mapping[str, str], glyphs: Glyphs, clock: Callable[[], float]) -> None:
        asked = f"When they came here: {HELP}"
        super().__init__(
            "Go to results of a time", asked, value="", most=_MOST_CHARS, key_names=key_names, glyphs=glyphs
        )
        self._clock = clock

    def on_mount(self) -> None:
        """Say what the keys do."""
        self.hint("go")

    def answered(self, text: str) -> None:
        """Leave with it, or say what is wrong."""
        try:
            self.dismiss(moment(text, self._clock()))
        except NoMoment as wrong:
            self.say(str(wrong), "error")
