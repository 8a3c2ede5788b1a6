"""Putting goods into the cart, changing and emptying it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.cart.buttons import ClearCart, SetLine
from shared.assistant.navigation import AddToCart, ShowCart
from shared.domain import carts, searches
from shared.domain.carts import MOST_LINES, Cart
from shared.domain.catalogue import Product
from tests.assistant.samples import BIT, BIT_LINE, CART, DRILL, DRILL_LINE, OTHER, USER, line, search
from tests.assistant.stage import SCREEN, Seen, Stage


@pytest.fixture
async def full(stage: Stage) -> Stage:
    """A master with a drill and ten bits in his cart."""
    await _fill(stage, CART)
    return stage


async def _fill(stage: Stage, cart: Cart) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, cart))


async def _cart(stage: Stage) -> Cart:
    return await carts.load(stage.unit(), USER)


async def _add(stage: Stage, product: Product = BIT, count: int = 2) -> Seen:
    await stage.save(searches._search_key("s1"), search(DRILL, BIT, product).save)
    return await stage.tap(
        AddToCart(search="s1", product=product.id, quantity=Decimal(count), price=Decimal("45.50"), currency="RUB")
    )


async def test_adding_tells_how_many_there_are(stage: Stage) -> None:
    seen = await _add(stage)
    assert seen.toasts == ["В корзине: 2\u00a0шт."]
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageReplyMarkup", SCREEN)
    assert seen.screen.labels == ["🛒 В корзине · 2\u00a0шт.", "−", "+", "🔎 Искать ещё"]
    assert await _cart(stage) == Cart((line(BIT, 2, "45.50"),))
    assert seen.jobs == [], "no question to the portal"


async def test_a_second_tap_on_the_same_button_adds_nothing(stage: Stage) -> None:
    first = await _add(stage)
    assert (await _add(stage)).toasts == ["Уже в корзине: 2\u00a0шт."]
    assert (await stage.tap(first.screen.data("+"))).toasts == ["В корзине: 3\u00a0шт."]
    assert (await stage.tap(first.screen.data("+"))).toasts == ["В корзине: 3\u00a0шт."], "it says a number"
    assert (await _cart(stage)).quantity("8") == 3


async def test_a_card_takes_out_what_it_put_in_and_puts_in_nothing_that_was_taken_out(stage: Stage) -> None:
    added = await _add(stage, count=1)
    less, more = added.screen.data("−"), added.screen.data("+")
    seen = await stage.tap(less)
    assert (seen.toasts, seen.screen.labels) == (["Убрали из корзины."], ["Открыть карточку", "🛒 Корзина"])
    assert (await stage.tap(more)).toasts == [texts.cart.cart_changed()]
    assert await _cart(stage) == Cart()


async def test_adding_more_of_the_same(full: Stage) -> None:
    seen = await _add(full, count=5)
    assert seen.toasts == ["В корзине: 15\u00a0шт."]
    assert (await _cart(full)).quantity("8") == 15


async def test_adding_from_an_old_search_leads_to_a_fresh_screen(stage: Stage) -> None:
    seen = await stage.tap(AddToCart(search="old", product="8", quantity=Decimal(1), price=Decimal(1), currency="RUB"))
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.text.startswith("Иван, что ищем?")
    assert await _cart(stage) == Cart()


async def test_a_full_cart_says_so(stage: Stage) -> None:
    await _fill(stage, Cart(tuple(line(Product(f"p{number}", "Товар"), 1, "1") for number in range(MOST_LINES))))
    seen = await _add(stage)
    assert seen.toasts == [texts.cart.cart_full(20)]
    assert seen.of("answerCallbackQuery")[0].params["show_alert"] is True
    assert len((await _cart(stage)).lines) == MOST_LINES


@pytest.mark.parametrize("price", ["abc", "NaN", "Infinity", ""])
async def test_a_price_nobody_of_us_wrote_is_a_stale_button(stage: Stage, price: str) -> None:
    await stage.save(searches._search_key("s1"), search(BIT).save)
    for prefix in ("a1", "q1"):
        seen = await stage.tap(f"{prefix}:s1:8:2:{price}:RUB")
        assert seen.toasts == [texts.trouble.stale_button()]
    assert await _cart(stage) == Cart()


async def test_the_command_opens_a_new_message(full: Stage) -> None:
    seen = await full.write("/cart")
    assert (seen.typing, seen.job.kind) == (True, "cart_offers")
    assert seen.job.payload == {"chat_id": USER, "message_id": None, "user_id": USER, "products": ["7", "8"]}


@pytest.mark.parametrize(("fresh", "message_id"), [(True, None), (False, SCREEN)])
async def test_the_button_opens_it_where_it_says(full: Stage, fresh: bool, message_id: int | None) -> None:
    seen = await full.tap(ShowCart(fresh=fresh))
    assert seen.toasts == [None]
    assert seen.job.payload["message_id"] == message_id


async def test_an_empty_cart_asks_nobody(stage: Stage) -> None:
    for seen in (await stage.write("/cart"), await stage.tap(ShowCart(fresh=False))):
        assert seen.screen.text == texts.cart.cart_empty()
        assert seen.jobs == []


@pytest.mark.parametrize(("count", "kept"), [(9, 9), (11, 11), (1000, 999)])
async def test_a_line_changes(full: Stage, count: int, kept: int) -> None:
    seen = await full.tap(SetLine(product="8", quantity=Decimal(count)))
    assert seen.screen.method == "editMessageText"
    assert f"Бита PH2 50 мм — {kept}\u00a0шт." in seen.screen.text
    assert (await _cart(full)).quantity("8") == kept
    assert seen.jobs == []


async def test_a_line_is_taken_out(full: Stage) -> None:
    seen = await full.tap(SetLine(product="8", quantity=Decimal(0)))
    assert "Бита" not in seen.screen.text
    assert await _cart(full) == Cart((DRILL_LINE,))


async def test_a_line_that_is_gone_shows_the_cart_as_it_is(full: Stage) -> None:
    seen = await full.tap(SetLine(product="9", quantity=Decimal(3)))
    assert seen.toasts == [texts.cart.cart_changed()]
    assert "Шуруповёрт" in seen.screen.text
    assert await _cart(full) == CART


async def test_taking_the_last_line_out_empties_it(stage: Stage) -> None:
    await _fill(stage, Cart((BIT_LINE,)))
    assert (await stage.tap(SetLine(product="8", quantity=Decimal(0)))).screen.text == texts.cart.cart_empty()


async def test_clearing(full: Stage) -> None:
    seen = await full.tap(ClearCart())
    assert seen.screen.text == texts.cart.cart_empty()
    assert await _cart(full) == Cart()


async def test_everyone_has_a_cart_of_his_own(full: Stage) -> None:
    assert await carts.load(full.unit(), OTHER) == Cart()


async def test_prices_stay_exact(stage: Stage) -> None:
    await _add(stage, count=3)
    assert (await _cart(stage)).total == Decimal("136.50")
