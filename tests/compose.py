"""docker-compose.yml without Docker: its services as processes of this machine, as far as that goes.

Replaced are only what Compose itself would provide: ports, folders, and the names of its network.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "docker-compose.yml"
IMAGE_VARIABLE = "KAFKA_"


def properties(environment: Mapping[str, object]) -> dict[str, str]:
    """What the image `apache/kafka` makes of its variables: `KAFKA_A_B__C___D` is the property `a.b_c-d`."""
    found = {}
    for variable, value in environment.items():
        assert variable.startswith(IMAGE_VARIABLE), f"the image ignores {variable}"
        name = variable.removeprefix(IMAGE_VARIABLE).lower()
        name = name.replace("___", "-").replace("__", "\0").replace("_", ".").replace("\0", "_")
        found[name] = str(value)
    return found


@dataclass(frozen=True)
class Here:
    """Where on this machine is what the compose file names: ports by their number, the data folder, programs."""

    ports: Mapping[str, int]
    data: Path
    programs: Path

    def text(self, text: str) -> str:
        """Any value of the compose file with the names of its network, its ports and its folders replaced."""
        here = re.sub(r"(?:kafka|localhost|0\.0\.0\.0)(?=:\d)", "127.0.0.1", text)
        here = re.sub(r"(?<=:)\d+", lambda port: str(self.ports[port[0]]), here)
        return here.replace("/var/lib/kafka/data", str(self.data))

    def properties(self, environment: Mapping[str, object]) -> dict[str, str]:
        """The properties of the broker's service."""
        return {name: self.text(value) for name, value in properties(environment).items()}

    def environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        """The environment of one of kcalc's services: what the image sets, and the service's own."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("KCALC_")}
        own = {name: self.text(str(value)) for name, value in service["environment"].items()}
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        return {**kept, "PATH": path, "TERM": "xterm-256color", "COLORTERM": "truecolor", **own}

    def start(self, service: Mapping[str, Any], folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a service's entry point with its command, or with `arguments` instead, as Compose does."""
        words = [*service["entrypoint"], *(arguments or service["command"])]
        command = [word.replace("$$", "$") for word in words]
        return subprocess.Popen(
            command,
            cwd=folder,
            env=self.environment(service),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]
    return found
