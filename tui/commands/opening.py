"""Opens the dashboard: settings first, then the terminal. Knows no typer: a start without options needs none."""

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.configuring import configured, delivery, operations_of
from tui.commands.edge import USAGE, CommandError, command, log_to

if TYPE_CHECKING:
    from tui.settings import Settings


@command
def open_dashboard(
    workers: int | None = None,
    exactly_once: bool = False,
    config: str | None = None,
    bootstrap_servers: str | None = None,
    log_file: Path | None = None,
    profile: str | None = None,
    read_only: bool = False,
) -> None:
    """Show the dashboard until the person leaves; None for what was not given on the command line."""
    configuration = configured(
        config,
        bootstrap_servers,
        profile,
        read_only=read_only,
        workers__count=("--workers", workers),
        workers__delivery=delivery(exactly_once),
    )
    settings = configuration.settings
    operations_of(settings)
    # Textual reads keys from stdin and draws on stderr.
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(
            "the dashboard needs a terminal; for scripts there are kcalc send, results and worker", USAGE
        )
    log_to(log_file)
    _show(settings, own_theme=("dashboard", "theme") in configuration.origins)


def _show(settings: "Settings", own_theme: bool) -> None:
    gc.disable()  # until the first paint: what is made before lives to the end, and collecting it delays the paint
    from tui.dashboard.keys import KeymapError
    from tui.dashboard.remembered import Memory, state_file
    from tui.dashboard.run import Failed, run
    from tui.dashboard.themes import UnknownTheme
    from tui.session import Session

    memory = Memory(state_file(os.environ), own_theme=own_theme)
    try:
        code = run(Session(settings), memory)
    except (KeymapError, UnknownTheme) as error:
        raise CommandError(str(error), USAGE) from None
    except Failed as error:
        raise CommandError(str(error)) from None
    if code:
        raise SystemExit(code)
