"""How many taps and texts an errand takes: the table of shared/assistant/README.md, «Taps and texts»."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from infra.local.telegram.person import Json
from tests.architecture.pages import section
from tests.conversations.test_returns import DONE, REGISTER, RETURN
from tests.support.master import ADDRESS, CASH, CONFIRM, NB, Master
from tests.support.photos import snapshot
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = Path("shared/assistant/README.md")
ROW = re.compile(r"^\|" + r" (.+?) \|" * 5 + "$", re.MULTILINE)
FIND, REPEAT, LIST, RETURN_GOODS, WHERE = (
    "find and order",
    "repeat an order",
    "order a pasted list",
    "return with an album",
    "where is my order",
)
KINDS = {"taps": "tap", "messages": "text", "photos": "album"}


class Counted(Master):
    """A master whose acts are counted."""

    done: Counter[str]

    async def _acts(self, path: str, **body: object) -> Json:
        self.done[KINDS[path]] += 1
        return await super()._acts(path, **body)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native"}) as running:
        yield running


async def counted(world: World) -> Counted:
    someone = world.stranger()
    master = Counted(world.http, world.addresses["telegram"], someone.user_id, someone.buyer, someone.invite)
    master.done = Counter()
    await master.comes_in()
    master.done.clear()
    return master


def told(errand: str, column: int) -> Counter[str]:
    """What the page says of an errand: «3 taps, 1 text»."""
    (cells,) = [
        row for row in ROW.findall(section(PAGE.read_text(encoding="utf-8"), "Taps and texts")) if row[0] == errand
    ]
    counts = re.findall(r"(\d+) (tap|text|album)", cells[column])
    return Counter({kind: int(count) for count, kind in counts})


def assert_told(master: Counted, errand: str, column: int) -> None:
    """Just what the page says: less is to be written there as well."""
    done, page = master.done, told(errand, column)
    assert done == page, f"{errand}: {dict(done)}, the page says {dict(page)}"
    master.done = Counter()


async def pays_and_says_where(master: Master) -> None:
    await master.sees("Куда доставить?")
    await master.says(ADDRESS)
    await master.sees("Как оплатите?")
    await master.taps(CASH)


async def finds_and_orders(master: Counted, column: int) -> str:
    await master.finds()
    await master.opens_card()
    await master.taps("⚡ Заказать сразу")
    if column == NEW:
        await pays_and_says_where(master)
    await master.sees("Проверьте заказ")
    number = await master.confirms()
    assert_told(master, FIND, column)
    return number


async def orders_a_list(master: Counted, column: int) -> None:
    await master.says("DF333DWYE x2\nHR2470 x1")
    await master.sees("нашли 2 из 2")
    await master.taps(f"⚡ Заказать сразу · 2{NB}поз.")
    if column == NEW:
        await pays_and_says_where(master)
    await master.sees("Проверьте заказ")
    await master.confirms()
    assert_told(master, LIST, column)


NEW, RETURNING = 2, 4


async def test_a_new_master(world: World):
    await finds_and_orders(await counted(world), NEW)
    await orders_a_list(await counted(world), NEW)


async def test_a_returning_one(world: World):
    master = await counted(world)
    await master.orders(payment=CASH)
    master.done.clear()
    number = await finds_and_orders(master, RETURNING)
    await orders_a_list(master, RETURNING)

    await master.says("где мой заказ?")
    await master.sees(f"Заказ №{NB}")
    assert_told(master, WHERE, RETURNING)

    await master.says(f"/track {number}")
    await master.sees("🔁 Повторить")
    await master.taps("🔁 Повторить")
    await master.sees("🛒 Корзина")
    await master.taps("Оформить заказ")
    await master.sees("Проверьте заказ")
    await master.taps(CONFIRM)
    await master.sees("создан.")
    assert_told(master, REPEAT, RETURNING)

    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await returns_with_album(master, number)


async def returns_with_album(master: Counted, number: str) -> None:
    await master.says(f"/track {number}")
    await master.sees(RETURN)
    await master.taps(RETURN)
    await master.sees("Что возвращаем?")
    await master.taps("Дальше")
    await master.sees("Что случилось?")
    await master.taps("Брак")
    await master.sees("Пришлите фото товара")
    await master.sends_photos([snapshot(1), snapshot(2)])
    await master.sees("Принято: 2.")
    await master.taps(DONE)
    await master.sees("Проверьте возврат")
    await master.taps(REGISTER)
    await master.sees("зарегистрирован.")
    assert_told(master, RETURN_GOODS, RETURNING)
