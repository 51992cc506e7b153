"""Tokens for OAUTHBEARER from a command that the user chose: run, bounded, remembered until they expire."""

import asyncio
import base64
import binascii
import os
import re
import shlex
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaError

KEY = "kafka.sasl_oauth_token_command"
WITHIN_S = 8.0
MAX_TOKEN_BYTES = 64 << 10
_EARLY_S = 30.0
"""A token is not used in its last seconds: a connection takes a moment, and clocks differ."""
_TOKEN = re.compile(rb"[\x21-\x7e]+")


class NoToken(KafkaError):
    """The command gave no token; the message says why, without what it printed."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    subject: str
    good_until: float

    def __repr__(self) -> str:
        return "_Token(***)"


class TokenCommand(AbstractTokenProvider):
    """Runs `command` without a shell for every token that is needed.

    A JSON Web Token is used until shortly before it expires; of any other token nobody knows how long it lasts, so
    every connection gets its own. `failure` is why the last run gave none ("" if it did).
    """

    def __init__(self, command: str, within_s: float = WITHIN_S, clock: Callable[[], float] = time.time) -> None:
        self._words = shlex.split(command)
        self._within_s = within_s
        self._clock = clock
        self._running = asyncio.Lock()
        self._token: _Token | None = None
        self.failure = ""

    @property
    def subject(self) -> str:
        """Whom the last token is for ("" if it does not say so)."""
        return self._token.subject if self._token is not None else ""

    async def token(self) -> str:
        """A token. Raises NoToken."""
        async with self._running:
            if self._token is None or self._token.good_until <= self._clock():
                self._token = None
                try:
                    self._token = self._read(await self._run())
                except NoToken as error:
                    self.failure = str(error.args[0])
                    raise
                self.failure = ""
            return self._token.text

    async def _run(self) -> bytes:
        program = self._words[0]
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # it may say there what nobody should read in a log
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise NoToken(f"{KEY}: {program} cannot be run: {why}") from None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._within_s):
                printed = await process.stdout.read(MAX_TOKEN_BYTES + 1)
                while len(printed) <= MAX_TOKEN_BYTES and (more := await process.stdout.read(MAX_TOKEN_BYTES)):
                    printed += more
                if len(printed) > MAX_TOKEN_BYTES:
                    raise NoToken(f"{KEY}: {program} printed more than {MAX_TOKEN_BYTES:,} bytes, which is no token")
                status = await process.wait()
        except TimeoutError:
            raise NoToken(f"{KEY}: {program} did not end within {self._within_s:g} s") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if status != 0:
            how = f"ended with exit code {status}" if status > 0 else f"was ended by signal {-status}"
            raise NoToken(f"{KEY}: {program} {how}: run it by hand to see why")
        return printed

    def _read(self, printed: bytes) -> _Token:
        text = printed.strip()
        if not _TOKEN.fullmatch(text):
            found = "several words or lines, or no plain text" if text else "nothing"
            raise NoToken(f"{KEY}: {self._words[0]} printed {found}, allowed: a token and nothing else")
        claims = _claims(text.decode())
        expires, subject = claims.get("exp"), claims.get("sub")
        if isinstance(expires, int | float) and expires <= self._clock():
            when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(expires))
            raise NoToken(f"{KEY}: {self._words[0]} printed a token that expired on {when}")
        good_until = expires - _EARLY_S if isinstance(expires, int | float) else 0.0
        return _Token(text.decode(), subject if isinstance(subject, str) else "", good_until)


def _claims(token: str) -> dict[str, Any]:
    """What a JSON Web Token (RFC 7519) says; nothing if it is none."""
    _, _, rest = token.partition(".")
    payload = rest.partition(".")[0]
    try:
        decoded = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return {}
    return decoded if isinstance(decoded, dict) else {}
