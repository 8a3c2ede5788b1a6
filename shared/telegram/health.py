"""The health of the webhook, as Telegram tells it (`getWebhookInfo`). No aiogram: housekeeping does not load it.

The token is in the address, so no error of the HTTP client gets out of here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import httpx

RECENT = timedelta(minutes=10)
"""A delivery that failed longer ago is no trouble of today: Telegram repeats within a minute or so."""
_MOST_ERROR = 200
"""Characters of Telegram's words about the last error."""


class WebhookState(StrEnum):
    """Whether updates reach us."""

    FINE = "fine"
    FAILING = "failing"
    """The last delivery failed lately."""
    UNSET = "unset"
    """There is no webhook: nobody gets the updates."""
    UNREACHABLE = "unreachable"
    """Telegram did not answer us."""


@dataclass(frozen=True)
class WebhookHealth:
    """The state, how many updates wait, and what Telegram says of the last failure when it is recent."""

    state: WebhookState
    pending: int = 0
    error: str = ""


async def ask_health(
    http: httpx.AsyncClient, api_base: str, token: str, now: datetime, limit_seconds: float
) -> WebhookHealth:
    """Ask Telegram; never raises for what it answers or does not."""
    try:
        async with asyncio.timeout(limit_seconds):
            answer = (await http.post(f"{api_base.rstrip('/')}/bot{token}/getWebhookInfo")).json()
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return WebhookHealth(WebhookState.UNREACHABLE, error=type(error).__name__)
    match answer:
        case {"ok": True, "result": {"url": str() as url} as info}:
            return _health(url, info, now)
        case {"ok": False, "error_code": int() as code}:
            return WebhookHealth(WebhookState.UNREACHABLE, error=str(code))
    return WebhookHealth(WebhookState.UNREACHABLE, error="no answer of a Bot API")


def _health(url: str, info: Mapping[str, Any], now: datetime) -> WebhookHealth:
    pending = info.get("pending_update_count")
    waiting = pending if isinstance(pending, int) else 0
    if not url:
        return WebhookHealth(WebhookState.UNSET, waiting)
    failed_at = info.get("last_error_date")
    if not isinstance(failed_at, int) or now - datetime.fromtimestamp(failed_at, UTC) > RECENT:
        return WebhookHealth(WebhookState.FINE, waiting)
    return WebhookHealth(WebhookState.FAILING, waiting, str(info.get("last_error_message", ""))[:_MOST_ERROR])
