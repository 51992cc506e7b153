"""`kcalc-tui`: the dashboard."""

from typing import Annotated

import typer

from tui.commands.opening import open_dashboard
from tui.commands.options import ConfigFile, ExactlyOnce, LogFile, ProfileName, ReadOnly, Servers, Version


def dashboard(
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-n", metavar="N", help="Workers to start with [default: workers.count, 3]."),
    ] = None,
    exactly_once: ExactlyOnce = False,
    read_only: ReadOnly = False,
    config: ConfigFile = None,
    profile: ProfileName = None,
    bootstrap_servers: Servers = None,
    log_file: LogFile = None,
    version: Version = False,
) -> None:
    """See how Kafka shares work among parallel workers.

    Type two operands, choose an operation, and watch the request travel through Kafka to one of several workers
    and come back. Without any setting an embedded broker runs inside; if a neighbour's runs already, this one joins
    it. Press ? for the keys.
    """
    open_dashboard(workers, exactly_once, config, bootstrap_servers, log_file, profile, read_only)
