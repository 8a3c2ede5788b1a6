"""The dev container against what it runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from infra.local.sandbox.options import DEFAULT_PORT

CONTAINER = json.loads(Path(".devcontainer/devcontainer.json").read_text(encoding="utf-8"))


def test_it_makes_what_the_makefile_knows_on_a_python_that_fits():
    target = CONTAINER["postCreateCommand"].removeprefix("make ")
    rules = Path("Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    assert f"\n{target}: " in rules
    version = re.search(r"python:3\.(\d+)", CONTAINER["image"])
    assert version is not None
    assert 11 <= int(version[1]) <= 14


def test_its_ports_are_those_of_the_pages_under_the_same_numbers():
    """The pages' links name 127.0.0.1 and these numbers."""
    assert CONTAINER["forwardPorts"] == [DEFAULT_PORT, DEFAULT_PORT + 1]
    assert all(CONTAINER["portsAttributes"][str(port)]["requireLocalPort"] for port in CONTAINER["forwardPorts"])
