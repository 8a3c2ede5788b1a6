"""The judge can find guilty: each mutant of the bot does one thing it must never do, and a short story shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import endings, handlers, totals
from shared.assistant.checkout.buttons import ConfirmOrder
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.checkout.turns import recheck_job
from shared.assistant.notifications import sync
from shared.domain import checkouts, masters, order_records
from shared.domain.carts import Cart
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from tests.stateful.machine import ARTICLES, MASTERS, AnyOrder
from tests.stateful.people import SERVICES

Patch = pytest.MonkeyPatch


def says_everything_again(patch: Patch) -> None:
    patch.setattr(sync, "news", lambda order, _payment, _shown: [order.status] if order.status != "NEW" else [])


def says_nothing(patch: Patch) -> None:
    patch.setattr(sync, "news", lambda _order, _payment, _shown: [])


def orders_at_cancel(patch: Patch) -> None:
    patch.setattr(handlers, "cancel", handlers.confirm)


def orders_for_each_tap(patch: Patch) -> None:
    async def confirm(callback: Any, callback_data: ConfirmOrder, decision: Decision, view: ChatView) -> None:  # noqa: ARG001 - aiogram's
        shown = await checkouts.load(decision.unit, callback_data.checkout)
        assert shown is not None
        another = replace(shown, id=checkouts.new_id())
        await checkouts.load(decision.unit, another.id)
        another.at(CheckoutStage.CHECKING).save(decision.unit)
        await decision.enqueue(recheck_job(OrderPayload.of(view.target, another)))

    patch.setattr(handlers, "confirm", confirm)


def orders_one_more(patch: Patch) -> None:
    def at(checkout: Checkout, stage: CheckoutStage, order_id: str = "") -> Checkout:
        lines = tuple(replace(line, quantity=line.quantity + 1) for line in checkout.lines)
        return replace(checkout, stage=stage, order_id=order_id, lines=lines)

    patch.setattr(Checkout, "at", at)


def adds_up_wrongly(patch: Patch) -> None:
    patch.setattr(Cart, "total", property(lambda cart: sum((line.total for line in cart.lines), Decimal(1))))


def keeps_what_was_ordered(patch: Patch) -> None:
    patch.setattr(Cart, "without", lambda cart, _ordered: cart)


def serves_strangers(patch: Patch) -> None:
    async def load(unit: Any, user_id: int) -> Master:
        return await real(unit, user_id) or Master(user_id, "9009", "Кто-то", unit.now)

    real = masters.load
    patch.setattr(masters, "load", load)


def serves_blocked(patch: Patch) -> None:
    async def load(unit: Any, user_id: int) -> Master | None:
        known = await real(unit, user_id)
        return known and replace(known, blocked=False)

    real = masters.load
    patch.setattr(masters, "load", load)


def shows_anybodys_orders(patch: Patch) -> None:
    async def load_of(unit: Any, order_id: str, _user_id: int) -> Any:
        return await order_records.load(unit, order_id)

    patch.setattr(order_records, "load_of", load_of)


def lets_taps_spin(patch: Patch) -> None:
    patch.setattr(ChatView, "toast", lambda *_said, **_how: None)


def charges_the_delivery_unasked(patch: Patch) -> None:
    patch.setattr(Checkout, "delivery_price", Decimal(0))
    for module in (endings, totals):
        patch.setattr(module, "difference", lambda _checkout, _made: None)


def brings_it_by_another(patch: Patch) -> None:
    real = OrderPayload.of.__func__  # type: ignore[attr-defined] # a class method has it

    def of(cls: type[OrderPayload], target: Any, checkout: Checkout) -> OrderPayload:
        wanted: OrderPayload = real(cls, target, checkout)
        return replace(wanted, delivery=SERVICES[-1].id)

    patch.setattr(OrderPayload, "of", classmethod(of))


def moves_twice(street: AnyOrder) -> None:
    street.shop_moves(0, "SHIPPED", lost=False)
    street.shop_moves(0, "SHIPPED", lost=False)


def moves_back(street: AnyOrder) -> None:
    street.shop_moves(0, "SHIPPED", lost=False)
    street.shop_moves(0, "PAYED", lost=False)


def moves_and_ends(street: AnyOrder) -> None:
    street.shop_moves(0, "SHIPPED", lost=True)
    street._runs(street.street.all_is_told())


def wants_and_cancels(street: AnyOrder) -> None:
    street.orders(0, ARTICLES[0], cash=True, times=0)
    street._taps(0, "Отмена")


def taps_twice(street: AnyOrder) -> None:
    street.orders(0, ARTICLES[0], cash=True, times=2)


def looks_into_the_cart(street: AnyOrder) -> None:
    street.puts_into_cart(2, ARTICLES[0], 2)
    street.says(2, "/cart")


def stranger_looks(street: AnyOrder) -> None:
    street.stranger_tries(0, 0, "/cart")


def shut_out_and_looks(street: AnyOrder) -> None:
    street.operators_shut(2, out=True)
    street.says(2, "/cart")


def another_looks(street: AnyOrder) -> None:
    opening = street.street.button(MASTERS[1], "📦 Заказ")
    assert opening is not None
    street._step(partial(street.street.forges, MASTERS[0], opening.data))


GUILTY = [
    (says_everything_again, moves_twice, "status 3 is told after"),
    (says_everything_again, moves_back, "status 1 is told after"),
    (says_nothing, moves_and_ends, "its master was told 0"),
    (orders_at_cancel, wants_and_cancels, "nobody confirmed the order"),
    (orders_for_each_tap, taps_twice, "nobody confirmed the order"),
    (orders_one_more, taps_twice, "nobody confirmed the order"),
    (adds_up_wrongly, looks_into_the_cart, "is not"),
    (keeps_what_was_ordered, taps_twice, "the cart of"),
    (serves_strangers, stranger_looks, "a stranger is served"),
    (serves_blocked, shut_out_and_looks, "a blocked master is served"),
    (shows_anybodys_orders, another_looks, "orders of others"),
    (charges_the_delivery_unasked, taps_twice, "was agreed to"),
    (brings_it_by_another, taps_twice, "«Курьер» was chosen"),
    (lets_taps_spin, looks_into_the_cart, "taps without an answer"),
]


def tells(*stories: Callable[[AnyOrder], None]) -> None:
    """Tell the stories in one house, and leave it whatever happens."""
    machine = AnyOrder()
    try:
        machine.opens()
        for story in stories:
            story(machine)
    finally:
        machine.leaves()


@pytest.mark.parametrize(("mutates", "story", "verdict"), GUILTY, ids=lambda one: getattr(one, "__name__", ""))
def test_a_mutant_is_found_guilty(mutates: Callable[[Patch], None], story: Callable[[AnyOrder], None], verdict: str):
    with pytest.MonkeyPatch.context() as patch:
        mutates(patch)
        with pytest.raises(AssertionError, match=verdict):
            tells(story)


def test_the_bot_itself_is_not():
    tells(*dict.fromkeys(story for _, story, _ in GUILTY))
