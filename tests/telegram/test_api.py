from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared.telegram import api

ROOT = Path(__file__).parents[2]


def test_every_exported_name_is_there_once() -> None:
    assert len(api.__all__) == len(set(api.__all__))
    assert [name for name in api.__all__ if not hasattr(api, name)] == []


@pytest.mark.parametrize("module", ["formatting", "phones", "webhook"])
def test_pure_modules_do_not_load_aiogram(module: str) -> None:
    script = f"import sys, shared.telegram.{module}; sys.exit('aiogram' in sys.modules or 'httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
