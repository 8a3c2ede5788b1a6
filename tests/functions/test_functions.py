"""The functions' folders, as the framework finds them: each is loaded by its name, and one is really served."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from functions_framework.aio import create_asgi_app

from infra.local.sandbox.functions import FUNCTIONS, PATHS
from shared.settings import Settings
from tests.support.logs import same_logging_afterwards
from tests.support.servers import first_answer, free_port

__all__ = ["same_logging_afterwards"]

FOLDER = Path(__file__).parents[2] / "functions"
NAMES = sorted(folder.name for folder in FOLDER.iterdir() if (folder / "main.py").is_file())
ENVIRONMENT = {"STORE": "memory", "TELEGRAM_WEBHOOK_SECRET": "telegram-secret-1", "LOG_EXECUTION_ID": "false"}


@pytest.fixture
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def test_these_are_the_functions():
    assert NAMES == [
        "bitrix_call",
        "bitrix_webhook",
        "housekeeping",
        "telegram_send",
        "telegram_update",
        "token_refresh",
    ]


def test_the_sandbox_serves_what_the_framework_finds():
    assert sorted(FUNCTIONS) == NAMES
    assert sorted(PATHS) == NAMES
    for name in NAMES:
        main = importlib.import_module(f"functions.{name}.main")
        assert FUNCTIONS[name] is main.FUNCTION
        assert main.FUNCTION.seconds == main.SECONDS


@pytest.mark.usefixtures("_environment")
@pytest.mark.parametrize("name", NAMES)
async def test_a_function_is_found_by_its_folders_name_and_answers(name: str):
    app = create_asgi_app(target=name, source=str(FOLDER / name / "main.py"))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        response = await client.get("/any/path")
    assert (response.status_code, response.json()) == (405, {"error": "method_not_allowed"})


@pytest.mark.parametrize("name", NAMES)
def test_a_main_is_thin(name: str):
    assert len((FOLDER / name / "main.py").read_text().splitlines()) < 25


def test_a_served_function_turns_strangers_away():
    """Served as its container does it."""
    port = free_port()
    source = FOLDER / "telegram_update" / "main.py"
    command = [sys.executable, "-m", "functions_framework", "--target", "telegram_update", "--source", str(source)]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(FOLDER.parent)}
    with subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], env=environment) as process:
        try:
            response = first_answer(process, f"http://127.0.0.1:{port}/", {"update_id": 1})
        finally:
            process.terminate()
    assert (response.status_code, response.json()) == (401, {"error": "unauthorized"})
