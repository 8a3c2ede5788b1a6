"""The texts of orders: the list, one order, news of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from shared.assistant.texts import deliveries
from shared.assistant.texts.common import LINE_LIMIT, goods_line, told, total
from shared.domain.deliveries import PickupPoint
from shared.domain.order_edits import LineEdit
from shared.domain.order_list import OrderFilter
from shared.domain.order_record import OrderRecord
from shared.domain.orders import PaymentKind
from shared.domain.parcels import ParcelStage
from shared.domain.spelling.words import has_digit
from shared.domain.statuses import STATUSES, short_status, status_text
from shared.domain.text import shorten
from shared.status import Status
from shared.telegram.formatting import counted, date_text, day, escape, money, number_sign

REASON_LIMIT = 300
ID_LIMIT = 20
STORE_LIMIT = 40
ADDRESS_LIMIT = 300
WORDS_LIMIT = 40


def no_orders() -> str:
    """Say that there are no orders yet."""
    return "📦 Заказов пока нет. Напишите название или артикул — найдём."


def adopted(numbers: Sequence[str]) -> str:
    """Name the orders that people made for him beside the bot."""
    named = ", ".join(number_sign(escape(number)) for number in numbers)
    if len(numbers) == 1:
        return f"📦 Нашли заказ, оформленный на вас не через бота: {named}. Теперь он в списке, об изменениях напишем."
    return f"📦 Нашли заказы, оформленные на вас не через бота: {named}. Теперь они в списке, об изменениях напишем."


_HEADS: Final[Mapping[OrderFilter, str]] = {
    OrderFilter.ALL: "Ваши заказы",
    OrderFilter.UNPAID: "Ждут оплаты",
    OrderFilter.ACTIVE: "Заказы в работе",
    OrderFilter.OVER: "Завершённые заказы",
}


def orders_head(which: OrderFilter, count: int) -> str:
    """Head of the list of orders: what is in it, and how many."""
    if not count:
        return f"📦 <b>{_HEADS[which]}</b>\n\nТаких заказов нет."
    return f"📦 <b>{_HEADS[which]}</b> — {count}"


def with_words(words: str) -> str:
    """Head of the orders with a product that is called so."""
    return f"📦 <b>Последние заказы, где есть «{escape(shorten(words, WORDS_LIMIT))}»</b>"


def looked_through(count: int) -> str:
    """Say that older orders were left out."""
    return f"Искали среди последних {counted(count, 'заказа', 'заказов', 'заказов')}. Остальные — в полном списке."


_ACCEPTED_FOR_CASH: Final = "Заказ принят, оплата при получении"


def order_line(order: OrderRecord, made: date, today: date) -> str:
    """Two lines of the list of orders."""
    amount = money(order.total, order.currency)
    head = f"{number_sign(escape(order.number))} · {date_text(made, today=today)} · {amount}"
    if order.gone:
        return f"{head}\n   🗑 Удалён"
    if order.pickup is not None and order.latest is Status.SHIPPED:
        return f"{head}\n   {deliveries.ready_short()}"
    to_courier = order.latest is Status.NEW and order.payment is PaymentKind.CASH
    # «Ждём оплату» is what the filter of unpaid orders means, and this one is not among them.
    told = _ACCEPTED_FOR_CASH if to_courier else short_status(order.latest)
    return f"{head}\n   {STATUSES[order.latest].icon} {told}"


def order_unknown(number: str) -> str:
    """Say that there is no such order of this master, whether or not it is somebody else's; any text may be given.

    Several words, or one without a digit, are no number but goods that he looks for among his orders.
    """
    if len(number.split()) > 1 or not has_digit(number):
        named = escape(shorten(number, WORDS_LIMIT))
        return f"Среди ваших заказов нет такого, где есть «{named}». Выберите заказ из списка — /myorders."
    return f"{_not_found(number)}. Проверьте номер или выберите заказ из списка — /myorders."


def order_gone(number: str) -> str:
    """Say that the portal has his order no more."""
    return f"{_not_found(number)}: в магазине его больше нет. Напишите менеджеру, он выяснит, что с заказом."


def _not_found(number: str) -> str:
    return f"Заказ {number_sign(escape(shorten(number, ID_LIMIT)))} не найден среди ваших"


def order_head(number: str) -> str:
    """Head of everything said about an order."""
    return f"<b>Заказ {number_sign(escape(number))}</b>"


def status_line(status: Status, reason: str, pickup: PickupPoint | None = None) -> str:
    """The spec's sentence with its icon; an order that is fetched is not on its way then but ready."""
    if pickup is not None and status is Status.SHIPPED:
        return deliveries.ready(pickup)
    return f"{STATUSES[status].icon} {escape(status_text(status, shorten(reason, REASON_LIMIT)))}"


