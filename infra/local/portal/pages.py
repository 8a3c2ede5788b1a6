"""What a person sees: the payment page of an order, and the shop's desk where orders are moved along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from infra.local.portal.catalogue import store_title
from infra.local.portal.figures import plain
from infra.local.portal.layout import NO_BREAK_SPACE, badge, choices, page, sum_text
from infra.local.portal.native.deal_book import STAGES, stage_of
from infra.local.portal.orders import Order
from infra.local.portal.returns_page import ReturnOnDesk, return_card
from infra.local.portal.timing import PORTAL_ZONE
from shared.status import Status

_STEPS: Mapping[Status, tuple[Status, str]] = {
    Status.PAYED: (Status.WAITING_FOR_DELIVERY, "Собрать"),
    Status.WAITING_FOR_DELIVERY: (Status.SHIPPED, "Отдать курьеру"),
    Status.SHIPPED: (Status.DELIVERED, "Доставлен"),
    Status.DELIVERED: (Status.FINISHED, "Завершить"),
}


_PARTS = {"order": "заказ", "line": "строки", "payment": "оплаты", "shipment": "отгрузки"}


def next_step(order: Order) -> tuple[Status, str] | None:
    """Return the status an order goes to next and the words on its button; None when it has come to an end."""
    if order.status is Status.NEW:
        return (Status.PAYED, "Оплата получена") if order.pay_token else (Status.WAITING_FOR_DELIVERY, "Собрать")
    return _STEPS.get(order.status)


def pay_page(order: Order, *, just_paid: bool = False) -> str:
    """Return the payment page: what is bought, the sum, and the button unless there is nothing to pay."""
    number = f"Заказ №{NO_BREAK_SPACE}{escape(order.number or order.id)}"
    body = f"""<h1>{number}</h1>
<p class="soft">{escape(order.properties["ADDRESS"])}</p>
<div class="card"><ul>{_lines(order)}</ul>
<div class="row"><span>Итого</span><span class="sum">{sum_text(order.total, order.currency)}</span></div></div>
{_payment(order, just_paid=just_paid)}"""
    return page(f"Оплата заказа № {order.id}", body, width="32rem")


def _payment(order: Order, *, just_paid: bool) -> str:
    if just_paid:
        return '<p class="card">Спасибо, оплата получена. Эту страницу можно закрыть.</p>'
    if order.paid:
        return '<p class="card">Заказ уже оплачен, платить второй раз не нужно.</p>'
    if order.status is Status.CANCELED:
        return '<p class="card">Заказ отменён, платить не нужно.</p>'
    return (
        f'<form method="post"><button class="wide">Оплатить {sum_text(order.total, order.currency)}</button></form>'
        '<p class="soft">Учебный магазин: деньги не списываются.</p>'
    )


def no_such_payment_page() -> str:
    """Return what a wrong payment link shows."""
    return page("Ссылка не найдена", "<h1>Такой ссылки на оплату нет</h1><p>Попросите менеджера прислать новую.</p>")


def desk_page(orders: Iterable[Order], returns: Iterable[ReturnOnDesk], *, native: bool) -> str:
    """Return the shop's desk: orders, newest first, each with a button to its next status; then returns.

    A `native` portal has a page of settings, orders that change together, and values nobody knows.
    """
    to_settings = '. <a href="/setup">Настройки портала</a>' if native else ""
    cards = "".join(order_card(order, native=native) for order in reversed(list(orders)))
    none = '<p class="card">Заказов пока нет. Они появятся, когда мастер оформит первый.</p>'
    rma = "".join(return_card(item) for item in reversed(list(returns)))
    body = f"""<h1>Стол заказов</h1>
<p class="soft">Учебный портал: здесь вы играете за магазин. Каждое изменение сразу уходит боту событием.
<a href="/goods">Товары, цены и остатки</a>{to_settings}</p>
{_together() if native else ""}{cards or none}
{"<h2>Возвраты</h2>" + rma if rma else ""}"""
    return page("Стол заказов", body)


def order_card(order: Order, *, native: bool) -> str:
    """Return an order as a card with all that can be done to it; `native` adds odd answers."""
    kind = "Оплата по ссылке" if order.pay_token else "Оплата при получении"
    created = order.created_at.astimezone(PORTAL_ZONE).strftime("%d.%m.%Y %H:%M")
    details = [kind, "оплачен" if order.paid else "не оплачен", order.properties["ADDRESS"]]
    details += [f"телефон {phone}"] if (phone := order.properties.get("PHONE")) else []
    details += [f"комментарий: {comment}"] if (comment := order.properties.get("COMMENT")) else []
    details += [", ".join(map(store_title, order.stores))] if order.stores else []
    details += [f"трек-номер {order.tracking}"] if order.tracking else []
    details += [f"доставка {order.eta:%d.%m.%Y}"] if order.eta else []
    details += [f"причина: {order.reason}"] if order.reason else []
    number = f"№{NO_BREAK_SPACE}{escape(order.number or order.id)}"
    return f"""<section class="card" id="order-{escape(order.id)}">
