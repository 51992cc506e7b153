"""One of eight hues per worker, the same wherever it appears; beyond eight they repeat and the name decides."""

import re
import zlib
from functools import lru_cache

DARK = ("#5fd7ff", "#ffaf5f", "#b38cff", "#ff87d7", "#8fbf5f", "#7fa7ff", "#d7c97f", "#4fc7a9")
"""Each has a contrast of at least 7 to 1 on the dark themes' background, and none is a status colour."""
LIGHT = ("#006f94", "#9c5100", "#6d3fd0", "#a8327d", "#4b6b12", "#2f55b8", "#756407", "#0b6e5a")
"""Each has a contrast of at least 4.5 to 1 on the light themes' background."""
SIXTEEN = (
    "bright_cyan", "yellow", "bright_magenta", "magenta", "green", "bright_blue", "bright_yellow", "cyan",
)  # fmt: skip
"""For terminals of 16 colours, whose themes decide what they look like; red is kept for what failed."""

_NUMBER = re.compile(r"([0-9]{1,9})\Z")


@lru_cache(maxsize=1_024)
def hue_index(client_id: str) -> int:
    """0 to 7: by the number a client id ends with (client-0 has the first hue), else by its letters."""
    found = _NUMBER.search(client_id)
    number = int(found[1]) if found else zlib.crc32(client_id.encode("utf-8", "surrogatepass"))
    return number % len(DARK)
