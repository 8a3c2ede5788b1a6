"""A portal, Telegram and the functions in this process: no sockets, so a case may have a town of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
from starlette.types import ASGIApp

from infra.local.clock import SystemClock
from infra.local.portal.app import Portal, create_portal
from infra.local.portal.options import PortalOptions
from infra.local.sandbox import environment
from infra.local.sandbox.environment import Addresses
from infra.local.sandbox.functions import FunctionsApp
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.sim import TelegramSim, create_telegram
from infra.preflight.checking import Asked
from infra.webhooks import UPDATES
from shared.entry.container import Container
from shared.settings import read_settings
from shared.telegram.api import SetWebhook

PORTAL, TELEGRAM, FUNCTIONS = "portal.test", "telegram.test", "functions.test"
UPDATES_URL = f"https://{FUNCTIONS}/telegram_update"
EVENTS_URL = f"https://{FUNCTIONS}/webhook/bitrix"
ASKED = Asked(telegram_webhook=UPDATES_URL, bitrix_webhook=EVENTS_URL)


@dataclass
class Streets(httpx.AsyncBaseTransport):
    """Leads each request to whoever lives at its host. `drift` is how far the others' clocks are ahead of ours."""

    houses: Mapping[str, ASGIApp]
    drift: timedelta = timedelta(0)
    doors: dict[str, httpx.ASGITransport] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in self.houses:
            raise httpx.ConnectError("nobody lives here")
        door = self.doors.setdefault(request.url.host, httpx.ASGITransport(self.houses[request.url.host]))
        answer = await door.handle_async_request(request)
        answer.headers["Date"] = format_datetime(datetime.now(UTC) + self.drift)
        return answer


@dataclass
class Town:
    """Everybody preflight speaks to, and its own parts."""

    here: Container
    portal: Portal
    telegram: TelegramSim
    streets: Streets
    houses: dict[str, ASGIApp]

    async def set_webhook(self, url: str = UPDATES_URL, kinds: tuple[str, ...] = UPDATES) -> None:
        secret = environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"]
        await self.here.bot(SetWebhook(url=url, secret_token=secret, allowed_updates=[*kinds]))


@asynccontextmanager
async def town(dialect: str, options: Mapping[str, Any], settings: Mapping[str, str]) -> AsyncIterator[Town]:
    """Build a town. `options` change the portal, `settings` those preflight has; the functions keep the right ones."""
    addresses = Addresses(
        f"https://{FUNCTIONS}", "q:1", "s:2", f"http://{TELEGRAM}", rest(), None, environment.OPERATORS
    )
    right = environment.merged(addresses, {"BITRIX_DIALECT": dialect})
    served = Container(read_settings(right))
    houses: dict[str, ASGIApp] = {FUNCTIONS: FunctionsApp(lambda: served)}
    streets = Streets(houses)
    async with httpx.AsyncClient(transport=streets) as http:
        portal = create_portal(portal_options(dialect, options), clock=SystemClock(), http=http)
        telegram = create_telegram(telegram_options(), clock=SystemClock(), http=http)
        houses |= {PORTAL: portal.app, TELEGRAM: telegram.app}
        here = Container(read_settings({**right, **settings}), http=http)
        yield Town(here, portal, telegram, streets, houses)
        await portal.close()


def rest(key: str = environment.PORTAL_KEY) -> str:
    return f"http://{PORTAL}/rest/{environment.PORTAL_USER}/{key}/"


def portal_options(dialect: str, changes: Mapping[str, Any]) -> PortalOptions:
    native = changes.get("native", {})
    usual = PortalOptions(
        dialect="native" if dialect == "native" else "contract",
        webhook_user=environment.PORTAL_USER,
        webhook_key=environment.PORTAL_KEY,
        costs={},
        default_cost=0.0,
        native=replace(environment.NATIVE, **native),
    )
    return replace(usual, **{name: value for name, value in changes.items() if name != "native"})


def telegram_options() -> TelegramOptions:
    return TelegramOptions(
        token=environment.BOT_TOKEN,
        username=environment.BOT_USERNAME,
        groups={environment.OPERATORS: "Операторы"},
    )
