"""A cart saved under a name, and what comes of it later."""

from __future__ import annotations

from decimal import Decimal

from shared.assistant import texts
from shared.domain import carts, saved_lists
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from tests.assistant import samples
from tests.assistant.samples import BIT, DRILL, OFFERS, USER
from tests.assistant.stage import Seen, Stage


def _cart(*lines: CartLine) -> Cart:
    return Cart(lines or (samples.line(DRILL, 2, "7990"), samples.line(BIT, 10, "45")))


async def _fill(stage: Stage, cart: Cart) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, cart))


async def _saved(stage: Stage, name: str = "Ванная") -> Seen:
    asked = await stage.tap("mc1")
    assert asked.screen.text == texts.saved.ask_name()
    return await stage.write(name)


async def test_a_cart_is_saved_and_quoted_anew_later(stage: Stage) -> None:
    await _fill(stage, _cart())
    listed = await _saved(stage)
    assert texts.saved.open_list("Ванная", 2) in listed.screen.labels
    await _fill(stage, Cart())
    shown = await stage.write("/lists")
    opened = await stage.tap(shown.screen.data(texts.saved.open_list("Ванная", 2)))
    assert (opened.job.kind, len(opened.job.payload["lines"])) == ("quote_list", 2)
    quoted = await stage.answer(opened.job, OFFERS)
    assert DRILL.name in quoted.screen.text
    adding = await stage.tap(quoted.screen.buttons[0]["callback_data"])
    await stage.answer(adding.job, OFFERS)
    lines = (await carts.load(stage.unit(), USER)).lines
    assert [(line.product_id, line.quantity) for line in lines] == [(DRILL.id, Decimal(2)), (BIT.id, Decimal(10))]


async def test_the_same_name_replaces_and_a_list_can_be_dropped(stage: Stage) -> None:
    await _fill(stage, _cart())
    await _saved(stage)
    await _fill(stage, _cart(samples.line(BIT, 1, "45")))
    await _saved(stage, " ванная ")
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    assert (one.name, [item.product.id for item in one.items]) == ("ванная", [BIT.id])
    gone = await stage.tap(f"mb1:{one.id}")
    assert gone.screen.text == texts.saved.head(0)
    assert (await saved_lists.load(stage.unit(), USER)).lists == ()
    assert (await stage.tap(f"ma1:{one.id}")).jobs == []


async def test_what_cannot_be_saved_is_said(stage: Stage) -> None:
    assert (await stage.tap("mc1")).screen.text == texts.saved.cart_empty()
    await _fill(stage, _cart())
    await stage.tap("mc1")
    assert (await stage.write("д" * 41)).screen.text == texts.saved.name_odd(saved_lists.LONGEST_NAME)
    await _fill(stage, Cart())
    assert (await stage.write("Кухня")).screen.text == texts.saved.cart_empty()


async def test_there_is_room_for_so_many_lists(stage: Stage) -> None:
    await _fill(stage, _cart())
    for number in range(saved_lists.MOST):
        await _saved(stage, f"Список {number}")
    assert (await _saved(stage, "Лишний")).screen.text == texts.saved.too_many(saved_lists.MOST)
    assert len((await saved_lists.load(stage.unit(), USER)).lists) == saved_lists.MOST
