"""Secrets on the command line: refused before anything else, with the reason and the places that are safe."""

import re
from collections.abc import Sequence

from tui.commands.edge import USAGE, say

_SECRET = re.compile(r"--?[\w.-]*(password|passwd|secret|token|credential|jaas)[\w.-]*", re.IGNORECASE)


def refuse_secrets(arguments: Sequence[str]) -> None:
    """End the command if one of its options would carry a secret; nothing of its value is shown."""
    for argument in arguments:
        option = argument.partition("=")[0]
        if _SECRET.fullmatch(option):
            say(
                f"kcalc: {option}: a secret on the command line can be seen by every user of this machine and stays in"
                " the shell's history. Put it into KCALC_KAFKA__SASL_PASSWORD, or name a file that only you can read:"
                " kafka.sasl_password: file:PATH in config.yml; a token comes from kafka.sasl_oauth_token_command"
            )
            raise SystemExit(USAGE)
