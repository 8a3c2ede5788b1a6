"""Long polling for a real bot without a public address (`--telegram`): updates are fetched for the function."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import httpx

from infra.webhooks import UPDATES

log = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds one getUpdates waits at Telegram."""

PAUSE = 5.0
"""Seconds between tries after a failure."""


class Polling:
    """Fetches updates and delivers each until the function takes it."""

    def __init__(self, http: httpx.AsyncClient, bot_url: str, function_url: str, secret: str) -> None:
        """`bot_url` is the Bot API's address with the token: never logged."""
        self._http = http
        self._bot_url = bot_url
        self._function_url = function_url
        self._secret = secret
        self._offset = 0

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self._call("deleteWebhook", {})
                await self._fetch()
            except (httpx.HTTPError, ValueError) as error:
                log.warning("no updates: %s", type(error).__name__)
                await asyncio.sleep(PAUSE)

    async def _fetch(self) -> None:
        while True:
            wanted = {"offset": self._offset, "timeout": LONG_POLL, "allowed_updates": list(UPDATES)}
            for update in await self._call("getUpdates", wanted):
                await self._deliver(update)
                self._offset = update["update_id"] + 1

    async def _call(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the Bot API's result
        response = await self._http.post(f"{self._bot_url}/{method}", json=params, timeout=LONG_POLL + 10)
        match response.json():
            case {"ok": True, "result": result}:
                return result
        raise ValueError(f"{method} was refused")

    async def _deliver(self, update: Mapping[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret}
        while True:
            response = await self._http.post(self._function_url, json=update, headers=headers, timeout=60)
            if response.is_success:
                return
            log.warning("the function answered %s", response.status_code)
            await asyncio.sleep(PAUSE)
