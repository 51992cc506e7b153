"""The command that prints tokens: run without a shell, bounded, and as often as its tokens need it."""

import asyncio
import shlex
import sys
from pathlib import Path

import psutil
import pytest

from tests.kafka_cluster import until
from tests.security.tokens import counting, printing, token
from tui.clients.token_command import NoToken, TokenCommand

NOW = 1_700_000_000.0


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


async def failure(command: str, within_s: float = 5.0) -> str:
    tokens = TokenCommand(command, within_s, Clock())
    with pytest.raises(NoToken) as caught:
        await tokens.token()
    said: str = caught.value.args[0]
    assert tokens.failure == said
    return said


async def test_a_token_is_used_until_shortly_before_it_expires(tmp_path: Path) -> None:
    clock = Clock()
    printed = token("alice", NOW, lives_s=300.0)
    command, runs = counting(tmp_path, printed)
    tokens = TokenCommand(command, clock=clock)
    assert [await tokens.token() for _ in range(3)] == [printed] * 3
    assert tokens.subject == "alice"
    assert runs.read_text().count("run") == 1
    clock.now += 280.0
    assert await tokens.token() == printed
    assert runs.read_text().count("run") == 2


async def test_a_token_that_does_not_say_when_it_expires_is_asked_for_at_every_login(tmp_path: Path) -> None:
    command, runs = counting(tmp_path, "opaque")
    tokens = TokenCommand(command, clock=Clock())
    assert [await tokens.token() for _ in range(2)] == ["opaque", "opaque"]
    assert tokens.subject == ""
    assert runs.read_text().count("run") == 2


async def test_clients_that_log_in_at_once_share_one_token(tmp_path: Path) -> None:
    command, runs = counting(tmp_path, token("alice", NOW))
    tokens = TokenCommand(command, clock=Clock())
    await asyncio.gather(*(tokens.token() for _ in range(5)))
    assert runs.read_text().count("run") == 1


async def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    marker = tmp_path / "made-by-a-shell"
    tokens = TokenCommand(f"echo tok;touch${{IFS}}{marker}", clock=Clock())
    assert await tokens.token() == f"tok;touch${{IFS}}{marker}"
    assert not marker.exists()


async def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    code = f"import os, time; open({str(alive)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    command = shlex.join(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"]
    )
    said = await failure(command, within_s=1.5)
    assert said.endswith("did not end within 1.5 s")
    child = psutil.Process(int(alive.read_text())) if psutil.pid_exists(int(alive.read_text())) else None
    await until(lambda: child is None or not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    assert f"{missing} cannot be run: No such file or directory" in await failure(f"{missing} canary-argument")
    assert "canary" not in await failure(f"{missing} canary-argument")


async def test_a_token_that_has_expired_is_told_with_its_day() -> None:
    said = await failure(printing(token("alice", NOW - 7_200.0)))
    assert said.endswith("printed a token that expired on 2023-11-14 21:13:20 UTC")


@pytest.mark.parametrize("printed", ["", "two words", "two\nlines", "esc\x1baped", "n\u00f6"])
async def test_what_is_no_token_is_refused(printed: str) -> None:
    assert "printed " in await failure(printing(printed))


async def test_after_a_failure_the_next_login_runs_the_command_again(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    tokens = TokenCommand(f"cat {gate}", clock=Clock())
    with pytest.raises(NoToken):
        await tokens.token()
    gate.write_text("opaque")
    assert await tokens.token() == "opaque"
    assert tokens.failure == ""


def test_a_token_shows_itself_in_no_representation() -> None:
    from tui.clients.token_command import _Token

    assert "canary" not in repr(_Token("canary", "canary", 0.0))
