"""Fixtures of the simulated Telegram's tests."""

from collections.abc import AsyncIterator

import httpx
import pytest

from infra.local.telegram import ManualClock, TelegramOptions, create_telegram
from tests.local.telegram.bench import MASTER, TOKEN, Bench, FakeBot


@pytest.fixture
def options() -> TelegramOptions:
    return TelegramOptions(token=TOKEN, groups={-100500: "Операторы"})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def bench(options: TelegramOptions, clock: ManualClock) -> AsyncIterator[Bench]:
    bot = FakeBot()
    to_bot = httpx.ASGITransport(bot.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=to_bot) as webhooks:
        sim = create_telegram(options, clock=clock, http=webhooks)
        transport = httpx.ASGITransport(sim.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://telegram.test") as http:
            await sim.start()
            try:
                yield Bench(sim, clock, bot, http)
            finally:
                await sim.stop()


@pytest.fixture
async def dialogue(bench: Bench) -> Bench:
    """A bench whose master has already started the bot."""
    await bench.control("messages", user_id=MASTER, text="/start")
    return bench
