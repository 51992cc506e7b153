"""What in the configuration is secret: how it is shown, and whether a file that holds it can be read by others."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tui.config_rules import Key
from tui.settings import Settings

PASSWORD: Key = ("kafka", "sasl_password")
PRIVATE_KEY: Key = ("kafka", "ssl_keyfile")
SECRETS = frozenset({PASSWORD})
SECRET_FILE = "file:"
HIDDEN = "***"
_TOKEN_COMMAND: Key = ("kafka", "sasl_oauth_token_command")


def masked(settings: Settings) -> dict[str, Any]:
    """The settings as plain data for showing: no secret, and of a command only its program, not its arguments."""
    shown: dict[str, Any] = msgspec.to_builtins(settings)
    for section, key in SECRETS:
        if shown[section][key] is not None:
            shown[section][key] = HIDDEN
    if not settings.profile.name:
        del shown["profile"]
    section, key = _TOKEN_COMMAND
    if shown[section][key] is not None:
        program, *arguments = shown[section][key].split(maxsplit=1)
        shown[section][key] = f"{program} {HIDDEN}" if arguments else program
    return shown


def exposed(file: Path, what: str) -> Iterator[str]:
    """A sentence if `file`, which holds `what`, can be read by others than its owner."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return  # reading it says so better
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        yield f"{file} holds {what} and can be read by others (mode {mode:04o}): chmod 600 {file}"
