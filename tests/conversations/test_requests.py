"""How many HTTP requests of the portal's an errand takes: the table of shared/bitrix/README.md, «Requests»."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import pytest

from shared.settings import Dialect
from tests.architecture.pages import section
from tests.support.master import CONFIRM
from tests.support.sandbox import World
from tests.support.shop import Ask, asked

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = Path("shared/bitrix/README.md")
ROW = re.compile(r"^\| (.+?) \| (\d+) \| (\d+) \|$", re.MULTILINE)


MAKING = (Ask.OFFERS, Ask.BASKET, Ask.NEW_ORDER)
"""What an order is made by; looks at it afterwards are in the background, and as many as the portal's events want."""


def told(dialect: Dialect) -> dict[str, int]:
    rows = ROW.findall(section(PAGE.read_text(encoding="utf-8"), "Requests"))
    return {errand: int(contract if dialect is Dialect.CONTRACT else native) for errand, contract, native in rows}


async def test_a_search_a_quote_and_an_order_take_what_the_page_says(both_worlds: World):
    world = both_worlds
    master = await world.master()

    async def requests(act: Callable[[], Awaitable[object]], answer: str, of: Collection[Ask] = tuple(Ask)) -> int:
        await world.rests()
        since = world.clock.now()
        await act()
        await master.sees(answer)
        await world.rests()
        return sum(bool(set(asked(call)) & set(of)) for call in await world.shop.calls(since))

    wanted = [product.article for product in world.portal.shop.catalogue.all() if product.article][:50]
    assert len(wanted) == 50
    counted = {
        "search": await requests(lambda: master.says("дрель"), "🔎 «дрель»"),
        "quote of 50 lines, some of whose articles are looked up by name too": await requests(
            lambda: master.says("\n".join(f"{one} x1" for one in wanted)), "📋 Ваш"
        ),
    }
    await master.fills_cart()
    counted["confirmation"] = await requests(master.checks_out, "Проверьте заказ")
    counted["order, from the tap until it is told"] = await requests(lambda: master.taps(CONFIRM), "создан.", MAKING)
    assert counted == told(world.dialect)
