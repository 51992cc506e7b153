"""The commands `kcalc` and `kcalc-tui`: what there is and what it is called."""

import typer

from tui.commands.broker import broker
from tui.commands.dashboard import dashboard as show_dashboard
from tui.commands.doctor import doctor
from tui.commands.edge import EXIT_CODES, quiet
from tui.commands.options import Version
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


@app.callback(epilog=EXIT_CODES)
def _kcalc(version: Version = False) -> None:
    pass


app.command(epilog=EXIT_CODES)(broker)
app.command(epilog=EXIT_CODES)(worker)
app.command(epilog=EXIT_CODES, context_settings={"ignore_unknown_options": True})(send)
app.command(epilog=EXIT_CODES)(results)
app.add_typer(topics, name="topics", epilog=EXIT_CODES)
app.command(epilog=EXIT_CODES)(doctor)


def main() -> None:
    """The entry of `kcalc`."""
    quiet()
    app(prog_name="kcalc")


def dashboard() -> None:
    """The entry of `kcalc-tui`."""
    quiet()
    single = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    single.command(epilog=EXIT_CODES)(show_dashboard)
    single(prog_name="kcalc-tui")
