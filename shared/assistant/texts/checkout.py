"""The texts from the cart to «Заказ создан»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from shared.assistant.texts import addresses, common, deliveries
from shared.domain.cart_lines import CartLine, Obstacle
from shared.domain.checkout_changes import ShortReserve
from shared.domain.orders import PaymentKind
from shared.domain.statuses import status_text
from shared.domain.text import NBSP, shorten
from shared.status import Status
from shared.telegram.formatting import counted, escape, money, number_sign

CHANGE_LIMIT = 50
"""Characters of a product's name where a sentence tells what has changed."""

CHANGES = 5
"""Changes a confirmation tells one by one; its lines have all of them."""


def ask_payment(address: str) -> str:
    """Ask how to pay; without an address the order will be fetched."""
    where = addresses.address_line(address) if address else deliveries.will_fetch()
    return f"{where}\n\nКак оплатите?"


def payment_name(kind: PaymentKind) -> str:
    """How a way to pay is called on the confirmation."""
    return "💳 Оплата по ссылке" if kind is PaymentKind.PREPAID else "💵 Наличными при получении"


def confirm_head() -> str:
    """Head of the confirmation."""
    return "<b>Проверьте заказ</b>"


def confirm_foot() -> str:
    """Say that the numbers are fresh."""
    return "Цены и наличие проверены только что."


def cart_untouched() -> str:
    """Say on the confirmation of a product ordered at once that the cart is left alone."""
    return "Корзину не трогаем."


def changed_price(name: str, old: Decimal, new: Decimal, currency: str) -> str:
    """«Бита PH2 45 → 52 ₽»"""
    before = money(old, currency).rsplit(NBSP, 1)[0]
    return f"изменилась цена: {escape(shorten(name, CHANGE_LIMIT))} {before} → {money(new, currency)}"


def changed_gone(name: str) -> str:
    """A product that is not sold any more was taken out."""
    return f"больше не продаётся: {escape(shorten(name, CHANGE_LIMIT))}"


def changed_step(line: CartLine, old: CartLine) -> str:
    """A product is sold in other steps or units, so there is more of it."""
    name = escape(shorten(line.name, CHANGE_LIMIT))
    before, now = common.told(old.quantity, old.unit), common.told(line.quantity, line.unit)
    return f"изменилось количество: {name} {before} → {now}, продаётся по {common.told(line.step, line.unit)}"


def changed_limit(line: CartLine, old: Decimal) -> str:
    """A product is sold from stock only, and there is less than was wanted."""
    name = escape(shorten(line.name, CHANGE_LIMIT))
    return f"стало меньше: {name} {common.told(old, line.unit)} → {common.told(line.quantity, line.unit)}, больше нет"


_WHY: Final[Mapping[Obstacle, str]] = {
    Obstacle.ON_REQUEST: "цена стала по запросу",
    Obstacle.FOREIGN: "цена теперь в другой валюте",
    Obstacle.NO_PRICE: "столько больше не продаётся",
    Obstacle.SOLD_OUT: "закончилось",
}


def changed_for_sale(name: str, why: Obstacle) -> str:
    """A product that the bot cannot order any more was taken out."""
    return f"{_WHY[why]}: {escape(shorten(name, CHANGE_LIMIT))}"


def changed_stock(name: str, available: Decimal, unit: str) -> str:
    """The stores hold less than the master was told."""
    left = "под заказ" if available <= 0 else f"в наличии {common.told(available, unit)}"
    return f"изменилось наличие: {escape(shorten(name, CHANGE_LIMIT))} — {left}"


def changed(changes: Sequence[str], amount: Decimal, currency: str) -> str:
    """«Пока вы оформляли, … Итого теперь 8 510 ₽.»"""
    what = "; ".join(changes[:CHANGES])
    if len(changes) > CHANGES:
        left = counted(len(changes) - CHANGES, "изменение", "изменения", "изменений")
        what = f"{what}; и ещё {left}"
    return f"Пока вы оформляли, {what}. Итого теперь {money(amount, currency)}."


def nothing_left(*, from_cart: bool = True) -> str:
    """Say that nothing of what is to be ordered is sold any more; `from_cart` as in `order_refused`."""
    goods = "Товары из корзины сейчас не продаются" if from_cart else "Сейчас это не продаётся"
    return f"{goods}. Заказ не создан. Напишите название или артикул — найдём замену."


def sold_out() -> str:
    """Say that all of it was bought by others meanwhile."""
    return (
        "Пока вы оформляли, товар закончился: его купили раньше. Заказ не создан, деньги не списаны. "
        "Напишите название или артикул — найдём замену."
    )


def where_first() -> str:
    """Alert for a tap on «Заказать» while nobody knows where the order goes."""
    return "Сначала укажите адрес или выберите пункт выдачи."


def placing() -> str:
    """Toast for a second tap while the order is being made."""
    return "Уже оформляем, подождите немного."


def opened_already() -> str:
    """Toast for a second tap on «Заказать сразу» while what the first one began is there."""
    return "Уже открыли этот заказ, он ниже."


def placing_other() -> str:
    """Alert for a tap on a confirmation that is out of use while an order is being made."""
    return "Заказ уже оформляется. Повторять не нужно: напишем, как только он будет создан."


