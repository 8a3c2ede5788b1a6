"""The simulated Telegram as one Starlette application."""

from pathlib import Path
from random import Random

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from infra.local.clock import Clock
from infra.local.telegram.api import BotApi
from infra.local.telegram.calls import Calls
from infra.local.telegram.control import Control
from infra.local.telegram.core import Core
from infra.local.telegram.delivery import Delivery
from infra.local.telegram.faults import Faults
from infra.local.telegram.looking import guarded
from infra.local.telegram.mailbox import Mailbox
from infra.local.telegram.objects import Objects
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.params import Params
from infra.local.telegram.people import People
from infra.local.telegram.state import World

STATIC = Path(__file__).parent / "static"
PAGE_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'"


class TelegramSim:
    """One simulated Telegram: `app` for a server or an ASGI transport, the rest for tests in process."""

    def __init__(self, options: TelegramOptions, clock: Clock, http: httpx.AsyncClient) -> None:
        self.options = options
        self.world = World(clock, dict(options.groups))
        self.mailbox = Mailbox(clock, self.world.changes)
        self.delivery = Delivery(self.mailbox, clock, http, self._execute, Random(options.seed))
        objects = Objects(self.world, options.bot_id, options.username, options.title)
        self.core = Core(options, clock, http, self.world, objects, self.mailbox, self.delivery)
        self.calls = Calls(self.core)
        self.faults = Faults()
        self.people = People(self.core)
        self._api = BotApi(self.core, self.calls, self.faults)
        self._control = Control(self.core, self.calls, self.faults, self.people)
        self.app = Starlette(routes=[*self._api.routes(), *self._control.routes(), *self.pages()])

    def pages(self) -> list[Route | Mount]:
        """Return the chat page, and all that only looks."""
        looking = [Route(path, guarded(handler)) for _, path, handler in self._control.looking.table()]
        return [*looking, Route("/", _page), Mount("/static", StaticFiles(directory=STATIC))]

    async def start(self) -> None:
        """Begin to deliver updates."""
        self._api.open()
        self.delivery.start()

    async def stop(self) -> None:
        """Cancel deliveries and let held requests go; what was not delivered stays pending."""
        self._api.close()
        await self.delivery.stop()

    async def settled(self, peer_id: int, within: float = 10.0) -> bool:
        """Wait (in real seconds) until no update of this chat or user is pending."""
        return await self._control.looking.settled(peer_id, within)

    async def _execute(self, method: str, params: Params) -> None:
        await self.calls.run_reply(method, params)


def create_telegram(options: TelegramOptions, *, clock: Clock, http: httpx.AsyncClient) -> TelegramSim:
    """A simulated Telegram that delivers webhooks through `http` and lives by `clock`.

    The caller owns `http` and closes it after `stop()`.
    """
    return TelegramSim(options, clock, http)


async def _page(_: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": PAGE_POLICY})
