"""The sandbox's bot at a Bot API server, simulated or not: how it is called, and where its updates go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from infra.webhooks import UPDATES, profile_calls


class BotAccount:
    """One bot. `url` is the Bot API's address with the token: never logged."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def name(self, otherwise: str) -> str:
        """Ask how the bot is called, for its invite links; a server without an answer costs only them."""
        try:
            return str((await self._ask("getMe", {}))["username"])
        except (RuntimeError, KeyError, TypeError):
            return otherwise

    async def send_updates_to(self, function: str, secret: str, operators: int | None) -> None:
        """Set the webhook; before it, with the `operators`' chat, the profile as `assistant webhooks set` does.

        Raises RuntimeError when the server refuses.
        """
        for method, params in profile_calls(operators) if operators is not None else ():
            await self._ask(method, params)
        webhook = {"url": function, "secret_token": secret, "allowed_updates": list(UPDATES), "max_connections": 40}
        await self._ask("setWebhook", webhook)

    async def _ask(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the Bot API's result
        try:
            answer = (await self._http.post(f"{self._url}/{method}", json=params)).json()
        except (httpx.HTTPError, ValueError) as error:
            # Not the library's text: it holds the address, and the address holds the token.
            raise RuntimeError(f"{method}: {type(error).__name__} at the Bot API server") from None
        if not answer.get("ok"):
            raise RuntimeError(f"{method}: {answer.get('description')}")
        return answer["result"]
