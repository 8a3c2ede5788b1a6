"""Articles that the spec's contract finds without patterns, in a large catalogue, against the simulated portal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import httpx
import pytest

from infra.local.portal import PortalOptions, SystemClock, create_portal
from infra.local.portal.goods_changes import fill_up
from infra.local.portal.params import Params
from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.combine import combine
from shared.bitrix.portal import Answer, Operation
from shared.domain.catalogue import ProductPage
from shared.domain.spelling import variants
from tests.bitrix.contract.speaking import T, make
from tests.bitrix.native.shop import Shop
from tests.support.door import LONGEST
from tests.support.servers import serving

PAGE = 50
GOODS = 20_000
CONTRACT = make()


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """A portal that speaks the contract."""
    options = PortalOptions(webhook_user="17", webhook_key="k3y", costs={}, default_cost=0.0)
    async with httpx.AsyncClient() as http:
        portal = create_portal(options, clock=SystemClock(), http=http)
        async with serving(portal.app) as origin:
            client = BitrixClient(http, f"{origin}/rest/17/k3y/", auth=WebhookAuth(), read_timeout=LONGEST)
            yield Shop(portal, client)


async def finds(shop: Shop, typed: str) -> list[str]:
    """Return the ids that a search shows, of all its ways in one request."""
    tried = variants.ways(typed)
    found = await shop.asks(combine([CONTRACT.search(way.query) for way in tried]))
    hit = variants.best(
        typed, [(way, page) for way, page in zip(tried, found, strict=True) if isinstance(page, ProductPage)]
    )
    return [] if hit is None else [product.id for product in hit[1].products]


@pytest.mark.parametrize(
    ("catalogue", "typed"),
    [
        ("6178-4B40-40B2", "61784B4040B2"),
        ("6178-4B40-40B2", "6178 4B40 40B2"),
        ("6178-4B40-40B2", "6178.4B40.40B2"),
        ("6178-4B40-40B2", "61784В4040В2"),
        ("61784B4040B2", "6178-4B40-40B2"),
        ("0000 350 0511", "00003500511"),
        ("12-345-67", "1234567"),
        ("Н00447", "H00447"),
        ("МР-140-02", "MP14002"),
    ],
)
async def test_separators_and_alphabets_make_no_difference(shop: Shop, catalogue: str, typed: str) -> None:
    wanted = shop.sells("Деталь", catalogue)
    shop.sells("Деталь", "6178-4B41-40B2")
    assert await finds(shop, typed) == [wanted]
    listed = await shop.asks(CONTRACT.search(variants.widest(typed).query))
    assert [one.id for one in variants.widest(typed).narrow(listed).products] == [wanted]


async def test_a_large_catalogue_is_not_read(shop: Shop) -> None:
    fill_up(shop.portal.shop.catalogue, Params({"goods": GOODS}))
    first = await shop.asks(_paged(CONTRACT.search("болт оцинкованный")))
    assert (len(first.products), first.next) == (PAGE, PAGE)
    assert first.total > GOODS - 1000
    parts = _paged(CONTRACT.search("BZ 15001"))
    assert [one.article for one in (await shop.asks(parts)).products] == ["BZ-15001"]
    assert [one.article for one in (await shop.asks(CONTRACT.by_articles(["BZ-15001"])))["BZ-15001"]] == ["BZ-15001"]


def _paged(operation: Operation[T]) -> Operation[T]:
    """Return the same, which no command answers by more than a page."""

    def counting(answers: Mapping[str, Answer]) -> T:
        assert max(len(answer.result["items"]) for answer in answers.values()) <= PAGE
        return operation.read(answers)

    return replace(operation, read=counting)
