"""The programs beside Python that `make check` cannot do without.

`python -m infra.checks.tools` says which are missing and fails. Tests that need one are skipped without it; a check of
everything must not be.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A program under one of its names, or where a variable says; what needs it, and how to get it."""

    names: tuple[str, ...]
    need: str
    source: str
    variable: str | None = None


TOOLS = (
    Tool(
        ("gcloud",),
        "the tests on the official Firestore emulator",
        "the Google Cloud CLI, with its cloud-firestore-emulator",
    ),
    Tool(("java",), "the tests on Firestore's emulator", "Debian: apt install default-jre-headless"),
    Tool(("chromium", "chromium-browser"), "the tests of the chat page", "Debian: apt install chromium", "CHROMIUM"),
    Tool(("terraform",), "the checks of infra/terraform", "Terraform 1.9 or newer"),
)


def missing(which: Callable[[str], str | None] = shutil.which, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return a sentence for each program that is not there."""
    return [
        f"{tool.names[0]} is missing, for {tool.need} ({tool.source})."
        for tool in TOOLS
        if not (tool.variable and environ.get(tool.variable)) and not any(map(which, tool.names))
    ]


def main() -> int:
    """Say what is missing; return the exit status."""
    sentences = missing()
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201
    return int(bool(sentences))


if __name__ == "__main__":
    sys.exit(main())
