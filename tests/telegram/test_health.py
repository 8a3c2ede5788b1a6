"""How the webhook stands, as Telegram tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.telegram.health import RECENT, WebhookHealth, WebhookState, ask_health
from tests.support.telegram import BASE, TOKEN

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://telegram-update.example.test"


async def asked(answer: Callable[[httpx.Request], httpx.Response]) -> WebhookHealth:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        return await ask_health(http, f"{BASE}/", TOKEN, NOW, 1.0)


async def told(**info: Any) -> WebhookHealth:
    return await asked(lambda _: httpx.Response(200, json={"ok": True, "result": {"url": URL, **info}}))


def unix(ago: timedelta) -> int:
    return int((NOW - ago).timestamp())


async def test_it_asks_for_the_webhook_of_the_bot():
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url}")
        return httpx.Response(200, json={"ok": True, "result": {"url": URL, "pending_update_count": 3}})

    assert await asked(answer) == WebhookHealth(WebhookState.FINE, 3)
    assert seen == [f"POST {BASE}/bot{TOKEN}/getWebhookInfo"]


async def test_an_error_counts_while_it_is_recent():
    message = "Wrong response from the webhook: 401 Unauthorized"
    late, early = unix(RECENT), unix(RECENT + timedelta(seconds=1))
    assert await told(pending_update_count=9, last_error_date=late, last_error_message=message) == WebhookHealth(
        WebhookState.FAILING, 9, message
    )
    assert await told(pending_update_count=9, last_error_date=early, last_error_message=message) == WebhookHealth(
        WebhookState.FINE, 9
    )
    assert len((await told(last_error_date=late, last_error_message="x" * 5000)).error) == 200


async def test_without_an_address_nobody_gets_updates():
    assert await told(url="", pending_update_count=2) == WebhookHealth(WebhookState.UNSET, 2)


async def test_odd_counts_are_none():
    assert await told(pending_update_count="many", last_error_date="yesterday") == WebhookHealth(WebhookState.FINE)


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: httpx.Response(401, json={"ok": False, "error_code": 401, "description": "Unauthorized"}), "401"),
        (lambda _: httpx.Response(502, text="<html>"), "JSONDecodeError"),
        (lambda _: httpx.Response(200, json=[]), "no answer of a Bot API"),
        (raising(httpx.ConnectTimeout(f"{BASE}/bot{TOKEN}/getWebhookInfo")), "ConnectTimeout"),
        (raising(TimeoutError()), "TimeoutError"),
    ],
)
async def test_a_telegram_that_does_not_answer(answer: Callable[[httpx.Request], httpx.Response], error: str):
    assert await asked(answer) == WebhookHealth(WebhookState.UNREACHABLE, error=error)
