"""Which modules each function loads. Names and numbers, not milliseconds: a machine may be busy."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cache

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
    "telegram_update": {"aiogram"},
    "bitrix_webhook": set(),
    "bitrix_call": set(),
    "telegram_send": set(),
    "housekeeping": set(),
    "token_refresh": set(),
}
"""Function → heavy modules loaded by its import. What the first request needs on top is loaded then."""

MOST = {
    "telegram_update": 1300,
    "bitrix_webhook": 315,
    "bitrix_call": 305,
    "telegram_send": 300,
    "housekeeping": 320,
    "token_refresh": 280,
}
"""Function → modules not of the standard library, with a tenth to spare. More is a slower start: ask what for."""

FIRST_REQUEST = {
    "telegram_update": ("update_handler", "outbox"),
    "bitrix_webhook": ("store", "bitrix_inbox"),
    "bitrix_call": ("worker", "delivery"),
    "telegram_send": ("outbox", "delivery"),
    "housekeeping": ("store", "tasks"),
    "token_refresh": ("token_manager", "http"),
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


@dataclass(frozen=True)
class Loads:
    """What a function loads: which of the heavy modules, and how many that are not the standard library's."""

    heavy: frozenset[str]
    modules: int


@cache
def _loaded(function: str, then: str = "", **more: str) -> tuple[Loads, Loads]:
    """Return what is loaded once the function is there, and once its first request had its parts or did `then`."""
    parts = "\n    ".join(f"here.{name}" for name in FIRST_REQUEST[function])
    code = f"""
import asyncio, sys
# Of this environment, not of a deployed function.
sys.modules |= {dict.fromkeys(("rich", "pygments"))}
import functions.{function}.main as main
known = sys.stdlib_module_names
def tell():
    ours = [name for name, module in sys.modules.items() if module and name.partition(".")[0] not in known]
    print(len(ours), *[name for name in {HEAVY!r} if name in ours])
async def use():
    here = main.INSTANCE()
    tell()
    {then or parts}
    await here.close()
asyncio.run(use())
tell()
"""
    imported, used = (line.split() for line in _said(code, ENVIRONMENT | more).splitlines())
    return _loads(imported), _loads(used)


def _loads(told: list[str]) -> Loads:
    count, *names = told
    return Loads(frozenset(names), int(count))


def _said(code: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment, timeout=60)
    return done.stdout.strip()


@pytest.mark.parametrize("function", list(LOADED))
def test_import_of_a_function_loads_only_this(function: str) -> None:
    loads, _ = _loaded(function)
    assert loads.heavy == LOADED[function]
    assert loads.modules < MOST[function]


@pytest.mark.parametrize("function", list(FIRST_REQUEST))
def test_only_three_functions_ever_load_aiogram_and_none_aiohttp(function: str) -> None:
    _, loads = _loaded(function)
    assert ("aiogram" in loads.heavy) == (function in WITH_AIOGRAM)
    assert "aiohttp" not in loads.heavy


def test_a_permit_without_work_loads_neither_aiogram_nor_the_portals_client() -> None:
    """Many permits find nothing: others were faster."""
    _, loads = _loaded("bitrix_call", "await here.worker.serve()")
    assert loads.heavy == set()


def test_a_search_loads_nothing_of_orders_and_lists() -> None:
    """A worker's instance is most often started by a search, which waits for what is imported."""
    code = """
import sys
from shared.assistant.job_handler import JobContext
from shared.assistant.job_registry import JobKinds
from shared.assistant.search.finding import FIND
kinds = JobKinds(JobContext(None, None, None))
kinds[FIND]
print(*(f"shared.assistant.{name}.jobs" in sys.modules for name in ("checkout", "lists")), end=" ")
print("order" in kinds, *(f"shared.assistant.{name}.jobs" in sys.modules for name in ("checkout", "lists")))
"""
    assert _said(code, {}) == "False False False True True"


def test_what_a_message_became_is_read_without_aiograms_models() -> None:
    """A whole message's model is a third of a second of a cold start."""
    code = """
import httpx, asyncio
from shared.telegram.api import Message, SendMessage, Update
from shared.telegram.session import make_bot
answer = {"ok": True, "result": {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}}}
async def send():
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=answer))) as http:
        return await make_bot("1:a", "http://t.test", http)(SendMessage(chat_id=1, text="x"))
print(asyncio.run(send()).message_id, Message.__pydantic_complete__, Update.__pydantic_complete__)
"""
    assert _said(code, {}) == "7 False False"


def test_renewing_a_token_needs_no_aiogram_and_no_aiohttp() -> None:
    """Secret Manager's library comes with the first read of a version, and only if there is one to read."""
    _, loads = _loaded("token_refresh", **OAUTH)
    assert loads.heavy.isdisjoint({"aiogram", "aiohttp"})


def test_the_collector_does_not_look_through_what_is_imported_again_and_again() -> None:
    assert _said("import gc, functions.bitrix_call.main; print(gc.get_threshold()[0])", ENVIRONMENT) == "10000"
