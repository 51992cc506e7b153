"""The jars of Apache Kafka, which Maven fetches once for all tests of a user."""

import fcntl
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

VERSION = "4.1.1"
_FETCH_TIMEOUT_S = 240.0
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kcalc</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>{artifact}</artifactId>
<version>{version}</version></dependency></dependencies></project>
"""


def fetched(artifact: str, name: str) -> Path:
    """The folder `name` in the user's cache with the jars of an artifact and all that it needs, fetched once."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "kcalc" / f"kafka-{VERSION}"
    libs = folder / name
    if libs.is_dir():
        return libs
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):  # tests may run side by side, and Maven's own store is for one at a time
        if not libs.is_dir():
            _fetch(artifact, libs)
    return libs


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Have the lock of a file, which is free again when this process ends. TimeoutError if another keeps it."""
    deadline = time.monotonic() + 2 * _FETCH_TIMEOUT_S
    with file.open("ab") as handle:
        while True:
            try:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"another process keeps {file}") from error
                time.sleep(0.1)
            else:
                break
        yield


def _fetch(artifact: str, libs: Path) -> None:
    folder = libs.parent
    pom = folder / f"{libs.name}.xml"
    pom.write_text(_POM.format(artifact=escape(artifact), version=escape(VERSION)))
    new = folder / f"{libs.name}-{uuid.uuid4().hex}"
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={new}"]
    done = subprocess.run(command, timeout=_FETCH_TIMEOUT_S, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"Maven could not fetch Apache Kafka {VERSION}: {(done.stdout + done.stderr)[-2_000:]}")
    new.rename(libs)
