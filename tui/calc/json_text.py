"""JSON on one line in which a terminal finds nothing to act on."""


def printable(text: str) -> str:
    """JSON text that means the same and is printable: controls, bidi and line ends are written `\\u001b`."""
    if text.isprintable():
        return text
    # What is not printable can only stand inside of strings, where JSON has an escape for it.
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
