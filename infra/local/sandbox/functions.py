"""All functions in one process: each is loaded by the framework itself, as in production, under its own path."""

from __future__ import annotations

from pathlib import Path

from functions_framework.aio import create_asgi_app
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = Path(__file__).parents[3] / "functions"

PATHS = {
    "telegram_update": "/telegram_update",
    "bitrix_webhook": "/webhook/bitrix",
    "bitrix_call": "/bitrix_call",
    "telegram_send": "/telegram_send",
    "housekeeping": "/housekeeping",
    "token_refresh": "/token_refresh",
}
"""Function → path in the sandbox."""


class FunctionsApp:
    """Every function at exactly its path. Starlette's `Mount` would redirect a path without a final slash."""

    def __init__(self, apps: dict[str, ASGIApp]) -> None:
        """`apps`: path → application."""
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the function of its path."""
        if scope["type"] == "http":
            app = self._apps.get(scope["path"].rstrip("/"), PlainTextResponse("no such function", 404))
            await app({**scope, "path": "/", "raw_path": b"/"}, receive, send)


def functions_app() -> FunctionsApp:
    """Load all functions. The settings must be in the environment by now."""
    return FunctionsApp({path: _loaded(name) for name, path in PATHS.items()})


def _loaded(name: str) -> ASGIApp:
    source = str(FOLDER / name / "main.py")
    app: ASGIApp = create_asgi_app(target=name, source=source)  # type: ignore[no-untyped-call] # the framework's gap
    return app