<div class="row"><a class="sum" href="/orders/{escape(order.id)}">{number}</a>
{badge(order.status)}
<span class="soft">{created}</span><span class="sum">{sum_text(order.total, order.currency)}</span></div>
<ul>{_lines(order)}</ul>
<p class="soft">{escape(" · ".join(details))}</p>
{_order_forms(order)}{_lines_form(order)}{_deal_form(order)}{_odd_form(order) if native else ""}</section>"""


def _order_forms(order: Order) -> str:
    action = f'<form method="post" action="/desk/orders/{escape(order.id)}">'
    step = next_step(order)
    button = f'{action}<button name="status" value="{step[0].value}">{step[1]}</button></form>' if step else ""
    options = choices(Status, order.status)
    eta = order.eta.isoformat() if order.eta else ""
    paying = ("N", "Снять отметку об оплате") if order.paid else ("Y", "Отметить оплату")
    paid = f'{action}<button class="quiet" name="paid" value="{paying[0]}">{paying[1]}</button></form>'
    return f"""{button}{paid}<details><summary>Другой статус, дата доставки, трек-номер</summary>{action}
<select name="status" aria-label="Статус">{options}</select>
<input name="reason" placeholder="Причина" aria-label="Причина" value="{escape(order.reason)}">
<input name="tracking" placeholder="Трек-номер" aria-label="Трек-номер" value="{escape(order.tracking)}">
<input name="eta" type="date" aria-label="Дата доставки" value="{eta}">
<button class="quiet">Сохранить</button></form></details>"""


def _lines_form(order: Order) -> str:
    """Return the form by which a manager changes what is in the order; zero takes a line out."""
    fields = "".join(
        f'<label>{escape(line.name)}<input type="number" name="lines[{escape(line.product_id)}]" min="0" max="9999" '
        f'value="{plain(line.quantity)}" required></label>'
        for line in order.lines
        if line.quantity == int(line.quantity)
    )
    if not fields:
        return ""
    action = f'method="post" action="/desk/orders/{escape(order.id)}"'
    return f"""<details><summary>Изменить состав</summary>
<form {action}>{fields}<button class="quiet">Сохранить состав</button></form></details>"""


def _deal_form(order: Order) -> str:
    """Return the form that moves an order's deal, where it has one: the stages change nothing in the order."""
    if order.deal is None:
        return ""
    action = f'method="post" action="/desk/deals/{order.deal.id}"'
    stages = "".join(
        f'<option value="{code}"{" selected" if code == order.deal.stage else ""}>{escape(stage.name)}</option>'
        for code, stage in STAGES.items()
    )
    return f"""<details><summary>Сделка {order.deal.id}: {escape(_stage_name(order.deal.stage))}</summary>
<form {action}><select name="stage" aria-label="Стадия сделки">{stages}</select>
<button class="quiet">Перевести сделку</button></form>
<form {action}><button class="quiet" name="delete" value="Y">Удалить сделку с заказом</button></form></details>"""


def _stage_name(code: str) -> str:
    known = stage_of(code)
    return code if known is None else known.name


def _together() -> str:
    """Return the form of a mass change."""
    return f"""<details><summary>Изменить несколько заказов сразу</summary>
<form method="post" action="/desk/orders">
<label>Заказы через запятую <input name="ids" required></label>
<label>Статус <select name="status">{choices(Status, Status.NEW)}</select></label>
<button class="quiet">Изменить все</button></form>
<p class="soft">Портал сообщает событием только о первом.</p></details>"""


def _odd_form(order: Order) -> str:
    """Return the form by which a field answers with a value nobody knows."""
    action = f'method="post" action="/desk/orders/{escape(order.id)}/odd"'
    parts = "".join(f'<option value="{part}">{title}</option>' for part, title in _PARTS.items())
    return f"""<details><summary>Странные ответы портала</summary><form {action}>
<label>Где <select name="part">{parts}</select></label>
<label>Поле <input name="field" placeholder="isReturn" required></label>
<label>Значение, пусто: null <input name="value" placeholder="P"></label>
<button class="quiet">Отвечать так</button></form>
<form {action}><button class="quiet">Отвечать как обычно</button></form></details>"""


def _lines(order: Order) -> str:
    return "".join(
        f"<li><span>{escape(line.name)}</span>"
        f"<span>{plain(line.quantity)} {escape(line.unit)} × {sum_text(line.price, order.currency)}</span></li>"
        for line in order.lines
    )
