"""`kcalc-tui`: the dashboard."""

import gc
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tui.commands.edge import USAGE, CommandError, command, log_to
from tui.commands.options import ConfigFile, LogFile, Servers, Version, configured, operations_of

if TYPE_CHECKING:
    from tui.settings import Settings


@command
def dashboard(
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-n", metavar="N", help="Workers to start with [default: workers.count, 3]."),
    ] = None,
    config: ConfigFile = None,
    bootstrap_servers: Servers = None,
    log_file: LogFile = None,
    version: Version = False,
) -> None:
    """See how Kafka shares work among parallel workers.

    Type two operands, choose an operation, and watch the request travel through Kafka to one of several workers
    and come back. Without any setting a broker in memory runs inside; if a neighbour's runs already, this one joins
    it. Press ? for the keys.
    """
    settings = configured(config, bootstrap_servers, workers__count=("--workers", workers)).settings
    operations_of(settings)
    # Textual reads keys from stdin and draws on stderr.
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(
            "the dashboard needs a terminal; for scripts there are kcalc send, results and worker", USAGE
        )
    log_to(log_file)
    _show(settings)


def _show(settings: "Settings") -> None:
    gc.disable()  # until the first paint: what is made before lives to the end, and collecting it delays the paint
    from tui.dashboard.keys import KeymapError
    from tui.dashboard.run import Failed, run
    from tui.dashboard.themes import UnknownTheme
    from tui.session import Session

    try:
        code = run(Session(settings))
    except (KeymapError, UnknownTheme) as error:
        raise CommandError(str(error), USAGE) from None
    except Failed as error:
        raise CommandError(str(error)) from None
    if code:
        raise typer.Exit(code)
