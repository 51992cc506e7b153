"""How to log in: the TLS context and the SASL arguments of aiokafka's clients, checked before anything connects."""

import logging
import ssl
from typing import Any

from tui.clients.reasons import reason
from tui.clients.refusals import BadConnectionSettings
from tui.clients.token_command import TokenCommand
from tui.settings import KafkaSettings

_SASL_AUTHENTICATE = 36


def tls_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    """The context of the settings, None without TLS. Raises BadConnectionSettings, which names the file."""
    if not kafka.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.ssl_cafile)
    except (OSError, ValueError) as error:
        raise _bad(f"kafka.ssl_cafile: found {kafka.ssl_cafile}; {reason(error)}; allowed is a PEM file") from error
    context.check_hostname = kafka.ssl_check_hostname
    if kafka.ssl_certfile is not None:
        try:
            context.load_cert_chain(kafka.ssl_certfile, kafka.ssl_keyfile, password=_no_password)
        except (OSError, ValueError) as error:
            files = " and ".join(name for name in (kafka.ssl_certfile, kafka.ssl_keyfile) if name)
            raise _bad(
                f"kafka.ssl_certfile, kafka.ssl_keyfile: found {files}; {reason(error)};"
                " allowed are a PEM certificate and its own key"
            ) from error
    return context


def login(kafka: KafkaSettings) -> dict[str, Any]:
    """The arguments with which every client of aiokafka logs in. Raises BadConnectionSettings."""
    logging.getLogger("aiokafka.conn").addFilter(_without_secrets)
    oauth = kafka.sasl and kafka.sasl_mechanism == "OAUTHBEARER"
    return {
        "security_protocol": kafka.security_protocol,
        "ssl_context": tls_context(kafka),
        "sasl_mechanism": kafka.sasl_mechanism,
        "sasl_plain_username": kafka.sasl_username,
        "sasl_plain_password": kafka.sasl_password,
        "sasl_oauth_token_provider": TokenCommand(kafka.sasl_oauth_token_command or "") if oauth else None,
    }


def check(kafka: KafkaSettings) -> None:
    """Find out now what would make every login fail. Raises BadConnectionSettings."""
    if kafka.sasl:
        oauth = kafka.sasl_mechanism == "OAUTHBEARER"
        needed = ("sasl_oauth_token_command",) if oauth else ("sasl_username", "sasl_password")
        if any(getattr(kafka, name) is None for name in needed):
            keys = " and ".join(f"kafka.{name}" for name in needed)
            raise _bad(f"kafka.security_protocol {kafka.security_protocol} needs {keys}")
    tls_context(kafka)


def _bad(text: str) -> BadConnectionSettings:
    return BadConnectionSettings(text)


def _no_password() -> str:
    # Without this OpenSSL asks for the password on the terminal, and a worker without one hangs.
    raise ValueError("the private key is encrypted, and kcalc can ask nobody for its password")


def _without_secrets(record: logging.LogRecord) -> bool:
    """False for what aiokafka logs of a login at level DEBUG: passwords and tokens as they are sent."""
    given = record.args if isinstance(record.args, tuple) else ()
    return not any(getattr(argument, "API_KEY", None) == _SASL_AUTHENTICATE for argument in given)
