"""The files of pins in `infra/requirements/`: one requirement with its hashes after another.

`python -m infra.install.pins FILE …` completes freshly compiled files for every pip there is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_NEXT = re.compile(r"\n(?=\S)")
_EXTRAS = re.compile(r"^([\w.-]+)\[[^]]*\]")


def pins(text: str) -> list[str]:
    """Return the requirements of a file, each with its hashes, in the file's order."""
    lines = "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return _NEXT.split(lines) if lines else []


def portions(text: str, count: int) -> list[str]:
    """Deal the requirements of a file into at most `count` files of nearly the same length."""
    found = pins(text)
    return ["\n".join(found[start::count]) + "\n" for start in range(min(count, len(found)))]


def completed(text: str) -> str:
    """Return the file with a pin without extras before every pin that has some.

    To pips before 23.3 «name» and «name[extra]» are two requirements. Whichever of them no line pins is looked for in
    the index, and refused for want of a hash as soon as a newer release than the pinned one is there.
    """
    found = pins(text)
    plain = {_EXTRAS.sub(r"\1", pin): pin for pin in found}
    return "".join(f"{line}\n" for short, pin in plain.items() for line in dict.fromkeys((short, pin)))


def main(files: list[str]) -> None:
    """Complete the files in place."""
    for file in map(Path, files):
        file.write_text(completed(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
