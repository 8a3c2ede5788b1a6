"""What may stand in for a product that no store holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.search.similar import in_order
from shared.bitrix.errors import NotFound
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.offers import Offer
from tests.assistant import samples
from tests.assistant.stage import Seen, Stage

GONE = Product("50", "Перфоратор Makita HR2470", "HR2470")
LIKE = Product("51", "Перфоратор Bosch GBH 2-26", "GBH226")
FAR = Product("52", "Перфоратор Hilti TE 30", "TE30")
OTHER = Product("53", "Бур SDS-plus 6×110", "B6")
EMPTY = Product("54", "Перфоратор Зубр", "Z")
PRICES = {GONE: ("9000", "0"), LIKE: ("9500", "2"), FAR: ("40000", "1"), OTHER: ("100", "9"), EMPTY: ("9000", "0")}


def _offers() -> dict[str, Offer]:
    return {
        product.id: samples.offer(product, price, *([("Тверь", amount)] if amount != "0" else []))
        for product, (price, amount) in PRICES.items()
    }


async def _card(stage: Stage, offer: Offer, section: str | None = "16") -> Seen:
    job = (await stage.tap("k1::50")).job
    return await stage.answer(job, [ProductDetails(GONE, section_id=section), {"50": offer}])


async def test_a_product_that_is_there_or_lies_nowhere_offers_nothing_instead(stage: Stage) -> None:
    here = replace(_offers()["50"], stocks=_offers()["51"].stocks)
    assert texts.labels.SIMILAR not in (await _card(stage, here)).screen.labels
    assert texts.labels.SIMILAR not in (await _card(stage, _offers()["50"], None)).screen.labels


async def test_goods_of_the_section_that_are_in_stock_are_shown(stage: Stage) -> None:
    card = await _card(stage, _offers()["50"])
    tapped = await stage.tap(card.screen.data(texts.labels.SIMILAR))
    goods = ProductPage([GONE, OTHER, FAR, EMPTY, LIKE], 5)
    asked = await stage.answer(tapped.job, [ProductDetails(GONE, section_id="16"), goods])
    seen = await stage.answer(asked.job, _offers())
    lines = seen.screen.text.splitlines()
    assert lines[0] == texts.search.similar(GONE.name)
    assert [line.partition(" · ")[0] for line in lines if line[:1].isdigit()] == [
        f"1. {LIKE.name}", f"2. {FAR.name}", f"3. {OTHER.name}"
    ]  # fmt: skip
    assert (await stage.tap(seen.screen.data("1"))).job.payload["product"] == LIKE.id


async def test_nothing_in_stock_is_said(stage: Stage) -> None:
    tapped = await stage.tap("ks1:50:16")
    alone = await stage.answer(tapped.job, [ProductDetails(GONE), ProductPage([GONE], 1)])
    assert alone.screen.text == texts.search.nothing_similar(GONE.name)
    tapped = await stage.tap("ks1:50:16")
    asked = await stage.answer(tapped.job, [ProductDetails(GONE), ProductPage([GONE, EMPTY], 2)])
    assert (await stage.answer(asked.job, _offers())).screen.text == texts.search.nothing_similar(GONE.name)


LINKED = ProductDetails(GONE, section_id="16", analogues=("54", "53", "99", "52"))


async def _analogues(stage: Stage, answers: list[object], details: ProductDetails = LINKED) -> Seen:
    tapped = await stage.tap("ks1:50:16")
    asked = await stage.answer(tapped.job, [details, ProductPage([GONE, LIKE], 2)])
    assert (asked.job.kind, tuple(asked.job.payload["analogues"])) == ("analogue_offers", LINKED.analogues)
    return await stage.answer(asked.job, [_offers(), *answers])


async def test_what_the_shop_links_comes_first_in_its_own_order(stage: Stage) -> None:
    details = [ProductDetails(EMPTY), ProductDetails(OTHER), NotFound("gone"), ProductDetails(FAR)]
    seen = await _analogues(stage, [*details])
    lines = [line.partition(" · ")[0] for line in seen.screen.text.splitlines() if line[:1].isdigit()]
    assert lines == [f"1. {OTHER.name}", f"2. {FAR.name}"], "what is there"


async def test_what_comes_in_variations_is_shown_behind_what_is_there(stage: Stage) -> None:
    varied = ProductDetails(replace(OTHER, id="99", has_variations=True), variations=ProductPage([LIKE], 1))
    ended = ProductDetails(replace(FAR, id="98", has_variations=True), variations=ProductPage((), 0))
    seen = await _analogues(stage, [varied, ProductDetails(EMPTY), ended, ProductDetails(FAR)])
    lines = seen.screen.text.splitlines()
    assert lines[0] == texts.search.similar(GONE.name, in_stock=False)
    assert [line for line in lines if line[:1].isdigit()][1].startswith(f"2. {OTHER.name}")
    assert len([line for line in lines if line[:1].isdigit()]) == 2
    assert "есть варианты" in seen.screen.text
    assert (await stage.tap(seen.screen.data("2"))).job.payload["product"] == "99"


async def test_where_nothing_of_that_is_there_the_section_helps(stage: Stage) -> None:
    asked = await _analogues(stage, [ProductDetails(EMPTY), *[NotFound("gone")] * 3])
    assert asked.job.kind == "similar_offers"
    assert LIKE.name in (await stage.answer(asked.job, _offers())).screen.text


async def test_a_list_knows_no_section_and_has_the_portal_say_it(stage: Stage) -> None:
    tapped = await stage.tap("ks1:50:")
    asked = await stage.answer(tapped.job, [LINKED])
    assert (asked.job.kind, asked.job.payload["section"]) == ("similar", "16")
    nowhere = await stage.answer((await stage.tap("ks1:50:")).job, [ProductDetails(GONE)])
    assert nowhere.screen.text == texts.search.nothing_similar(GONE.name)


async def test_a_card_without_a_section_offers_what_the_shop_links(stage: Stage) -> None:
    job = (await stage.tap("k1::50")).job
    linked = await stage.answer(job, [replace(LINKED, section_id=None), {"50": _offers()["50"]}])
    assert linked.screen.data(texts.labels.SIMILAR) == "ks1:50:"


def test_without_a_price_of_its_own_the_kind_decides() -> None:
    assert in_order(GONE.name, None, [OTHER, FAR, LIKE], _offers()) == [FAR, LIKE, OTHER]
    assert in_order(GONE.name, Decimal(39000), [OTHER, LIKE, FAR], _offers()) == [FAR, LIKE, OTHER]
