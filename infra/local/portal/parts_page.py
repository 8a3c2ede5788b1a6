"""Parcels and bills of one native order as a manager sees them, each with what can be done to it."""

from __future__ import annotations

from html import escape

from infra.local.portal.figures import plain
from infra.local.portal.layout import NO_BREAK_SPACE, sum_text
from infra.local.portal.native.model import Payment, SaleOrder, Shipment


def parts_cards(order: SaleOrder, delivered: str) -> str:
    """Return both cards; `delivered` is the portal's own status of a parcel that has come."""
    return _parcels_card(order, delivered) + _bills_card(order)


def _form(order: SaleOrder, act: str, inside: str) -> str:
    return f'<form method="post" action="/desk/orders/{order.id}/parts/{act}">{inside}</form>'


def _parcels_card(order: SaleOrder, delivered: str) -> str:
    rows = "".join(_parcel(order, parcel, delivered) for parcel in order.own_shipments)
    none = '<p class="soft">Отгрузок ещё нет.</p>'
    return f'<section class="card"><h2>Посылки</h2>{rows or none}{_split_form(order)}</section>'


def _parcel(order: SaleOrder, parcel: Shipment, delivered: str) -> str:
    names = {line.id: line.product.name for line in order.basket}
    goods = "".join(
        f"<li><span>{escape(names.get(item.basket_id, '?'))}</span><span>{plain(item.quantity)}</span></li>"
        for item in parcel.items
    )
    number = f"№{NO_BREAK_SPACE}{escape(parcel.account_number)}"
    track = f" · трек-номер {escape(parcel.tracking_number)}" if parcel.tracking_number else ""
    state, button = _state(order, parcel, delivered)
    return f'<h3>{number} <span class="soft">{state}{track}</span></h3><ul>{goods}</ul>{button}'


def _state(order: SaleOrder, parcel: Shipment, delivered: str) -> tuple[str, str]:
    """Return what became of a parcel, and the form for what comes next."""
    known = f'<input type="hidden" name="shipment" value="{parcel.id}">'
    if parcel.status_id == delivered:
        return "у покупателя", ""
    if parcel.deducted:
        return "в пути", _form(order, "deliver", f"{known}<button>Доставлена</button>")
    label = f"Трек-номер посылки {escape(parcel.account_number)}"
    field = f'<input name="tracking" placeholder="Трек-номер" aria-label="{label}">'
    return "собирается", _form(order, "send", f"{known}{field}<button>Отдать курьеру</button>") if parcel.items else ""


def _split_form(order: SaleOrder) -> str:
    """Return the form that takes goods out of the first parcel while that waits."""
    first = next(iter(order.own_shipments), None)
    if first is None or first.deducted or sum(item.quantity for item in first.items) <= 1:
        return ""
    held = {item.basket_id: item.quantity for item in first.items}
    fields = "".join(
        f'<label>{escape(line.product.name)}<input type="number" name="lines[{line.product.id}]" min="0" '
        f'max="{plain(held[line.id])}" value="0"></label>'
        for line in order.basket
        if line.id in held
    )
    inside = _form(order, "split", f'{fields}<button class="quiet">Выделить в посылку</button>')
    return f"<details><summary>Отправить часть отдельно</summary>{inside}</details>"


def _bills_card(order: SaleOrder) -> str:
    rows = "".join(_bill(order, payment) for payment in order.payments)
    none = '<p class="soft">Счетов ещё нет.</p>'
    covered, price = sum_text(order.paid_sum, order.currency), sum_text(order.price, order.currency)
    paid = f'<p class="soft">Оплачено {covered} из {price}.</p>'
    return f'<section class="card"><h2>Оплата</h2>{paid}{rows or none}{_part_form(order)}</section>'


def _bill(order: SaleOrder, payment: Payment) -> str:
    known = f'<input type="hidden" name="payment" value="{payment.id}">'
    if payment.paid:
        state, act = "оплачен", _form(order, "refund", f'{known}<button class="quiet">Вернуть деньги</button>')
    elif payment.returned:
        state, act = "деньги возвращены", ""
    else:
        state, act = "ждёт оплаты", _form(order, "settle", f'{known}<button class="quiet">Оплачен</button>')
    number = f"№{NO_BREAK_SPACE}{escape(payment.account_number)}"
    money = sum_text(payment.amount, payment.currency)
    return f'<h3>{number} <span class="soft">{money} · {state}</span></h3>{act}'


def _part_form(order: SaleOrder) -> str:
    """Return the forms that divide the open bill, or make it anew of what is due."""
    if order.payed:
        return ""
    field = '<input name="sum" inputmode="decimal" placeholder="Сумма" aria-label="Сумма части" required>'
    divide = _form(order, "divide", f'{field}<button class="quiet">Выставить счёт на часть</button>')
    renew = _form(order, "renew", '<button class="quiet">Выставить заново на весь долг</button>')
    is_open = any(payment.is_due for payment in order.payments)
    forms = (divide if is_open else "") + (renew if order.payments else "")
    return f"<details><summary>Оплата частями</summary>{forms}</details>"
