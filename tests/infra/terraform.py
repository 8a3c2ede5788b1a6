"""The Terraform of this project as its tests read it: plain text, for its lists are kept plain on purpose."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from infra.checks.terraform import FOLDER, TerraformMissingError, find
from infra.packaging import ROOT, needs


def text(*names: str) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def collections() -> dict[str, tuple[bool, bool]]:
    """Collection → (expires, is asked for what is due)."""
    rows = re.findall(r"^    (\w+)\s+= \{ ttl = (\w+), due = (\w+) \}$", text("store.tf"), re.MULTILINE)
    return {name: (ttl == "true", due == "true") for name, ttl, due in rows}


def function_blocks() -> dict[str, str]:
    """Function → its entry in the list of functions."""
    blocks = re.findall(r"^    (\w+) = \{\n(.*?)^    \}$", text("functions.tf"), re.MULTILINE | re.DOTALL)
    return dict(blocks)


def words(block: str, key: str) -> set[str]:
    """The quoted words of one list, and of the shared lists it names."""
    value = re.search(rf"^      {key}\s+= (.*?)(?=^      \w+\s+=|\Z)", block, re.MULTILINE | re.DOTALL)
    assert value is not None, key
    found = set(re.findall(r'"([^"]+)"', value[1]))
    for name in re.findall(r"local\.(\w+)", value[1]):
        line = re.search(rf"^  {name}\s+= \[(.*?)\]", text("functions.tf"), re.MULTILINE | re.DOTALL)
        assert line is not None, name
        found |= set(re.findall(r'"([^"]+)"', line[1]))
    return found


def zipped(function: str) -> set[str]:
    """Modules that the function's zip holds."""
    without = [f"shared/{folder}/" for folder in words(function_blocks()[function], "without")]
    paths = (path.relative_to(ROOT) for path in (ROOT / "shared").rglob("*.py"))
    kept = (path for path in paths if not str(path).startswith(tuple(without)))
    return {str(path.with_suffix("")).replace("/", ".").removesuffix(".__init__") for path in kept}


def missing_from_zip(function: str) -> set[str]:
    return needs(function).modules - zipped(function)


@contextmanager
def bundles() -> Iterator[Path]:
    """Folder of the zips of stage, or a skip where no Terraform can plan; in CI that is a failure."""
    with ExitStack() as kept:
        try:
            folder = kept.enter_context(find().bundles("stage"))
        except TerraformMissingError as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(str(missing))
            pytest.skip(str(missing).splitlines()[-1])
        yield folder
