"""A system in one process whose instance dies at a chosen step to the outside, and is replaced by a fresh one.

Every call to the store, the queue, the portal and Telegram is a step. A death takes all that the instance has under way
with it; who called it gets no answer, and the store, the queues and the outside world go on as they are.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from infra.local.sandbox import environment
from infra.local.sandbox.functions import PATHS, FunctionsApp
from infra.local.telegram.acting import Place
from infra.local.telegram.params import Upload
from infra.local.telegram.people import Words
from infra.local.telegram.views import message_view
from shared.entry.container import Container
from tests.support.fate import Fate
from tests.support.queues import SteppedQueue
from tests.support.screens import Button, Json, buttons_of
from tests.support.stores import SteppedStore, documents
from tests.support.system import FUNCTIONS, OPERATOR, TELEGRAM, System, running_system

USER, BUYER = 700_001, "9001"
LEASES_END = 120.0
"""Seconds after which no lease lasts any more, and what lay under it is overdue for housekeeping."""

SWEEPS = 3
"""Rounds of housekeeping after a death: each may find what the one before has made due."""


class SteppedHttp(httpx.AsyncBaseTransport):
    """Makes every request through `step`, under the name «tell sendMessage», «ask sale.order.add»."""

    def __init__(self, inner: httpx.AsyncBaseTransport, step: Fate) -> None:
        self._inner, self._step = inner, step

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        kind = "tell" if request.url.host == httpx.URL(TELEGRAM).host else "ask"
        name = f"{kind} {request.url.path.rpartition('/')[2]}"
        return await self._step(name, lambda: self._inner.handle_async_request(request))


class Stage:
    """One master, one operator, and the instance that may die. `fate` has the steps since it was armed."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.fate = Fate()
        self._whole, self._swept = system.here, False
        system.doors.open(FUNCTIONS, FunctionsApp(self._instance))

    def arm(self, at: int, *, after: bool) -> None:
        """Let the instance die at this step from now on; 0: never."""
        self.fate = Fate(at, after)
        self.system.here = self._living(self.fate)

    def _instance(self) -> Container:
        if self.fate.dead and self.system.here is not self._whole:
            self.system.here = self._whole
        return self.system.here

    def _living(self, fate: Fate) -> Container:
        whole = self._whole
        http = httpx.AsyncClient(transport=SteppedHttp(self.system.doors, fate), timeout=65)
        return whole.override(
            store=SteppedStore(whole.store, fate), queue=SteppedQueue(self.system.queues, fate), http=http
        )

    # What people do; each waits until all has come to rest, and a death is over.

    async def says(self, text: str) -> None:
        await self.comes_of(lambda: self.system.telegram.people.says(USER, Words(text=text)))

    async def presses(self, beginning: str) -> None:
        """Press the newest button with this text, else the newest that begins so."""
        newest = [*reversed(self.buttons())]
        begins = [one for one in newest if one.text.startswith(beginning)]
        button = next((one for one in newest if one.text == beginning), begins[0] if begins else None)
        assert button is not None, f"no button «{beginning}…» after {self.fate.steps[-3:]}: {self.texts()}"
        await self.comes_of(
            lambda: self.system.telegram.people.taps(USER, "", button.message_id, button.data),
        )

    async def sends_photos(self, *photos: bytes) -> None:
        files = [Upload(f"photo_{number}.jpg", photo, "image/jpeg") for number, photo in enumerate(photos)]
        await self.comes_of(lambda: self.system.telegram.people.sends_files(USER, files))

    async def answers(self, text: str, topic: int) -> None:
        """An operator writes into a topic."""
        place = Place(environment.OPERATORS, topic)
        await self.comes_of(lambda: self.system.telegram.people.says(OPERATOR, Words(text=text), place))

    async def moves(self, order_id: str, status: str) -> None:
        await self.system.shop.moves(order_id, status=status)
        await self.comes_of()

    async def scheduler_calls(self) -> None:
        """Housekeeping's minute has come; a run that failed waits for the next one."""
        await self.system.http.post(f"{FUNCTIONS}{PATHS['housekeeping']}", content=b"{}")
        await self.comes_of()

    async def comes_of(self, act: Callable[[], object] = lambda: None) -> None:
        """Do it, and wait until nothing is under way; after a death housekeeping comes round."""
        act()
        await self.system.rests()
        if self.fate.dead and not self._swept:
            self._swept = True
            for _ in range(SWEEPS):
                await self.system.clock.sleep(LEASES_END)
                await self.system.calls("housekeeping", b"{}")
                await self.system.rests()

    # What is there.

    def messages(self, chat: int = USER) -> list[Json]:
        world = self.system.telegram.world
        shown = world.chats[chat].messages.values() if chat in world.chats else ()
        return [message_view(world, one) for one in shown if one.author == "bot"]

    def texts(self, chat: int = USER) -> list[str]:
        return [message["text"] or message["caption"] for message in self.messages(chat)]

    def buttons(self) -> list[Button]:
        return [one for message in self.messages() for one in buttons_of(message, message) if one.data]

    def heard(self, words: str, chat: int = USER) -> int:
        """How many messages of the chat hold these words."""
        return sum(words in text for text in self.texts(chat))

    def cart(self) -> dict[str, str]:
        """Pieces by product, as the record has them."""
        found = [record.data for key, record in documents(self._whole.store).items() if key.collection == "carts"]
        return {line["product_id"]: str(line["quantity"]) for data in found for line in data["lines"]}

    def dead_letters(self) -> list[str]:
        return [key.id for key in documents(self._whole.store) if key.collection == "dead_letters"]


@asynccontextmanager
async def staged(dialect: str) -> AsyncIterator[Stage]:
    """A system in which one master has come in."""
    async with running_system(dialect, random.Random(1)) as system:  # noqa: S311 - the queues' dice
        stage = Stage(system)
        await stage.says(f"/start {system.invite(BUYER)}")
        yield stage
