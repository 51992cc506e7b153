"""Kafka's jars are fetched once, also when processes that test side by side want them at the same time."""

import os
import subprocess
import sys
from pathlib import Path

MAVEN = """#!/bin/sh
echo called >>"$XDG_CACHE_HOME/calls"
sleep 0.3
for option; do case $option in -DoutputDirectory=*) mkdir "${option#*=}" ;; esac; done
"""
"""Fetches nothing, slowly, and writes down that it was asked."""


def test_processes_side_by_side_fetch_them_once(tmp_path: Path) -> None:
    maven = tmp_path / "mvn"
    maven.write_text(MAVEN)
    maven.chmod(0o755)
    paths = {"XDG_CACHE_HOME": str(tmp_path), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-c", "from tests.kafka_jars import fetched; print(fetched('any', 'libs').is_dir())"]
    both = [subprocess.Popen(command, env=os.environ | paths, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=30)[0] for process in both] == ["True\n", "True\n"]
    assert (tmp_path / "calls").read_text() == "called\n"
