"""The cart with the prices and the stock of this moment."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shared.assistant import texts
from shared.domain import carts
from shared.domain.carts import Cart
from shared.pipeline.jobs import Job
from tests.assistant.samples import BIT_OFFER, CART, DRILL_OFFER, OFFERS, SAW, USER, line
from tests.assistant.stage import Stage


async def _opened(stage: Stage, cart: Cart = CART) -> Job:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, cart))
    return (await stage.write("/cart")).job


async def test_the_portal_is_asked_for_what_is_in_the_cart(stage: Stage) -> None:
    (command,) = stage.kinds["cart_offers"].plan(await _opened(stage)).commands.values()
    assert set(command.params["cmd"]) == {"sku_7", "sku_8"}


async def test_the_cart_as_it_is_now(stage: Stage) -> None:
    seen = await stage.answer(await _opened(stage), {"7": replace(DRILL_OFFER, price=Decimal(8100)), "8": BIT_OFFER})
    assert "8\u00a0100\u00a0₽" in seen.screen.text
    assert "Итого: <b>8\u00a0550\u00a0₽</b>" in seen.screen.text
    assert "Оформить заказ" in seen.screen.labels
    assert (await carts.load(stage.unit(), USER)).lines[0].price == Decimal(8100), "the price he was shown"


async def test_what_is_not_sold_does_not_count(stage: Stage) -> None:
    seen = await stage.answer(await _opened(stage), {"8": BIT_OFFER})
    assert "Шуруповёрт Makita DF333DWYE — сейчас не продаётся" in seen.screen.text
    assert "Итого: <b>450\u00a0₽</b>" in seen.screen.text
    assert len((await carts.load(stage.unit(), USER)).lines) == 2, "he takes it out himself"


async def test_what_was_put_in_since_the_question_is_not_called_unsold(stage: Stage) -> None:
    job = await _opened(stage)
    more = CART.add(line(SAW, 1, "12499.5"))
    assert more is not None
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, more))
    seen = await stage.answer(job, OFFERS)
    assert "не продаётся" not in seen.screen.text
    assert "Итого: <b>20\u00a0939,50\u00a0₽</b>" in seen.screen.text


async def test_a_cart_that_was_emptied_meanwhile(stage: Stage) -> None:
    job = await _opened(stage)
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, Cart()))
    assert (await stage.answer(job, OFFERS)).screen.text == texts.cart.cart_empty()


async def test_a_question_that_failed(stage: Stage) -> None:
    seen = await stage.refuse(await _opened(stage))
    assert seen.screen.text.endswith(texts.cart.prices_unknown(is_ours=False))
    assert "Очистить" in seen.screen.labels
    assert await carts.load(stage.unit(), USER) == CART
