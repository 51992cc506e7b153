"""The two themes of kcalc, and the colours that every other theme gets for what only kcalc shows."""

from collections.abc import MutableMapping

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="kcalc-dark",
    primary="#0178d4",
    secondary="#5f87af",
    accent="#ffc66d",
    foreground="#e0e0e0",
    background="#121212",
    surface="#1e1e1e",
    panel="#242f38",
    success="#7fd787",
    warning="#ffd75f",
    error="#ff6b6b",
    dark=True,
    variables={
        "secondary-text": "#8a8f98",
        "rule": "#45505a",
        "border": "#5f87af",
        "border-blurred": "#45505a",
        "footer-background": "#242f38",
        "input-cursor-background": "#e0e0e0",
        "input-cursor-foreground": "#121212",
        "input-selection-background": "#2d4e74",
        "block-cursor-background": "#2d4e74",
        "block-cursor-foreground": "#ffffff",
        "button-color-foreground": "#ffffff",
    },
)

LIGHT = Theme(
    name="kcalc-light",
    primary="#0b63b0",
    secondary="#3f6c9c",
    accent="#9a5b00",
    foreground="#1f2328",
    background="#fafafa",
    surface="#ececec",
    panel="#dde5ec",
    success="#1a7f37",
    warning="#8a5a00",
    error="#c62828",
    dark=False,
    variables={
        "secondary-text": "#666c75",
        "rule": "#b4bec8",
        "border": "#3f6c9c",
        "border-blurred": "#b4bec8",
        "footer-background": "#dde5ec",
        "input-cursor-background": "#1f2328",
        "input-cursor-foreground": "#fafafa",
        "input-selection-background": "#b9d4f0",
        "block-cursor-background": "#b9d4f0",
        "block-cursor-foreground": "#1f2328",
        "button-color-foreground": "#ffffff",
    },
)

OWN = (DARK, LIGHT)


def variable_defaults(theme: Theme) -> dict[str, str]:
    """kcalc's own variables for a theme that does not define them: grey for what is secondary, thin borders."""
    colours = theme.to_color_system().generate()
    foreground, background = Color.parse(colours["foreground"]), Color.parse(colours["background"])
    if foreground.ansi is not None or background.ansi is not None:
        return {"secondary-text": "ansi_bright_black", "rule": "ansi_bright_black"}
    return {
        "secondary-text": background.blend(foreground, 0.6).hex,
        "rule": background.blend(foreground, 0.25).hex,
    }


def no_colour(environ: MutableMapping[str, str]) -> bool:
    """True if NO_COLOR is set and not empty (https://no-color.org); an empty one, which Textual obeys, is removed."""
    if not environ.get("NO_COLOR"):
        environ.pop("NO_COLOR", None)
        return False
    return True


class UnknownTheme(ValueError):
    """`dashboard.theme` of config.yml names no theme."""


def checked_theme(name: str) -> str:
    """`name`, if it is one of kcalc's or Textual's themes. Raises `UnknownTheme` with all that are allowed."""
    names = [theme.name for theme in OWN] + sorted(BUILTIN_THEMES)
    if name not in names:
        raise UnknownTheme(f"dashboard.theme: found {name!r}, allowed are {', '.join(names)}")
    return name


def recalled_theme(configured: str, remembered: str) -> str:
    """The theme to begin with: the remembered one if there still is such a theme, else the configured one."""
    return remembered if remembered in {theme.name for theme in OWN} | set(BUILTIN_THEMES) else configured
