"""What every command takes: --config, --bootstrap-servers, --json; and the settings that follow from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tui.calc.operations import Operations
    from tui.config import Configuration
    from tui.settings import Settings

ConfigFile = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="Settings; else $KCALC_CONFIG, else ./config.yml if there is one."),
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


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"kcalc {version('kcalc-tui')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
]


def configured(config: str | None, servers: str | None, **overrides: tuple[str, Any]) -> "Configuration":
    """What this command line configures. `overrides`: `section__key=(option, value)`, None for not given."""
    from tui.config import Given, load
    from tui.config_rules import BOOTSTRAP

    given = {} if servers is None else {BOOTSTRAP: Given(servers, "--bootstrap-servers")}
    for name, (option, value) in overrides.items():
        if value is not None:
            section, _, key = name.partition("__")
            given[section, key] = Given(value, option)
    return load(config, given)


def operations_of(settings: "Settings") -> "Operations":
    """The built-in and the added operations. ConfigError names what is wrong with an added one."""
    from tui.calc.numbers import Limits
    from tui.calc.operations import Operations
    from tui.config import ConfigError

    limits = Limits(settings.calc.max_digits, settings.calc.division_digits)
    try:
        return Operations.standard(limits).with_added(settings.operations)
    except ValueError as error:
        raise ConfigError(str(error)) from None
