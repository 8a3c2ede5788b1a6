"""What `shared.bitrix` may load: every function imports it, so it must stay light."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("aiogram", "google", "grpc", "pydantic", "starlette", "functions_framework", "infra")
PROGRAM = """
import sys
before = set(sys.modules)
import shared.bitrix.client, shared.bitrix.contract, shared.bitrix.events
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""


def test_bitrix_loads_nothing_heavy() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert {"httpx", "shared"} <= loaded
    assert not set(HEAVY) & loaded
