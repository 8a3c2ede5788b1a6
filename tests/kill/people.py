"""Masters who order, pay and return goods as people do: whoever hears that something did not work tries again."""

# ruff: noqa: S311 - test dice are not cryptography

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field

import httpx

from infra.invites import invite_link
from infra.local.sandbox import environment
from infra.local.telegram.person import Json, NotSeenError
from shared.telegram.formatting import number_sign
from tests.kill.books import News, Waits, Wanted
from tests.kill.world import Storm
from tests.support.master import AGREE, CASH, CONFIRM, PREPAID, Master, number_in
from tests.support.photos import snapshot
from tests.support.shop import Shop

QUERIES = ("шуруповёрт", "дрель", "перфоратор", "болгарка", "лобзик")
TROUBLE = (
    "Магазин не отвечает. ",
    "Цены сейчас не узнать",
    "Что-то сломалось",
    "Ошибка у нас",
    "не принял заказ",
    "Товара не хватило",
)
"""What a master hears when he has to try again himself."""

DOUBT = "Так и не удалось узнать"
PAY_SYSTEMS = {PREPAID: "1", CASH: "2"}
MADE = ("создан.", "создан, но")
"""An order was made, perhaps with another sum: managers change prices while it is."""

PATIENCE = 900.0
LINE = re.compile(r"^(?P<name>.+) — (?P<count>[\d\s]+?)\s*шт\.", re.MULTILINE)
MORNING = 40.0
"""Seconds within which all masters have begun: at once they would only wait for each other."""

RETURNED = 0.1
"""Share of orders that come back."""


@dataclass
class Ledger:
    """What all masters together wanted, were to be told, and waited for."""

    wanted: list[Wanted] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    screens: dict[tuple[int, int], str] = field(default_factory=dict)
    waits: Waits = field(default_factory=Waits)
    counts: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)


