from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from shared.telegram import api

ROOT = Path(__file__).parents[2]


def test_every_name_that_is_handed_on_is_of_use() -> None:
    """The list is what has to be looked at when aiogram is upgraded, so nothing else may be in it."""
    sources = [path for room in ("shared", "infra") for path in (ROOT / room).rglob("*.py")]
    trees = [ast.parse(path.read_text()) for path in sources if path != Path(api.__file__)]
    imports = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    used = {name.name for node in imports if node.module == api.__name__ for name in node.names}
    own = [node for node in ast.parse(Path(api.__file__).read_text()).body if isinstance(node, ast.ImportFrom)]
    handed_on = {name.name for node in own if str(node.module).startswith("aiogram.") for name in node.names}
    assert handed_on - used == set()


@pytest.mark.parametrize("module", ["formatting", "phones", "webhook"])
def test_pure_modules_do_not_load_aiogram(module: str) -> None:
    script = f"import sys, shared.telegram.{module}; sys.exit('aiogram' in sys.modules or 'httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
