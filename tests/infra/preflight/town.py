"""A portal, Telegram and the functions in this process, as preflight meets them: each case has a town of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from infra.local.clock import SystemClock
from infra.local.portal import Portal, create_portal
from infra.local.sandbox import environment
from infra.local.sandbox.functions import FunctionsApp
from infra.local.telegram.sim import TelegramSim, create_telegram
from infra.preflight.checking import Asked, check_all
from infra.preflight.result import Result
from infra.webhooks import UPDATES
from shared.entry.container import Container
from shared.settings import read_settings
from tests.support import system
from tests.support.bot_api import SetWebhook
from tests.support.system import FUNCTIONS, PORTAL, TELEGRAM

UPDATES_URL = f"{FUNCTIONS}/telegram_update"
EVENTS_URL = f"{FUNCTIONS}/webhook/bitrix"
ASKED = Asked(telegram_webhook=UPDATES_URL, bitrix_webhook=EVENTS_URL)


class Streets(system.MortalDoors):
    """The way to everybody. `drift` is how far the others' clocks are ahead of ours."""

    drift = timedelta(0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        answer.headers["Date"] = format_datetime(datetime.now(UTC) + self.drift)
        return answer


@dataclass
class Town:
    """Everybody preflight speaks to, and its own parts."""

    here: Container
    portal: Portal
    telegram: TelegramSim
    streets: Streets

    async def set_webhook(self, url: str = UPDATES_URL, kinds: tuple[str, ...] = UPDATES) -> None:
        secret = environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"]
        await self.here.bot(SetWebhook(url=url, secret_token=secret, allowed_updates=[*kinds]))

    async def look(self, asked: Asked = ASKED) -> list[Result]:
        return await check_all(self.here, asked, at_once)

    async def sim(self, path: str, body: Mapping[str, Any]) -> Any:
        """Set the portal up through one of its control end points."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.portal.app), base_url=PORTAL) as desk:
            answer = await desk.post(f"/_sim/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def at_once(_seconds: float) -> None:
    """Keep the pace by going on: the town is not in a hurry."""


@asynccontextmanager
async def town(dialect: str, options: Mapping[str, Any], settings: Mapping[str, str]) -> AsyncIterator[Town]:
    """Build a town. `options` change the portal, `settings` those preflight has; the functions keep the right ones."""
    streets = Streets()
    async with httpx.AsyncClient(transport=streets) as http:
        usual = {"costs": {}, "default_cost": 0.0, "webhook_url": None}
        changed = system.portal_options(dialect, **{**usual, **options})
        portal = create_portal(changed, clock=SystemClock(), http=http)
        telegram = create_telegram(system.telegram_options(), clock=SystemClock(), http=http)
        right = system.settings_of(dialect)
        served = Container(read_settings(right), http=http)
        streets.open(FUNCTIONS, FunctionsApp(lambda: served))
        streets.open(PORTAL, portal.app)
        streets.open(TELEGRAM, telegram.app)
        here = Container(read_settings({**right, **settings}), http=http)
        yield Town(here, portal, telegram, streets)
        await portal.close()
