"""The commands `kcalc` and `kcalc-tui`: what there is and what it is called. Each entry imports only what it offers."""

import sys
from typing import TYPE_CHECKING, Any

from tui.commands.edge import EXIT_CODES, printing, quiet
from tui.commands.secret_options import refuse_secrets

if TYPE_CHECKING:
    import typer


@printing
def main() -> None:
    """The entry of `kcalc`."""
    quiet()
    refuse_secrets(sys.argv[1:])
    _kcalc()(prog_name="kcalc")


@printing
def dashboard() -> None:
    """The entry of `kcalc-tui`."""
    quiet()
    if len(sys.argv) == 1:
        # Nothing to parse, and importing the parser would take a tenth of the time to the first paint.
        from tui.commands.opening import open_dashboard

        open_dashboard()
        return
    from tui.commands.dashboard import dashboard

    refuse_secrets(sys.argv[1:])
    app = _app()
    app.command(epilog=EXIT_CODES)(dashboard)
    app(prog_name="kcalc-tui")


def _app(**described: Any) -> "typer.Typer":
    import typer

    return typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, **described)


def _kcalc() -> "typer.Typer":
    from tui.commands.broker import broker
    from tui.commands.doctor import doctor
    from tui.commands.options import Version
    from tui.commands.results import results
    from tui.commands.send import send
    from tui.commands.topics import app as topics
    from tui.commands.worker import worker

    def options(version: Version = False) -> None:
        pass

    app = _app(
        name="kcalc",
        help="Calculations through Kafka: send requests, run workers, look at results and topics.",
        no_args_is_help=True,
    )
    app.callback(epilog=EXIT_CODES)(options)
    app.command(epilog=EXIT_CODES)(broker)
    app.command(epilog=EXIT_CODES)(worker)
    app.command(epilog=EXIT_CODES, context_settings={"ignore_unknown_options": True})(send)
    app.command(epilog=EXIT_CODES)(results)
    app.add_typer(topics, name="topics", epilog=EXIT_CODES)
    app.command(epilog=EXIT_CODES)(doctor)
    return app
