"""A portal with the spec's table alone, in its second ways: what it lacks costs a convenience, and bothers nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.assistant.notifications.scheduling import EVERY
from tests.conversations.conftest import TABLE_ALONE
from tests.conversations.test_returns import returned
from tests.conversations.test_support import operator
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    ways = {"BITRIX_QUOTE_BY_LISTS": "true", "BITRIX_RETURN_METHOD": "sale.orderreserves.add"}
    lacks = frozenset({"crm.product.batch", "app.rma.add"})
    async with running_world(ways, portal={**TABLE_ALONE, "without": lacks}) as running:
        yield running


async def test_what_lies_beyond_the_table_bothers_nobody(world: World):
    master = await world.master()
    await master.says("/catalog")
    await master.sees("Каталога по разделам у магазина пока нет")
    number = await returned(world, master)
    await world.rests()
    for _ in range(3):
        world.clock.skip(EVERY.total_seconds())
        assert (await world.calls("housekeeping", b"")).is_success
        await world.rests()
    asked = [call for call in world.portal.rest.calls.since() if "app.rma.get" in str(call.view())]
    assert len(asked) == 1, "a return that cannot be read is looked at once a day"
    await world.shop.decides(number, status="RETURN_REJECTED", reason="следы удара")
    await master.sees("Возврат отклонён: следы удара")
    told = [message["text"] for message in (await operator(world).chat())["messages"]]
    assert not [text for text in told if "Нужен человек" in text]
