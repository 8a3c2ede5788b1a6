"""The sandbox: the parts started in the order they need each other, and stopped in reverse."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
from starlette.types import ASGIApp

from infra.invites import invite_link
from infra.local.clock import Clock, SystemClock
from infra.local.cloud_tasks.emulator import CloudTasksEmulator
from infra.local.cloud_tasks.queue_state import Limits
from infra.local.firestore_emulator import FirestoreEmulator
from infra.local.portal import rich_shop
from infra.local.portal.app import Portal, create_portal
from infra.local.portal.options import PortalOptions
from infra.local.sandbox import environment
from infra.local.sandbox.bot import BotAccount
from infra.local.sandbox.chat_side import ChatSide, bot_url, simulates_telegram, with_real_bot
from infra.local.sandbox.environment import Addresses
from infra.local.sandbox.functions import PATHS, FunctionsApp
from infra.local.sandbox.options import RICH, SandboxOptions
from infra.local.sandbox.polling import Polling
from infra.local.scheduler import ScheduledJob, Scheduler
from infra.local.secret_manager.emulator import SecretManagerEmulator
from infra.local.serving import Serving, bind
from infra.local.show.app import ShowPages, beside
from infra.local.show.machine import Machine
from infra.local.show.recorder import Recorder
from infra.local.telegram.sim import TelegramSim
from shared import logs
from shared.clock import Now
from shared.entry.container import Container
from shared.settings import Settings, read_settings

TELEGRAM_RATE = 25.0
"""Messages a second of the telegram queue (the Bot API allows about 30 in all chats together)."""

SCHEDULED = ("housekeeping", "token_refresh")
EVERY = timedelta(minutes=1)
"""The scheduled functions, and how often they are called."""

PARTING = 2.0
"""Seconds the permits under way get when the sandbox stops."""

FIRESTORE = "FIRESTORE_EMULATOR_HOST"
"""The one variable that the functions' libraries read by themselves."""

Progress = Callable[[str], None]
MakeContainer = Callable[[Settings, Now], Container]


def make_container(settings: Settings, now: Now) -> Container:
    """Return the parts of the functions, all made of the settings."""
    return Container(settings, now=now)


