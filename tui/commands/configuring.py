"""The settings that follow from a command line, the environment and config.yml; the operations that they name."""

from typing import TYPE_CHECKING, Any

from tui.commands.edge import USAGE, CommandError, say

if TYPE_CHECKING:
    from tui.calc.operations import Operations
    from tui.config import Configuration
    from tui.settings import Settings


def configured(
    config: str | None,
    servers: str | None,
    profile: str | None = None,
    *,
    read_only: bool = False,
    writes: str = "",
    warn: bool = True,
    **overrides: tuple[str, Any],
) -> "Configuration":
    """What this command line configures. `overrides`: `section__key=(option, value)`, None for not given.

    A command that changes something says in `writes` what read-only forbids it ("no request is sent"). What is
    allowed and unsafe is said on stderr, unless the caller does it.
    """
    from tui.config import Given, load
    from tui.config_rules import BOOTSTRAP, READ_ONLY

    given = {} if servers is None else {BOOTSTRAP: Given(servers, "--bootstrap-servers")}
    for name, (option, value) in overrides.items():
        if value is not None:
            section, _, key = name.partition("__")
            given[section, key] = Given(value, option)
    if read_only:
        given[READ_ONLY] = Given(True, "--read-only")
    configuration = load(config, given, profile=profile)
    if writes and configuration.settings.kafka.read_only:
        raise CommandError(f"read-only ({configuration.origins[READ_ONLY]}): {writes}", USAGE)
    if warn:
        for warning in configuration.warnings:
            say(f"kcalc: warning: {warning}")
    return configuration


def delivery(exactly_once: bool) -> tuple[str, str | None]:
    """What --exactly-once means for `configured`."""
    return "--exactly-once", "exactly_once" if exactly_once else None


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
