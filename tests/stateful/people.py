"""What people do in a system, and the judge who looks at it when all is at rest."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from infra.local.portal.deliveries import Delivery
from infra.local.sandbox import environment
from infra.local.telegram.acting import Act, Place
from infra.local.telegram.params import Upload
from infra.local.telegram.people import Words
from infra.local.telegram.views import message_view
from shared.assistant.notifications.scheduling import EVERY
from tests.stateful.hearing import Said, Tap
from tests.stateful.judge import Judge
from tests.stateful.managers import Manager
from tests.stateful.portal_books import orders_at
from tests.stateful.reading import plain, spaced
from tests.support.events import Post
from tests.support.logs import listening
from tests.support.screens import Button, Json, buttons_of, old_buttons
from tests.support.shop import A_SECOND
from tests.support.stores import documents
from tests.support.system import OPERATOR, System, running_system

SECRET = {"X-Telegram-Bot-Api-Secret-Token": environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"]}
REACH = 8
"""Messages above the newest one to which a person still scrolls."""
SERVICES = (Delivery("3", "Курьер", Decimal(350)), Delivery("7", "До терминала", Decimal(90)))
"""What the shop offers to bring goods by; masters choose."""
REPEATED = timedelta(hours=23)
"""How old an update may be that Telegram still repeats."""
PACE = 3.0
"""Seconds between two things people do."""

Do = Callable[[], None]
"""Something a person does, without waiting for what comes of it."""


@dataclass
class Street:
    """A system, its people, and the judge. `heard` counts the calls already judged."""

    system: System
    judge: Judge
    alarms: list[str]
    heard: int = 0
    dearer: bool = False

    # Looking.

    def messages(self, user: int) -> list[Json]:
        """The bot's messages to this person that he still sees."""
        world = self.system.telegram.world
        shown = world.chats[user].messages.values() if user in world.chats else ()
        return [message_view(world, one) for one in shown if one.author == "bot"][-REACH:]

    def buttons(self, user: int) -> list[Button]:
        """What this person could press, the newest last."""
        return [one for message in self.messages(user) for one in buttons_of(message, message) if one.data]

    def old_buttons(self, user: int) -> list[Button]:
        """What his messages had before they were edited."""
        return old_buttons({"messages": self.messages(user)})

    def button(self, user: int, beginning: str) -> Button | None:
        return next((one for one in reversed(self.buttons(user)) if one.text.startswith(beginning)), None)

    # Acting.

    def presses(self, user: int, button: Button) -> None:
        act = self.system.telegram.people.taps(user, "", button.message_id, button.data)
        self._notes(act, Tap(user, "", button.data, spaced(button.under)))

    def forges(self, user: int, data: str) -> None:
        """Press what never was under any message of this person."""
        people = self.system.telegram.people
        message = next(iter(self.system.telegram.world.chats[user].messages.values()))
        self._notes(people._press(self.system.telegram.world.users[user], message, data), Tap(user, "", data))

    def _notes(self, act: Act, tap: Tap) -> None:
        self.judge.sees_tap(Tap(tap.user, act.details["callback_id"], tap.data, tap.under))

    def says(self, user: int, text: str) -> None:
        self.system.telegram.people.says(user, Words(text=text))

    def shares_contact(self, user: int) -> None:
        self.system.telegram.people.says(user, Words(contact={}))

    def sends_photo(self, user: int, photo: bytes) -> None:
        self.system.telegram.people.sends_files(user, [Upload("photo.jpg", photo, "image/jpeg")])

    def commands(self, text: str) -> None:
        """An operator writes in the operators' chat."""
        self.system.telegram.people.says(OPERATOR, Words(text=text), Place(environment.OPERATORS))

    # Time, and what comes of it all.

    async def comes_of(self, *doing: Do) -> None:
        """Do everything at once, wait until all is at rest, and have it judged."""
        for do in doing:
            do()
        await self.system.rests()
        await self.is_judged()
        await self.system.clock.sleep(PACE)

    async def is_judged(self) -> None:
        """Compare what was said, ordered and kept with the judge's books."""
        for said in self._said():
            self.judge.hears(said)
        orders = await self.system.shop.orders()
        self.judge.audits(orders, self._carts(), sold_dearer=self.dearer)
        self.dearer = False
        keys = [key.id for key in self._records()]
        self.judge.leaves_no_trace(keys)
        assert not [key for key in self._records() if key.collection == "dead_letters"], "a bug is buried"
        assert self.alarms == []

    async def comes_in(self, user: int, buyer: str) -> None:
        """A master uses his invite."""
        self.judge.masters[user] = buyer
        await self.comes_of(partial(self.says, user, f"/start {self.system.invite(buyer)}"))

    async def stands_outside(self, user: int) -> None:
        """Somebody without an invite writes."""
        self.judge.strangers.add(user)
        await self.comes_of(partial(self.says, user, "/start"))

    async def shuts(self, user: int, *, out: bool) -> None:
        await self.comes_of(partial(self.commands, f"/{'block' if out else 'unblock'} {user}"))
        (self.judge.blocked.add if out else self.judge.blocked.discard)(user)

    async def moves(self, which: int, status: str, *, lost: bool) -> None:
        """The shop changes one of the orders; the event may get lost."""
        orders = await self.system.shop.orders()
        if not orders:
            return
        order_id = orders[which % len(orders)]["ID"]
        webhooks, url = self.system.portal.webhooks, self.system.portal.webhooks.url
        webhooks.url = None if lost else url
        if status == "CANCELED":
            self.judge.canceled_by_shop.add(order_id)
        await self.system.shop.moves(order_id, status=status, reason="нет на складе")
        webhooks.url = url
        await self.comes_of()

    async def manages(self, which: int, act: str, luck: int, *, lost: bool) -> None:
        """A manager does something to one of the orders, if it makes sense; the event may get lost."""
        orders = await self.system.shop.orders()
        if not orders:
            return
        order_id = orders[which % len(orders)]["ID"]
        portal, url = self.system.portal, self.system.portal.webhooks.url
        await self.system.clock.sleep(A_SECOND)
        # No list has what was deleted: such an event may not get lost.
        portal.webhooks.url = None if lost and act != "deletes" else url
        manager = Manager(portal, self.system.clock, random.Random(luck))  # noqa: S311 - test dice
        if manager.does(act, order_id) and act == "cancels":
            self.judge.canceled_by_shop.add(order_id)
        self.judge.deleted_by_shop |= manager.deleted
        portal.webhooks.url = url
        await self.comes_of()

    async def decides(self, which: int, status: str) -> None:
        """The shop decides on one of the returns, if there are any."""
        returns = await self.system.shop.returns()
        if returns:
            await self.system.shop.decides(returns[which % len(returns)]["id"], status=status, reason="нет чека")
            await self.comes_of()

    async def charges(self, user: int, price_type: int) -> None:
        """A native portal charges a master's buyer another kind of price than the bot shows him."""
        await self.system.shop.charges(self.judge.masters[user], price_type)
        await self.comes_of()

    async def reprices(self, article: str, price: int) -> None:
        product = next(one for one in self.system.portal.shop.catalogue.all() if one.article == article)
        await self.system.shop.sells(product.id, price=price)
        self.judge.prices[product.id].add(Decimal(price))
        await self.comes_of()

    async def repeats_update(self, which: int, times: int) -> None:
        """Telegram brings an update of the last day once more."""
        log = self.system.telegram.mailbox.log
        since = self.system.clock.now() - REPEATED
        bodies = [update.body for update in log if update.state == "delivered" and update.created_at > since]
        if bodies:
            body = json.dumps(bodies[-1 - which % len(bodies)]).encode()
            await asyncio.gather(*[self.system.calls("telegram_update", body, SECRET) for _ in range(times)])
        await self.comes_of()

    async def repeats_event(self, which: int, times: int) -> None:
        """The portal brings an event once more."""
        sent = self.system.portal.webhooks.all()
        if sent:
            event = sent[-1 - which % len(sent)]
            post = Post(event.body, event.headers)
            await asyncio.gather(*[self.system.posts(post) for _ in range(times)])
        await self.comes_of()

    async def sweeps(self) -> None:
        await self.system.calls("housekeeping", b"{}")
        await self.comes_of()

    async def passes(self, time: timedelta) -> None:
        """Nothing happens for a while."""
        await self.system.clock.sleep(time.total_seconds())
        await self.comes_of()

    async def all_is_told(self) -> None:
        """Every master knows how his orders stand: called when the portal has been asked for what it did not tell."""
        await self.passes(EVERY)
        await self.sweeps()
        self.judge.audits_news(orders_at(self.system.portal, {}))

    def _said(self) -> Iterator[Said]:
        calls = list(self.system.telegram.calls.log)
        fresh, self.heard = calls[self.heard :], len(calls)
        for call in fresh:
            if not call.error:
                params = call.params
                message_id = params.get("message_id")
                yield Said(
                    call.method.lower(),
                    int(params.get("chat_id", 0)),
                    plain(params.get("text", params.get("caption", ""))),
                    int(message_id) if message_id else None,
                    params.get("callback_query_id", ""),
                )

    def _records(self) -> list[Any]:
        return list(documents(self.system.here.store))

    def _carts(self) -> dict[int, dict[str, int]]:
        """What the records of the carts hold."""
        records = documents(self.system.here.store)
        return {
            int(key.id): {line["product_id"]: line["quantity"] for line in record.data["lines"]}
            for key, record in records.items()
            if key.collection == "carts" and record.data["lines"]
        }


@asynccontextmanager
async def moved_in(dialect: str) -> AsyncIterator[Street]:
    told = {one.id: {"name": one.name, "price": int(one.price or 0)} for one in SERVICES}
    given = {"BITRIX_DELIVERIES": json.dumps(told)}
    dice = random.Random(1)  # noqa: S311 - the queues' dice
    async with running_system(dialect, dice, given, deliveries=SERVICES) as system:
        goods = system.portal.shop.catalogue.all()
        judge = Judge(
            {one.name: one.id for one in goods},
            {one.id: {one.price} for one in goods},
            {one.name: one.id for one in SERVICES},
            environment.OPERATORS,
        )
        with listening("shared", logging.ERROR) as alarms:
            yield Street(system, judge, alarms.texts)
