"""What every command takes: --config, --profile, --bootstrap-servers, --read-only, --json, --log-file, --version."""

from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="Settings; else $KCALC_CONFIG, else ./config.yml if there is one."),
]
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="A profile of the config file; else $KCALC_PROFILE, else none."),
]
ReadOnly = Annotated[
    bool, typer.Option("--read-only", help="Only look: nothing is sent, created, joined or committed.")
]
Servers = Annotated[
    str | None,
    typer.Option(
        "--bootstrap-servers",
        metavar="HOST:PORT|embedded",
        help="The Kafka cluster, or `embedded`: the broker of a running kcalc-tui or `kcalc broker`.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON on stdout.")]
LogFile = Annotated[
    Path | None,
    typer.Option("--log-file", metavar="FILE", help="Append what the libraries log; else it is discarded."),
]
ExactlyOnce = Annotated[
    bool, typer.Option("--exactly-once", help="Answer in transactions: workers.delivery exactly_once.")
]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"kcalc {version('kcalc-tui')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
]
