"""kcalc-tui in a real terminal: a private tmux server that is asked for its screen until it shows what it must."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

DEADLINE_S = 20.0
PROMPT = "ready>"


class Tmux:
    """One window of a tmux server of its own, with a shell in it; `close` ends the server and all in it."""

    def __init__(self, folder: Path, columns: int, rows: int, environment: Mapping[str, str]) -> None:
        self._socket = str(folder / "tmux")
        # An exported size, as pytest-xdist has one, would be kept up by the shell and count for more than the window's.
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self._environment = {
            **inherited,
            **environment,
            "XDG_STATE_HOME": str(folder / "state"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
        }
        size = ["-x", str(columns), "-y", str(rows)]
        self._run("new-session", "-d", *size, "-c", str(folder), "bash --norc --noprofile")
        self._run("set-option", "-g", "window-size", "manual")
        self.text("PS1=rea'dy> '")  # in two pieces, so that the typed command does not look like the prompt
        self.keys("Enter")
        self.wait_for(PROMPT)

    def close(self) -> None:
        """End the server."""
        self._run("kill-server", check=False)

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names ("Tab", "Enter", "C-q")."""
        self._run("send-keys", *names)

    def text(self, typed: str) -> None:
        """Type text as it is."""
        self._run("send-keys", "-l", typed)

    def command(self, *words: str) -> None:
        """Run a command in the shell."""
        self.text(shlex.join(words))
        self.keys("Enter")

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def screen(self) -> str:
        """What is on the screen now."""
        return self._run("capture-pane", "-p")

    @property
    def drawn(self) -> str:
        """What is on the screen now, with the escape sequences of its styles."""
        return self._run("capture-pane", "-p", "-e")

    @property
    def in_alternate_screen(self) -> bool:
        """True while a full-screen program has the terminal."""
        return self._run("display-message", "-p", "#{alternate_on}").strip() == "1"

    def child(self) -> int:
        """The process id of the program that the shell runs."""
        shell = self._run("display-message", "-p", "#{pane_pid}").strip()
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        assert len(children) == 1, f"the shell runs {children}"
        return int(children[0])

    def wait_for(self, *texts: str, absent: str = "") -> str:
        """The screen, once it shows all of `texts` and not `absent`; fails with the screen after 20 s."""

        def shows(screen: str) -> bool:
            return all(text in screen for text in texts) and not (absent and absent in screen)

        return self._once(lambda: self.screen, shows, f"{texts} without {absent!r}")

    def wait_for_drawn(self, wanted: Callable[[str], bool], what: str) -> str:
        """What is `drawn`, once it is as `wanted`; fails with it after 20 s."""
        return self._once(lambda: self.drawn, wanted, what)

    def _once(self, look: Callable[[], str], wanted: Callable[[str], bool], what: str) -> str:
        deadline = time.monotonic() + DEADLINE_S
        while not wanted(seen := look()):
            assert time.monotonic() < deadline, f"waited for {what}; the screen was\n{seen}"
            time.sleep(0.05)  # the pace of asking tmux, not a wait: the condition above decides
        return seen

    def _run(self, *arguments: str, check: bool = True) -> str:
        command = ["tmux", "-S", self._socket, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self._environment, timeout=10, check=False)
        assert not check or done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout
