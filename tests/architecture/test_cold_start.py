"""Which heavy modules each function loads . Names, not milliseconds: a machine may be busy."""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

HEAVY = (
    "aiogram",
    "aiohttp",
    "google.cloud.firestore",
    "google.cloud.tasks_v2",
    "google.cloud.secretmanager",
    "openpyxl",
    "shared.bitrix.client",
    "shared.assistant.checkout.handlers",
)

LOADED = {
    "telegram_update": {"aiogram", "shared.assistant.checkout.handlers"},
    "bitrix_webhook": set(),
    "bitrix_call": set(),
    "telegram_send": set(),
    "housekeeping": set(),
    "token_refresh": set(),
}
"""Function → heavy modules loaded by its import. What the first request needs on top is loaded then."""

FIRST_REQUEST = {
    "telegram_update": ("update_handler", "outbox"),
    "bitrix_webhook": ("store", "bitrix_inbox"),
    "bitrix_call": ("worker", "delivery"),
    "telegram_send": ("outbox", "delivery"),
    "housekeeping": ("store", "tasks"),
    "token_refresh": ("keeper", "http"),
}
"""Function → parts its requests use."""

WITH_AIOGRAM = {"telegram_update", "bitrix_call", "telegram_send"}

ENVIRONMENT = {
    "STORE": "memory",
    "TELEGRAM_BOT_TOKEN": "1:a",
    "BITRIX_DIALECT": "contract",
    "BITRIX_BASE_URL": "https://portal.example/rest/1/key/",
    "BITRIX_QUEUE": "projects/p/locations/l/queues/bitrix",
    "TELEGRAM_QUEUE": "projects/p/locations/l/queues/telegram",
    "BITRIX_CALL_URL": "https://call.example",
    "TELEGRAM_SEND_URL": "https://send.example",
}

OAUTH = {
    "BITRIX_AUTH": "oauth",
    "BITRIX_CLIENT_ID": "app.1",
    "BITRIX_CLIENT_SECRET": "s3cret",
    "BITRIX_TOKEN_SECRET": "bitrix-token",
}


def _loaded(function: str, parts: tuple[str, ...] = (), **more: str) -> set[str]:
    code = f"""
import asyncio, sys
import functions.{function}.main as main
async def use():
    here = main.INSTANCE()
    for name in {parts!r}:
        getattr(here, name)
    await here.close()
asyncio.run(use())
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=ENVIRONMENT | more,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("function", list(LOADED))
def test_import_of_a_function_loads_only_this(function: str) -> None:
    assert _loaded(function) == LOADED[function]


@pytest.mark.parametrize("function", list(FIRST_REQUEST))
def test_only_three_functions_ever_load_aiogram_and_none_aiohttp(function: str) -> None:
    loaded = _loaded(function, FIRST_REQUEST[function])
    assert ("aiogram" in loaded) == (function in WITH_AIOGRAM)
    assert "aiohttp" not in loaded


def test_renewing_a_token_needs_no_aiogram_and_no_aiohttp() -> None:
    """Secret Manager's library comes with the first read of a version, and only if there is one to read."""
    assert _loaded("token_refresh", FIRST_REQUEST["token_refresh"], **OAUTH).isdisjoint({"aiogram", "aiohttp"})
