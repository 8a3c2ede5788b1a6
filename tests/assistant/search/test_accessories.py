"""What goes with a product."""

from __future__ import annotations

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import could_be_ours
from shared.assistant.search import screens
from shared.assistant.search.accessories import ACCESSORIES
from shared.bitrix.errors import NotFound
from shared.domain.catalogue import Product, ProductDetails
from tests.assistant import samples
from tests.assistant.stage import Seen, Stage

ITSELF = Product("7", "Дрель", "DR-7")
DRILL = ProductDetails(ITSELF, accessories=("20", "21", "22", "23"))
CHUCK, BIT, DISC = Product("20", "Патрон"), Product("21", "Бита PH2"), Product("22", "Набор бит", has_variations=True)
OFFERS = {
    "7": samples.offer(ITSELF, "7990", ("Тверь", "3")),
    "20": samples.offer(CHUCK, "900"),
    "21": samples.offer(BIT, "45", ("Тверь", "9")),
}
TOLD = [ProductDetails(CHUCK), ProductDetails(BIT), ProductDetails(DISC), NotFound("gone")]


async def _card(stage: Stage, details: ProductDetails) -> Seen:
    job = (await stage.tap(f"k1::{details.product.id}")).job
    return await stage.answer(job, [details, {"7": OFFERS["7"]}])


async def _shown(stage: Stage, told: list[object], details: object = DRILL) -> Seen:
    card = await _card(stage, DRILL)
    tapped = await stage.tap(card.screen.data(texts.labels.ACCESSORIES))
    assert (tapped.job.kind, tapped.job.payload["linked"]) == (ACCESSORIES, ["20", "21", "22", "23"])
    return await stage.answer(tapped.job, [OFFERS, details, *told])


async def test_a_product_that_nothing_is_linked_with_has_no_such_button(stage: Stage) -> None:
    assert texts.labels.ACCESSORIES not in (await _card(stage, ProductDetails(ITSELF))).screen.labels


async def test_what_is_there_comes_first_what_is_gone_stays_out(stage: Stage) -> None:
    seen = await _shown(stage, TOLD)
    lines = seen.screen.text.splitlines()
    assert lines[0] == texts.search.accessories(ITSELF.name)
    names = [line.partition(" · ")[0] for line in lines if line[:1].isdigit()]
    assert names == ["1. Бита PH2", "2. Набор бит", "3. Патрон"]
    assert "есть варианты" in seen.screen.text
    assert (await stage.tap(seen.screen.data("1"))).job.payload["product"] == "21"


async def test_what_is_not_sold_is_not_shown(stage: Stage) -> None:
    unsold = Product("23", "Снятая с продажи бита")
    seen = await _shown(stage, [*TOLD[:3], ProductDetails(unsold)])
    assert unsold.name not in seen.screen.text


async def test_where_all_are_gone_it_is_said(stage: Stage) -> None:
    seen = await _shown(stage, [NotFound("gone")] * 4)
    assert seen.screen.text == texts.search.no_accessories(ITSELF.name)


async def test_what_the_shop_links_by_now_is_asked_for(stage: Stage) -> None:
    asked = await _shown(stage, TOLD, ProductDetails(ITSELF, accessories=("21", "30")))
    assert (asked.job.kind, asked.job.payload["linked"]) == (ACCESSORIES, ["21", "30"])
    fewer = await _shown(stage, TOLD, ProductDetails(ITSELF, accessories=("21",)))
    assert CHUCK.name not in fewer.screen.text, "what is linked no more"


async def test_a_product_that_has_left_the_shop_is_told_so(stage: Stage) -> None:
    seen = await _shown(stage, TOLD, NotFound("gone"))
    assert seen.screen.text == screens.no_such_product().text


@pytest.mark.parametrize(("digits", "room"), [(6, 5), (12, 3), (19, 2), (30, 0)])
async def test_the_button_carries_as_many_ids_as_it_has_room_for(stage: Stage, digits: int, room: int) -> None:
    ids = tuple(str(10 ** (digits - 1) + number) for number in range(5))
    screen = screens.card("s1", ProductDetails(Product(ids[0], "Дрель"), accessories=ids), samples.DRILL_OFFER)
    data = [one for one in _data(screen) if one.startswith("ac1:")]
    assert [one.count("+") + 1 for one in data] == ([room] if room else [])
    assert all(could_be_ours(one) for one in data)
    assert all([(await stage.tap(one)).job.payload["linked"] == list(ids[:room]) for one in data])


async def test_a_forged_button_asks_for_no_more_than_a_card_does(stage: Stage) -> None:
    tapped = await stage.tap("ac1:7:1+2+3+4+5+6+-+")
    assert tapped.job.payload["linked"] == ["1", "2", "3", "4", "5"]
    assert (await stage.tap("ac1:7:")).job.payload["linked"] == []


def _data(screen: Screen) -> list[str]:
    assert screen.keyboard is not None
    return [one.callback_data or "" for row in screen.keyboard.inline_keyboard for one in row]
