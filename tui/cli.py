"""The commands `kcalc` and `kcalc-tui`: what there is and what it is called. Each entry imports only what it offers."""

import typer

from tui.commands.edge import EXIT_CODES, quiet
from tui.commands.options import Version


def main() -> None:
    """The entry of `kcalc`."""
    quiet()
    _kcalc()(prog_name="kcalc")


def dashboard() -> None:
    """The entry of `kcalc-tui`."""
    from tui.commands.dashboard import dashboard

    quiet()
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    app.command(epilog=EXIT_CODES)(dashboard)
    app(prog_name="kcalc-tui")


def _kcalc() -> typer.Typer:
    from tui.commands.broker import broker
    from tui.commands.doctor import doctor
    from tui.commands.results import results
    from tui.commands.send import send
    from tui.commands.topics import app as topics
    from tui.commands.worker import worker

    app = typer.Typer(
        name="kcalc",
        help="Calculations through Kafka: send requests, run workers, look at results and topics.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback(epilog=EXIT_CODES)(_options)
    app.command(epilog=EXIT_CODES)(broker)
    app.command(epilog=EXIT_CODES)(worker)
    app.command(epilog=EXIT_CODES, context_settings={"ignore_unknown_options": True})(send)
    app.command(epilog=EXIT_CODES)(results)
    app.add_typer(topics, name="topics", epilog=EXIT_CODES)
    app.command(epilog=EXIT_CODES)(doctor)
    return app


def _options(version: Version = False) -> None:
    pass
