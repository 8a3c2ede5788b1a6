"""The simulator and the demo bot on sockets of this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from infra.local.telegram import Person, SystemClock, TelegramOptions, TelegramSim, create_telegram
from tests.local.telegram.bench import TOKEN
from tests.local.telegram.demo_bot import DemoBot
from tests.support.servers import serving

INVITE = "https://t.me/assistant_mastera_bot?start=inv_a1b2"


@dataclass
class Town:
    """Where everything listens."""

    url: str
    sim: TelegramSim
    bot: DemoBot
    http: httpx.AsyncClient

    def person(self, user_id: int) -> Person:
        return Person(self.http, self.url, user_id)


@asynccontextmanager
async def town() -> AsyncIterator[Town]:
    options = TelegramOptions(
        token=TOKEN,
        invite_link=lambda: [INVITE],
        links={"Портал Битрикс24": "http://127.0.0.1:8090/"},
        groups={-100500: "Операторы"},
    )
    async with httpx.AsyncClient() as http:
        sim = create_telegram(options, clock=SystemClock(), http=http)
        async with serving(sim.app) as url, httpx.AsyncClient(base_url=url) as api:
            bot = DemoBot(api)
            async with serving(bot.app) as bot_url:
                await sim.start()
                await bot.call("setWebhook", url=f"{bot_url}/webhook", secret_token="s3")
                menu = {"start": "Начать сначала", "cart": "Корзина"}
                commands = [{"command": name, "description": words} for name, words in menu.items()]
                await bot.call("setMyCommands", commands=commands)
                await bot.call("setMyDescription", description="Помогаю мастерам находить и заказывать запчасти.")
                try:
                    yield Town(url, sim, bot, http)
                finally:
                    await sim.stop()