class Sandbox:
    """Everything at once. `start` it, use `addresses`, `stop` it. A process may hold several.

    `portal` and `telegram` are the simulators that run, for tests in the same process; None where others are used.
    Once it is started, `variables` is what the functions' settings were read from, and `container` has their parts;
    they look at it with every request. `machine` is what the machine room and the stories see of all this.
    """

    container: Container
    machine: Machine

    def __init__(
        self,
        options: SandboxOptions,
        given: Mapping[str, str],
        progress: Progress = print,
        clock: Clock | None = None,
        make: MakeContainer | None = None,
    ) -> None:
        """`given` is the environment that wins over the sandbox's defaults; all parts live by `clock`.

        What `make` makes is used as it is; without it, all commits are noted for the machine room.
        """
        self._options = options
        self._given = {**rich_shop.SETTINGS, **given} if options.shop == RICH else given
        self._progress = progress
        self._stack = AsyncExitStack()
        self.variables: dict[str, str] = {}
        self._bot_name = environment.BOT_USERNAME
        self._clock = clock or SystemClock()
        self.recorder = Recorder(self._clock.now)
        self._make = make or self._watched
        self.addresses: dict[str, Any] = {}
        self.swapping = asyncio.Event()
        """Set when somebody wants the other dialect instead."""
        self.queue = CloudTasksEmulator(clock=self._clock)
        self.portal: Portal | None = None
        self.telegram: TelegramSim | None = None

    async def start(self) -> None:
        """Start all parts; whatever was started is stopped again when one of them fails."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop all parts, the last started first."""
        await self._stack.aclose()

    async def _start(self) -> None:
        # Outlives the portal: a client that is closed while it connects forgets the connection.
        http = await self._stack.enter_async_context(httpx.AsyncClient())
        chat, portal, functions = (self._serving(offset) for offset in range(3))
        self._room_url = f"{chat.url}/room"
        self._progress("Cloud Tasks and Secret Manager emulators")
        found = Addresses(
            functions=functions.url,
            cloud_tasks=await self._emulator(self.queue),
            secret_manager=await self._emulator(SecretManagerEmulator()),
            telegram=self._options.telegram_api or chat.url,
            portal_rest=environment.full(self._options.portal or environment.rest(portal.url)),
            firestore=await self._firestore() if self._options.firestore else None,
            operators=environment.OPERATORS if simulates_telegram(self._options) else None,
        )
        merged = environment.merged(found, self._given)
        self.variables = with_real_bot(merged, self._given, chat.url) if self._options.telegram else merged
        self._furnish()
        self._queues()
        self._progress("functions")
        await functions.start(self.functions())
        # Stopped the other way round: no more permits, no more requests, and only then what they work with.
        self._stack.push_async_callback(self.container.close)
        self._stack.push_async_callback(functions.stop)
        self._stack.push_async_callback(self.queue.stop, PARTING)
        if self._options.portal is None:
            self._progress("simulated Bitrix24 portal")
            await self._portal(portal, functions.url, http)
        await self._telegram(chat, portal.url, functions.url)
        await self._scheduler(functions.url)
        self.addresses = self._addresses(chat.url, portal.url, functions.url)

    def functions(self) -> ASGIApp:
        """Return what answers at the functions' addresses; `variables` are known by then."""
        return FunctionsApp(lambda: self.container, self.recorder)

    def _serving(self, offset: int) -> Serving:
        serving = Serving(bind(self._options.port + offset if self._options.port else 0))
        self._stack.push_async_callback(serving.stop)
        return serving

    async def _emulator(self, emulator: CloudTasksEmulator | SecretManagerEmulator) -> str:
        address = await emulator.start()
        self._stack.push_async_callback(emulator.stop)
        return address

    async def _firestore(self) -> str:
        self._progress("official Firestore emulator")
        emulator = FirestoreEmulator()
        await asyncio.to_thread(emulator.start)
        self._stack.callback(emulator.stop)
        return emulator.host

    def _furnish(self) -> None:
        """Make the parts of the functions. Settings are handed to them; Google's library reads its own variable."""
        settings = read_settings(self.variables)
        if FIRESTORE in self.variables:
            self._stack.callback(_restore, FIRESTORE, os.environ.get(FIRESTORE))
            os.environ[FIRESTORE] = self.variables[FIRESTORE]
        # Whoever reads the addresses reads the first line of stdout, whatever is logged before.
        stream = sys.stderr if self._options.as_json else None
        logs.configure(settings.log_level, settings.secrets(), stream)
        self.container = self._make(settings, self._clock.now)

    def _watched(self, settings: Settings, now: Now) -> Container:
        container = make_container(settings, now)
        self.recorder.watch(container)
        return container

    def _queues(self) -> None:
        rate = float(self.variables.get("BITRIX_CALLS_PER_SECOND", "2"))
        self.queue.add_queue(self.variables["BITRIX_QUEUE"], Limits(rate=rate, concurrent=10))
        self.queue.add_queue(self.variables["TELEGRAM_QUEUE"], Limits(rate=TELEGRAM_RATE, concurrent=25))

    async def _portal(self, serving: Serving, functions_url: str, http: httpx.AsyncClient) -> None:
        options = self.portal_options(serving, functions_url)
        self.portal = create_portal(options, clock=self._clock, http=http)
        if self._options.shop == RICH:
            if self.portal.states is None:
                raise ValueError("--shop rich is a native portal: BITRIX_DIALECT says otherwise")
            rich_shop.make_rich(self.portal.states)
        await serving.start(self.portal.app)

    def portal_options(self, serving: Serving, functions_url: str) -> PortalOptions:
        """Return what the simulated portal is like."""
        return PortalOptions(
            webhook_user=environment.PORTAL_USER,
            webhook_key=environment.PORTAL_KEY,
            webhook_url=f"{functions_url}{PATHS['bitrix_webhook']}",
            webhook_secret=self.variables["WEBHOOK_SECRET"],
            public_url=serving.url,
            room_url=self._room_url,
            dialect="native" if self.variables["BITRIX_DIALECT"] == "native" else "contract",
            native=replace(environment.NATIVE, application_token=self.variables["BITRIX_APPLICATION_TOKEN"]),
        )

    async def _telegram(self, serving: Serving, portal_url: str, functions_url: str) -> None:
        http = await self._stack.enter_async_context(httpx.AsyncClient(timeout=65))
        await self._show(serving, await self._chat_page(portal_url, http))
        function, secret = f"{functions_url}{PATHS['telegram_update']}", self.variables["TELEGRAM_WEBHOOK_SECRET"]
        url = bot_url(self.variables)
        bot = BotAccount(http, url)
        self._bot_name = await bot.name(environment.BOT_USERNAME)
        if self._options.telegram:
            self._progress("real Telegram, by long polling")
            polling = Polling(http, url, function, secret)
            self._stack.push_async_callback(_cancel, asyncio.create_task(polling.run()))
        else:
            await bot.send_updates_to(function, secret, environment.OPERATORS if self.telegram else None)

    async def _chat_page(self, portal_url: str, http: httpx.AsyncClient) -> ASGIApp | None:
        """Return what answers at the chat's address besides the machine room, if anything does."""
        shop = {"Магазин (заказы и статусы)": f"{portal_url}/"} if self._options.portal is None else {}
        side = ChatSide(self.variables, {**shop, "Машинный зал (что внутри)": self._room_url}, self._invite)
        if self._options.telegram:
            return side.mirror(self._given, self._clock, http)
        if not simulates_telegram(self._options):
            return None
        self._progress("simulated Telegram")
        self.telegram = side.simulated(self._clock, http)
        await self.telegram.start()
        self._stack.push_async_callback(self.telegram.stop)
        return self.telegram.app

    async def _show(self, chat: Serving, chat_page: ASGIApp | None) -> None:
        """Serve the machine room beside the chat page, or alone."""
        self.machine = Machine(
            recorder=self.recorder,
            queue=self.queue,
            bitrix_queue=self.variables["BITRIX_QUEUE"],
            portal=self.portal,
            telegram=self.telegram,
            telegram_url=chat.url,
            invite=self._invite,
            secrets=tuple(self.container.settings.secrets()),
            store=lambda: self.container.store,
            dialect=self.variables["BITRIX_DIALECT"],
            swap=self.swapping.set if self._can_swap() else None,
        )
        pages = ShowPages(self.machine)
        self._stack.push_async_callback(pages.close)
        await chat.start(beside(pages, chat_page))

    def _can_swap(self) -> bool:
        """Only a sandbox of nothing but simulators, at ports that it finds again."""
        return bool(self._options.port and self.portal and self.telegram) and self._options.shop != RICH

    async def _scheduler(self, functions_url: str) -> None:
        http = await self._stack.enter_async_context(httpx.AsyncClient())
        jobs = [ScheduledJob(name, f"{functions_url}{PATHS[name]}", EVERY) for name in SCHEDULED]
        scheduler = Scheduler(jobs, http, self._clock)
        scheduler.start()
        self._stack.push_async_callback(scheduler.stop)

    def _invite(self, buyer: str = environment.BUYER) -> str:
        return invite_link(self._bot_name, buyer, self.variables["INVITE_SECRET"])

    def _addresses(self, chat: str, portal: str, functions: str) -> dict[str, Any]:
        own_portal = self._options.portal is None
        return {
            "chat": f"{chat}/" if self._options.telegram_api is None else None,
            "telegram": chat if simulates_telegram(self._options) else None,
            "room": self._room_url,
            "portal": portal if own_portal else None,
            "bitrix_webhook": f"{functions}{PATHS['bitrix_webhook']}",
            "functions": {name: f"{functions}{path}" for name, path in PATHS.items()},
            "cloud_tasks": self.variables["CLOUD_TASKS_EMULATOR_HOST"],
            "secret_manager": self.variables["SECRET_MANAGER_EMULATOR_HOST"],
            "firestore": self.variables.get("FIRESTORE_EMULATOR_HOST"),
            "invite": self._invite(),
        }


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