def second_order() -> str:
    """Say on a confirmation that another order is being made."""
    return "⏳ Ещё один заказ уже оформляется. Этот будет вторым."


def already_placed(number: str) -> str:
    """Toast for a tap after the order was made."""
    return f"Заказ {number_sign(number)} уже создан."


def order_made(number: str, payment: PaymentKind, amount: Decimal, currency: str, *, fetched: bool = False) -> str:
    """The screen after the order was made: the spec's NEW text, then what to pay and how.

    `fetched`: no courier brings it.
    """
    whom = "К оплате при получении" if fetched else "К оплате курьеру"
    pay = "К оплате" if payment is PaymentKind.PREPAID else whom
    return (
        f"<b>Заказ {number_sign(escape(number))} создан.</b>\n{status_text(Status.NEW)}\n\n"
        f"{pay}: <b>{money(amount, currency)}</b>"
    )


def short_reserve(one: ShortReserve) -> str:
    """«Дрель — 1 шт. из 2 шт.»: how much of a line was set aside"""
    line = one.line
    there, wanted = common.told(one.reserved, line.unit), common.told(line.quantity, line.unit)
    return f"   {escape(shorten(line.name, CHANGE_LIMIT))} — {there} из {wanted}"


def short_reserves(short: Sequence[ShortReserve]) -> str:
    """Say that not all of a new order was set aside: somebody was faster."""
    told = [short_reserve(one) for one in short]
    head = "⚠️ Отложили не всё: товар успели купить раньше."
    return "\n".join([head, *told, "Не оплачивайте заказ, пока не спросите менеджера."])


def no_link() -> str:
    """Say that the portal gave no payment link."""
    return "Ссылку на оплату пришлёт менеджер."


def total_unread() -> str:
    """Say that a new order could not be looked at, so that there is no link as yet."""
    return "Ссылку на оплату магазин пока не дал. Она появится в заказе, по кнопке ниже."


def invoice(number: str, amount: Decimal, currency: str, url: str) -> str:
    """What the master's client is sent: the sum, the number and the link, nothing of the master. No HTML."""
    return f"Счёт на {money(amount, currency)} по заказу {number_sign(number)}: {url}"


def sum_in_doubt(number: str, *, operators_know: bool) -> str:
    """Say why there is no link: it would charge another sum than the order's."""
    who = "Передаём менеджеру, он исправит счёт." if operators_know else "Попросите менеджера исправить счёт."
    return (
        f"Заказ {number_sign(escape(number))}: сумма заказа и счёта не совпадают. "
        f"Ссылку пока не даём, чтобы вы не заплатили лишнего. Заказ на месте. {who}"
    )


def nothing_to_pay(number: str) -> str:
    """Say that an order's link is of no use any more."""
    return f"Заказ {number_sign(escape(number))} платить уже не нужно: он оплачен или закрыт."


def order_refused(*, from_cart: bool = True) -> str:
    """Say that the portal did not take the order; `from_cart`: its goods are in the cart again."""
    goods = "Корзина на месте: проверьте её и попробуйте" if from_cart else "Попробуйте"
    return f"Магазин не принял заказ. Заказ не создан, деньги не списаны. {goods} ещё раз или напишите менеджеру."


def pay_system_gone(kind: PaymentKind) -> str:
    """Say that the shop does not take money in this way any more."""
    how = "оплату по ссылке" if kind is PaymentKind.PREPAID else "оплату наличными"
    return (
        f"Магазин больше не принимает {how}. Заказ не создан, деньги не списаны. "
        "Оформите заказ ещё раз и выберите другую оплату."
    )


def delivery_gone() -> str:
    """Say that the shop does not send orders in this way any more."""
    return (
        "Этой доставки у магазина больше нет. Заказ не создан, деньги не списаны. "
        "Оформите заказ ещё раз и выберите другую доставку, а если её нет — напишите менеджеру."
    )


def out_of_stock(*, from_cart: bool = True) -> str:
    """Say that the portal has less than was ordered: somebody was faster. `from_cart` as in `order_refused`."""
    told = "Товара не хватило: его успели купить раньше. Заказ не создан, деньги не списаны."
    return f"{told} {'Откройте корзину' if from_cart else 'Попробуйте ещё раз'} — покажем, сколько осталось."


def order_slow() -> str:
    """Say that the portal takes its time before the order is made."""
    return (
        "Магазин отвечает медленно. Заказ ещё не создан, мы пробуем сами и напишем в течение 10 минут. "
        "Второй раз заказывать не нужно."
    )


def order_unsure() -> str:
    """Say that nobody knows yet whether the order exists."""
    return (
        "Не удалось проверить, создан ли заказ. Мы уточняем это у системы и напишем в течение 10 минут. "
        "Второй раз заказывать не нужно."
    )


def order_lost(*, people: bool) -> str:
    """Say that people have to find out whether the order exists; `people`: they are being told."""
    who = "Передаём это менеджеру, он свяжется с вами." if people else "Позвоните менеджеру — он проверит."
    return f"Так и не удалось узнать, создан ли заказ. {who} Второй раз заказывать не нужно."
