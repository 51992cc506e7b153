"""Why a broker does not let us in: asked again when a client could not start, as aiokafka says only that."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from typing import Any

from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.admin import SaslHandShakeRequest
from aiokafka.protocol.metadata import MetadataRequest

from tui.clients.token_command import KEY, NoToken
from tui.settings import KafkaSettings

WITHIN_S = 4.0
_EXPIRED, _NOT_YET_VALID, _OTHER_HOST = {10}, {9}, {62, 64}  # X509_V_ERR_… of OpenSSL's x509_vfy.h
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python has no name for
_ILLEGAL_SASL_STATE = 34


class NotLetIn(KafkaConnectionError):
    """A broker answers and does not let us in; the message says why and what to change."""


async def why_not_let_in(kafka: KafkaSettings, servers: str, login: Mapping[str, Any]) -> str:
    """Why none of `servers` lets us in, within `WITHIN_S` seconds; "" if one does, or nobody answers.

    `login` are the security arguments of aiokafka's clients.
    """
    tokens = login["sasl_oauth_token_provider"]
    if tokens is not None and tokens.failure:
        return str(tokens.failure)
    try:
        async with asyncio.timeout(WITHIN_S):
            for server in servers.split(","):
                host, _, port = server.strip().rpartition(":")
                error = await _tried(host.strip("[]"), int(port), login)
                if error is None:
                    return ""
                if why := await _why(error, kafka, host.strip("[]"), int(port), login):
                    return why
    except TimeoutError:
        return ""  # nobody answers in time, which is no refusal
    return ""


async def _tried(host: str, port: int, login: Mapping[str, Any]) -> Exception | None:
    try:
        connection: AIOKafkaConnection = await create_conn(host, port, **login)
        try:
            answer = await connection.send(MetadataRequest([]))
        finally:
            connection.close()
    except (KafkaError, OSError, ValueError, LookupError) as error:
        return error
    # aiokafka 0.14 does not read how a broker refuses a token (RFC 7628, 3.2.2); then it gets this instead of brokers.
    # Without a token, a cluster that knows no broker of its own is one that has only just come back.
    return SaslAuthenticationFailed() if not answer.brokers and login["sasl_oauth_token_provider"] else None


async def _why(error: Exception, kafka: KafkaSettings, host: str, port: int, login: Mapping[str, Any]) -> str:
    """`error` as a sentence for who can act; "" if the broker is only away."""
    place = f"{host}:{port}"
    match error:
        case NoToken():
            return str(error.args[0])
        case SaslAuthenticationFailed() if kafka.sasl_mechanism == "OAUTHBEARER":
            return f"{place} refuses the token that {KEY} printed: is it meant for this cluster?"
        case SaslAuthenticationFailed():
            return (
                f"authentication failed at {place} for user {kafka.sasl_username} with {kafka.sasl_mechanism}:"
                " kafka.sasl_username or kafka.sasl_password is wrong"
            )
        case ssl.SSLCertVerificationError():
            return await _certificate(error, kafka, host, port, login["ssl_context"])
        case ValueError() | LookupError() if kafka.sasl_mechanism.startswith("SCRAM"):  # as aiokafka says it
            return (
                f"{place} does not prove that it knows the password of user {kafka.sasl_username}"
                f" ({kafka.sasl_mechanism}): it may not be the broker that it seems to be"
            )
        case ConnectionRefusedError():
            return ""
        case KafkaConnectionError(__cause__=ssl.SSLError() as alert) if "alert" in str(alert).lower():
            return _our_certificate(kafka, place, alert)
    found = await _listener(host, port)
    if found is None:
        return ""
    protocol, mechanisms = found
    if protocol != kafka.security_protocol:
        also = f", with kafka.sasl_mechanism {' or '.join(mechanisms)}" if mechanisms else ""
        return f"{place} speaks {protocol}{also}: kafka.security_protocol is {kafka.security_protocol}"
    if isinstance(error, UnsupportedSaslMechanismError | IllegalSaslStateError):
        offered = " or ".join(mechanisms) or "none"
        return f"{place} offers kafka.sasl_mechanism {offered}, not {kafka.sasl_mechanism}"
    return ""


def _our_certificate(kafka: KafkaSettings, place: str, alert: ssl.SSLError) -> str:
    if kafka.ssl_certfile is None:
        return f"{place} demands a client certificate: set kafka.ssl_certfile and kafka.ssl_keyfile"
    return (
        f"{place} refuses our certificate, kafka.ssl_certfile {kafka.ssl_certfile} ({alert.reason}):"
        " has it expired, or is it signed by an authority that the broker does not trust?"
    )


async def _certificate(
    error: ssl.SSLCertVerificationError, kafka: KafkaSettings, host: str, port: int, context: ssl.SSLContext
) -> str:
    """What is wrong with the broker's certificate, from a second look at it without the checks that failed."""
    whose = f"the certificate of {host}:{port}"
    if error.verify_code in _EXPIRED | _NOT_YET_VALID:
        seen = await _seen(kafka, host, port)
        word, key = ("expired", "notAfter") if error.verify_code in _EXPIRED else ("is not valid before", "notBefore")
        when = f" on {_day(str(seen[key]))}" if key in seen else ""
        return f"{whose} {word}{when}: the broker needs a new one (or the clock of this machine is wrong)"
    if error.verify_code in _OTHER_HOST:
        names = " and ".join(f"'{name}'" for name in _names(await _seen(kafka, host, port))) or "other hosts"
        return (
            f"{whose} is for {names}, not for '{host}': connect by that name (kafka.bootstrap_servers and the broker's"
            " advertised.listeners), or set kafka.ssl_check_hostname: false"
        )
    if kafka.ssl_cafile is None:
        return f"{whose} is not signed by an authority that this system trusts: set kafka.ssl_cafile"
    return f"{whose} is not signed by kafka.ssl_cafile {kafka.ssl_cafile} ({error.verify_message})"


async def _seen(kafka: KafkaSettings, host: str, port: int) -> Mapping[str, Any]:
    """The broker's certificate as `SSLSocket.getpeercert` gives it, whatever its host and dates; {} if it hides it."""
    context = ssl.create_default_context(cafile=kafka.ssl_cafile)
    context.check_hostname = False
    context.verify_flags |= _NO_CHECK_TIME
    try:
        _, writer = await asyncio.open_connection(host, port, ssl=context)
    except OSError:
        return {}
    found: Mapping[str, Any] = writer.get_extra_info("peercert") or {}
    writer.close()
    return found


def _names(certificate: Mapping[str, Any]) -> list[str]:
    alternative = [name for _, name in certificate.get("subjectAltName", ())]
    common = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    return alternative or common


def _day(text: str) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(ssl.cert_time_to_seconds(text)))


async def _listener(host: str, port: int) -> tuple[str, tuple[str, ...]] | None:
    """What the listener speaks: its protocol by Kafka's name, and its SASL mechanisms; None if it is no broker."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    for protocol, context in (("SSL", unchecked), ("PLAINTEXT", None)):
        try:
            connection = await create_conn(host, port, security_protocol=protocol, ssl_context=context)
        except (KafkaError, OSError) as error:
            if isinstance(error.__cause__, ssl.SSLError):  # after the handshake: it wants to see a certificate
                return protocol, ()
            continue
        try:
            answer = await connection.send(SaslHandShakeRequest("PLAIN"))
        except (KafkaError, OSError):
            return None
        finally:
            connection.close()
        if answer.error_code == _ILLEGAL_SASL_STATE:
            return protocol, ()
        return f"SASL_{protocol}", tuple(sorted(answer.enabled_mechanisms))
    return None
