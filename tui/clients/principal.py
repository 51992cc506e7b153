"""Who we are to a cluster, as its permissions name it."""

import ssl
from collections.abc import Iterator, Mapping
from typing import Any

from tui.settings import KafkaSettings

ANONYMOUS = "User:ANONYMOUS"
UNKNOWN = "User:UNKNOWN"
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: an expired certificate has a name, too
_HANDSHAKE_STEPS = 6
_SHORT_NAMES = {
    "commonName": "CN",
    "organizationalUnitName": "OU",
    "organizationName": "O",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "countryName": "C",
    "streetAddress": "STREET",
    "domainComponent": "DC",
    "userId": "UID",
}


def principal(kafka: KafkaSettings, login: Mapping[str, Any]) -> str:
    """The principal that Kafka makes of this login by default ("User:alice"); its mapping rules may say otherwise.

    `login` are the arguments of aiokafka's clients.
    """
    tokens = login["sasl_oauth_token_provider"]
    if kafka.sasl and tokens is not None:
        return f"User:{tokens.subject}" if tokens.subject else UNKNOWN
    if kafka.sasl:
        return f"User:{kafka.sasl_username}"
    if kafka.tls and kafka.ssl_certfile is not None:
        try:
            return f"User:{distinguished_name(kafka.ssl_certfile, kafka.ssl_keyfile)}"
        except (OSError, ValueError, KeyError):
            return UNKNOWN
    return ANONYMOUS


def distinguished_name(certfile: str, keyfile: str | None) -> str:
    """The subject of a certificate as Java writes it (RFC 2253): "CN=alice,OU=tests,O=kcalc".

    Python reads only the certificate of a peer, so it is shown to ourselves in a handshake within this process.
    Raises OSError, ValueError, KeyError for a subject with parts that RFC 2253 has no name for.
    """
    showing = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    showing.check_hostname = False
    showing.verify_mode = ssl.CERT_NONE
    looking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    looking.verify_mode = ssl.CERT_REQUIRED
    looking.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    looking.load_verify_locations(certfile)
    for context in (showing, looking):
        context.load_cert_chain(certfile, keyfile)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = showing.wrap_bio(back, there)
    server = looking.wrap_bio(there, back, server_side=True)
    for _ in range(_HANDSHAKE_STEPS):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    seen = server.getpeercert() or {}
    return ",".join(_written(seen.get("subject", ())))


def _written(subject: object) -> Iterator[str]:
    assert isinstance(subject, tuple)
    for part in reversed(subject):
        yield "+".join(f"{_SHORT_NAMES[name]}={_escaped(value)}" for name, value in part)


def _escaped(value: str) -> str:
    text = "".join(f"\\{char}" if char in ',+"\\<>;' else char for char in value)
    return f"\\{text}" if text.startswith(("#", " ")) else text