def back_in_work() -> str:
    """A canceled or closed order that people took up again."""
    return "🔄 Заказ снова в работе"


def parcel_line(number: int, count: int, stage: ParcelStage) -> str:
    """«Отправление 1 из 2: уже в пути»"""
    there = stage is ParcelStage.THERE
    return f"{'🏁' if there else '🚚'} Отправление {number} из {count}: {'доставлено' if there else 'уже в пути'}"


def way_changed() -> str:
    """The day or the tracking number became known, or another one, after the order had left."""
    return "🚚 Уточнили доставку"


def money_gone() -> str:
    """A payment that was told of is none any more, and nothing was given back that the portal knows of."""
    return "↩️ Оплата больше не числится. Если деньги к вам не вернулись, напишите менеджеру."


def edited() -> str:
    """People at the portal changed the goods."""
    return "✏️ Менеджер изменил заказ"


def edit_line(edit: LineEdit, currency: str) -> str:
    """«Бита PH2 50 мм: было 10 шт., стало 5 шт.»"""
    before, after = edit.before, edit.after
    if before is None or after is None:
        line = after or before
        named = goods_line(line.name, line.quantity, line.unit) if line else ""
        return f"Добавлено: {named} × {money(after.price, currency)}" if after else f"Убрано: {named}"
    name = escape(shorten(edit.name, LINE_LIMIT))
    was, now = (told(line.quantity, line.unit) for line in (before, after))
    if before.price == after.price:
        return f"{name}: было {was}, стало {now}"
    if before.quantity == after.quantity:
        return f"{name}: цена была {money(before.price, currency)}, стала {money(after.price, currency)}"
    return f"{name}: было {was} × {money(before.price, currency)}, стало {now} × {money(after.price, currency)}"


def edited_total(before: Decimal, after: Decimal, currency: str) -> str:
    """«Итого: было 8 440 ₽, стало 7 990 ₽»"""
    if before == after:
        return total(after, currency)
    return f"Итого: было {money(before, currency)}, стало <b>{money(after, currency)}</b>"


def deleted() -> str:
    """The portal has the order no more; said once, unasked."""
    return "🗑 Заказа больше нет в системе магазина. Если это ошибка, напишите менеджеру."


def eta_line(eta: date, today: date) -> str:
    """When it comes."""
    return f"Доставка: {day(eta, today=today)}"


def tracking_line(number_: str) -> str:
    """The tracking number, to copy by a tap."""
    return f"Трек-номер: <code>{escape(shorten(number_, 60))}</code>"


def delivery_line(name: str) -> str:
    """Who brings it."""
    return f"Способ доставки: {escape(shorten(name, 60))}"


def address_line(address: str) -> str:
    """Where it is brought to."""
    return f"📍 {escape(shorten(address, ADDRESS_LIMIT))}"


def stores_line(names: Sequence[str], left: int) -> str:
    """The stores it goes from, and how many more there are."""
    shown = ", ".join(escape(shorten(name, STORE_LIMIT)) for name in names)
    return f"🏬 Отгрузка: {shown}{f' и ещё {left}' if left else ''}"


def shipments_left(count: int) -> str:
    """«…и ещё 3 отправления»"""
    return f"…и ещё {counted(count, 'отправление', 'отправления', 'отправлений')}"


def paid_line(*, paid: bool, payment: PaymentKind) -> str:
    """Whether it is paid."""
    if paid:
        return "Оплачен"
    return "Ждёт оплаты" if payment is PaymentKind.PREPAID else "Оплата наличными при получении"


def part_paid_line(paid: Decimal, total: Decimal, currency: str) -> str:
    """«Оплачено 8 000 ₽ из 8 440 ₽»"""
    return f"Оплачено {money(paid, currency)} из {money(total, currency)}"


def due_line(due: Decimal, currency: str) -> str:
    """«К оплате по ссылке: 22 150 ₽», where that is not all of the order."""
    return f"К оплате по ссылке: {money(due, currency)}"


def in_doubt_line(payment: PaymentKind) -> str:
    """Why there is no link just now, or how much to pay the courier."""
    if payment is PaymentKind.CASH:
        return "Сумма заказа и сумма к оплате не совпадают. Уточните у менеджера, сколько платить курьеру."
    return "Сумма счёта не совпадает с заказом. Ссылка появится, когда менеджер исправит счёт."


def returned_line(returned: Decimal, currency: str) -> str:
    """«Деньги возвращены: 8 440 ₽»"""
    return f"Деньги возвращены: {money(returned, currency)}"


def cash_told_line() -> str:
    """The master said that he paid, and the portal does not have it yet."""
    return "Оплата наличными: вы сообщили, что оплатили"
