"""What the tests of the entrances share: an environment, a store that counts, requests, updates, masters."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.sandbox.functions import FUNCTIONS
from shared.entry.container import Container
from shared.entry.http import Function
from shared.store.port import Create, Key
from tests.pipeline.bench import NOW
from tests.support.queues import BITRIX, TELEGRAM
from tests.support.stores import FaultyStore
from tests.support.telegram import BASE, TOKEN
from tests.support.updates import callback, message, person

PORTAL_HOST = "portal.test"
PORTAL_KEY = "p0rtalk3y99"
TELEGRAM_SECRET = "telegram-secret-1"
BITRIX_SECRET = "bitrix-secret-1"
INVITE_SECRET = "invite-secret-1"

ENVIRONMENT = {
    "GOOGLE_CLOUD_PROJECT": "shop",
    "STORE": "memory",
    "BITRIX_QUEUE": BITRIX[0],
    "BITRIX_CALL_URL": BITRIX[1],
    "TELEGRAM_QUEUE": TELEGRAM[0],
    "TELEGRAM_SEND_URL": TELEGRAM[1],
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_API_BASE": BASE,
    "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
    "BITRIX_BASE_URL": f"https://{PORTAL_HOST}/rest/1/{PORTAL_KEY}/",
    "BITRIX_DIALECT": "contract",
    "WEBHOOK_SECRET": BITRIX_SECRET,
    "INVITE_SECRET": INVITE_SECRET,
}
BOT_ID = TOKEN.partition(":")[0]
MASTER = 42

METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]


async def call(
    here: Container, name: str, body: bytes | Any = b"{}", method: str = "POST", **options: Any
) -> httpx.Response:
    """Make a request to a function over this container. What is not bytes is sent as JSON."""
    return await ask(FUNCTIONS[name], lambda: here, body, method, **options)


async def ask(
    function: Function[Any], instance: Callable[[], Any], body: bytes | Any, method: str = "POST", **options: Any
) -> httpx.Response:
    async def endpoint(request: Request) -> Response:
        return await function.answer(request, instance)

    app = Starlette(routes=[Route("/{path:path}", endpoint, methods=METHODS)])
    content = body if isinstance(body, bytes) or hasattr(body, "__aiter__") else json.dumps(body).encode()
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://function.test") as client:
        return await client.request(method, "/", content=content, **options)


async def update(here: Container, event: Any, secret: str | None = TELEGRAM_SECRET) -> httpx.Response:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    return await call(here, "telegram_update", event, headers=headers)


def text(words: str, update_id: int = 1, user_id: int = MASTER, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"update_id": update_id, "message": message(10 + update_id, person(user_id), chat, text=words)}


def tap(data: str, update_id: int = 1, user_id: int = MASTER) -> dict[str, Any]:
    shown = text("screen", update_id, user_id)["message"]
    return {"update_id": update_id, "callback_query": callback(data, person(user_id), shown)}


async def enrol(store: FaultyStore, user_id: int = MASTER, **more: Any) -> None:
    data = {
        "telegram_id": user_id,
        "bitrix_user_id": "17",
        "name": "Иван",
        "joined_at": NOW,
        "addresses": [],
        "reachable": True,
        **more,
    }
    await store.commit([Create(Key("masters", str(user_id)), data)])
    store.commits = 0


async def forever() -> None:
    await asyncio.Event().wait()
