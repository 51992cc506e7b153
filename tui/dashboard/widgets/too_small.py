"""What a window shows that is too small for everything else."""

from textual.geometry import Size
from textual.widgets import Static

from tui.dashboard.screens.layout import SMALLEST


class TooSmall(Static):
    """Seen while its screen has the class `-tiny`."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="too-small")

    def tell(self, size: Size) -> None:
        """The window has this size."""
        self.update(f"kcalc needs {SMALLEST.width}x{SMALLEST.height}, this is {size.width}x{size.height}")