class Shopper:
    """One master, with the manager who looks after his orders. He makes orders until `left` says there are enough."""

    def __init__(self, storm: Storm, http: httpx.AsyncClient, ledger: Ledger, number: int) -> None:
        self._storm, self._ledger = storm, ledger
        self._dice = random.Random(storm.plan.seed * 10_000 + number)
        secret = environment.SECRETS["INVITE_SECRET"]
        buyer, addresses = str(9_001 + number), storm.sandbox.addresses
        invite = invite_link(environment.BOT_USERNAME, buyer, secret)
        self.master = Master(http, addresses["telegram"], 700_001 + number, buyer, invite)
        self.master.patience = PATIENCE
        self._shop = Shop(http, addresses["portal"], storm.sandbox.container.settings.bitrix_dialect, asyncio.sleep)
        self._products = {one.name: one.id for one in storm.portal.shop.catalogue.all()}
        self._confirmation = 0

    async def works(self, addresses: list[str]) -> None:
        """Order to addresses, which are taken from the list, until none is left. Trouble of his own ends him alone."""
        try:
            await asyncio.sleep(self._dice.uniform(0.0, MORNING))
            await self.master.comes_in()
            while addresses:
                await self._deals_with(addresses.pop())
        except (NotSeenError, httpx.HTTPError) as error:
            self._ledger.counts["masters who gave up"] += 1
            self._ledger.trouble.append(f"{self.master.user_id}: {type(error).__name__} {str(error)[:300]}")

    async def _deals_with(self, address: str) -> None:
        payment = self._dice.choice((PREPAID, CASH))
        number = None
        while number is None:
            self._ledger.counts["attempts"] += 1
            if await self._fills_cart():
                number = await self._orders(address, payment)
        if number:
            await self._follows(number, payment)

    async def _asks(self, what: str, act: Awaitable[Json], *good: str) -> Json | None:
        """Act and wait for one of these; None when he heard of trouble instead. Notes how long it took."""
        begun = time.monotonic()
        await act
        shown = await self.master.sees_one_of(*good, *TROUBLE)
        self._ledger.waits.add(what, time.monotonic() - begun)
        if any(words in shown["text"] for words in TROUBLE):
            self._ledger.counts["heard of trouble"] += 1
            await asyncio.sleep(self._dice.uniform(2.0, 10.0))
            return None
        return shown

    async def _fills_cart(self) -> bool:
        master = self.master
        found = await self._asks("search", master.says(self._dice.choice(QUERIES)), "🔎 «")
        if found is None:
            return False
        positions = [label for label in _labels(found) if label.isdigit()]
        card = await self._asks("card", master.taps(self._dice.choice(positions), found["id"]), "В корзину ·")
        if card is None:
            return False
        put = next(label for label in _labels(card) if label.startswith("В корзину ·"))
        if await self._asks("into the cart", master.taps(put, card["id"]), "🛒 В корзине ·") is None:
            return False
        return await self._asks("cart", master.says("/cart"), "Итого:") is not None

    async def _orders(self, address: str, payment: str) -> str | None:
        """Go from the cart to the order; its number, "" when nobody knows, None when he has to try again."""
        shown = await self._confirmed(address, payment)
        if shown is None:
            return None
        while True:
            # A price that changed while he filled the form in is agreed to at once.
            button = AGREE if AGREE in _labels(shown) else CONFIRM
            self._wants(shown["text"], address, payment)
            self._confirmation = int(shown["id"])
            shown = await self._asks("order", self.master.taps(button, shown["id"]), *MADE, AGREE, DOUBT)
            if shown is None:
                return None
            if any(words in shown["text"] for words in MADE):
                self._ledger.screens[self.master.user_id, self._confirmation] = address
                return number_in(shown)
            if DOUBT in shown["text"]:
                self._ledger.counts["in doubt for good"] += 1
                return ""

    async def _confirmed(self, address: str, payment: str) -> Json | None:
        begun = time.monotonic()
        await self.master.taps("Оформить заказ")
        shown = await self.master.sees_one_of("Куда доставить?", "Проверьте заказ", *TROUBLE)
        self._ledger.waits.add("checkout", time.monotonic() - begun)
        if any(words in shown["text"] for words in TROUBLE):
            return None
        if "Куда доставить?" in shown["text"]:
            await self.master.says(address)
            await self.master.sees("Как оплатите?")
            await self.master.taps(payment)
            return await self.master.sees("Проверьте заказ")
        return await self.master._changes(shown, payment, address)

    def _wants(self, text: str, address: str, payment: str) -> None:
        """Note what the confirmation says; a later one for the same address stands in its place."""
        goods = {self._products[line["name"]]: int(line["count"]) for line in LINE.finditer(text)}
        wanted = [wish for wish in self._ledger.wanted if wish.address != address]
        self._ledger.wanted = [*wanted, Wanted(address, self.master.buyer, goods, PAY_SYSTEMS[payment])]

    async def _follows(self, number: str, payment: str) -> None:
        if payment == PREPAID:
            order = self._storm.portal.front.orders.get(number)
            assert order is not None
            await self._hears(number, "Оплата получена", self._pays(number))
        await self._hears(number, "Курьер уже в пути", self._shop.moves(number, status="SHIPPED"))
        if self._dice.random() < RETURNED:
            await self._hears(number, "Заказ доставлен", self._shop.moves(number, status="DELIVERED"))
            await self._returns(number)

    async def _pays(self, number: str) -> None:
        order = self._storm.portal.front.orders.get(number)
        assert order is not None
        assert self._storm.portal.front.pay(order)

    async def _hears(self, number: str, words: str, act: Awaitable[object]) -> None:
        """Have the portal change something, and wait until the master is told of it."""
        self._ledger.news.append(News(self.master.user_id, (number_sign(number), words)))
        view = await self.master.chat()
        self.master._since = view["version"]
        begun = time.monotonic()
        await act
        try:
            await self.master.sees(words)
        except NotSeenError:
            self._ledger.counts["news that did not come"] += 1
        else:
            self._ledger.waits.add("news", time.monotonic() - begun)

    async def _chooses_goods(self, shown: Json) -> None:
        """Of an order with one product that is done already."""
        if "Дальше" not in _labels(shown):
            await self.master.taps(_labels(shown)[0], shown["id"])
            await self.master.sees("Дальше")

    async def _returns(self, number: str) -> None:
        master = self.master
        while True:
            if await self._asks("order's screen", master.says(f"/track {number}"), "↩️ Вернуть товар") is not None:
                await master.taps("↩️ Вернуть товар")
                await self._chooses_goods(await master.sees("Что возвращаем?"))
                await master.taps("Дальше")
                await master.sees("Что случилось?")
                await master.taps("Брак")
                await master.sees("Пришлите фото товара")
                await master.sends_photos([snapshot(shade) for shade in range(2)])
                await master.sees("Принято: 2.")
                await master.taps("Готово")
                await master.sees("Проверьте возврат")
                break
        made = await self._asks("return", master.taps("✅ Оформить возврат"), "зарегистрирован.", DOUBT)
        self._ledger.counts["returns wanted"] += 1
        if made is None or DOUBT in made["text"]:
            self._ledger.counts["returns in doubt"] += 1
            return
        items = [one for one in self._storm.portal.front.returns.all() if one.order_id == number]
        self._ledger.counts["returns made"] += len(items)
        self._ledger.counts["photos on the Disk"] += sum(len(one.photos) for one in items)
        await self._hears(items[0].id, "Возврат принят", self._shop.decides(items[0].id, status="RETURN_COMPLETED"))


def _labels(shown: Json) -> list[str]:
    return [button["text"] for row in shown["buttons"] for button in row]


async def managers_edit(storm: Storm, dice: random.Random) -> None:
    """Change a price now and then, until cancelled: a master may have to agree to a new sum."""
    goods = [one for one in storm.portal.shop.catalogue.all() if one.price]
    while True:
        await asyncio.sleep(dice.uniform(5.0, 15.0))
        product = dice.choice(goods)
        product.price += dice.choice((-10, 10))
