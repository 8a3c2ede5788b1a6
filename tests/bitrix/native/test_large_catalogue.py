"""A catalogue of 100,000 goods, against the simulated portal: what is looked for is a request and a page, never all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest
import pytest_asyncio

from infra.local.portal.goods_changes import fill_up
from infra.local.portal.params import Params
from shared.bitrix.portal import Answer, Operation
from tests.bitrix.native.shop import NATIVE, Shop, running_shop
from tests.bitrix.native.speaking import T

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOODS = 100_000
PAGE = 50


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def large() -> AsyncIterator[Shop]:
    """One for all tests, which only read: to put so many goods on the shelves takes longer than to find them."""
    async with running_shop() as shop:
        fill_up(shop.portal.shop.catalogue, Params({"goods": GOODS}))
        yield shop


async def read(shop: Shop, operation: Operation[T]) -> T:
    """Ask in one request, of which no command reads more than a page."""

    def counting(answers: Mapping[str, Answer]) -> T:
        sizes = [len(rows) for answer in answers.values() for rows in answer.result.values()]
        assert max(sizes) <= PAGE
        return operation.read(answers)

    return await shop.asks(replace(operation, read=counting))


async def test_a_search_reads_its_page(large: Shop) -> None:
    first = await read(large, NATIVE.search("болт оцинкованный"))
    assert (len(first.products), first.next) == (PAGE, PAGE)
    assert first.total > GOODS - 1000
    far = await read(large, NATIVE.search("болт оцинкованный", 90_000))
    assert (len(far.products), far.total) == (PAGE, first.total)
    assert not {one.id for one in far.products} & {one.id for one in first.products}


async def test_an_article_is_found_among_them(large: Shop) -> None:
    typed = "ВZ 50001"
    assert [one.article for one in (await read(large, NATIVE.search(typed))).products] == ["BZ-50001"]
    assert [one.article for one in (await read(large, NATIVE.by_articles([typed])))[typed]] == ["BZ-50001"]


async def test_beyond_the_last_page_there_is_nothing(large: Shop) -> None:
    """The portal answers the first page there once more."""
    section = "309"
    assert len((await read(large, NATIVE.products_of(section, 99_000))).products) == PAGE
    for operation in (NATIVE.products_of(section, GOODS), NATIVE.search("болт оцинкованный", GOODS)):
        beyond = await read(large, operation)
        assert (beyond.products, beyond.next) == ((), None)
