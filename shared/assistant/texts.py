"""Every Russian sentence the bot says, as typed functions (VOICE.md). HTML; what comes from outside is escaped here.

No-break spaces: the formatting functions put them into money and numbers; `NBSP` where a line must not break.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from shared.assistant.orders.orders import KnownOrder
from shared.assistant.statuses import STATUSES, short_status, status_text
from shared.bitrix.model import NewOrder, Offer, PaymentKind, Product, Status
from shared.telegram.formatting import NBSP, counted, date_text, day, escape, money, number_sign, quantity, shorten

NAME_LIMIT = 90
"""Longer names are cut in the list of a search; a card has them whole."""

LINE_LIMIT = 70
"""The same in the lines of a cart or an order: 20 of them and all around them fit into one message."""

CHANGE_LIMIT = 50
"""The same where a sentence tells what has changed."""

ARTICLE_LIMIT = 50
REASON_LIMIT = 300
CHANGES = 5
"""Changes a confirmation tells one by one; its lines have all of them."""

STORES = 8
"""Stores a card names: a caption has 1024 characters."""


def pieces(amount: Decimal | int) -> str:
    """«4 шт.»"""
    return f"{quantity(Decimal(amount))}{NBSP}шт."


def goods(count: int) -> str:
    """«23 товара»"""
    return counted(count, "товар", "товара", "товаров")


# ── who may come in ──────────────────────────────────────────────────────────────────────────────────────────────────


def stranger() -> str:
    """Say that the bot works by invitation."""
    return "Бот работает по приглашению. Попросите ссылку у вашего менеджера."


def invite_bad() -> str:
    """Say that an invite is forged, cut or expired."""
    return "Ссылка не подходит или устарела. Попросите у вашего менеджера новую."


def invite_taken() -> str:
    """Say that somebody else came in by this invite."""
    return "По этой ссылке уже вошёл другой мастер. Попросите у вашего менеджера ссылку для себя."


def welcome(name: str) -> str:
    """Greet a master who has just come in."""
    return (
        f"Здравствуйте, {escape(name)}. Доступ открыт.\n\n"
        "Напишите название или артикул — покажем цену и наличие.\n"
        "Корзина — /cart, заказы — /myorders, где заказ — /track."
    )


def welcome_back(name: str) -> str:
    """Greet a master who is known."""
    return f"{escape(name)}, что ищем? Напишите название или артикул."


def help_text() -> str:
    """Explain what the bot can do."""
    return (
        "Напишите название или артикул — покажем цену и наличие.\n\n"
        "/cart — корзина\n"
        "/myorders — ваши заказы\n"
        "/track — где заказ\n"
        "/cancel — прервать оформление"
    )


def nothing_to_cancel() -> str:
    """Answer /cancel when nothing is under way."""
    return "Прерывать нечего. Напишите название или артикул — найдём."


def canceled() -> str:
    """Answer /cancel."""
    return "Оформление прервано. Заказ не создан, корзина на месте."


def not_text() -> str:
    """Answer something that is not text."""
    return "Такое сообщение прочитать не получится. Напишите название или артикул словами."


def stale_button() -> str:
    """Toast for a button of an old screen."""
    return "Эта кнопка устарела. Вот свежий экран."


def apology() -> str:
    """Say that a bug of ours stopped the work."""
    return (
        "Что-то сломалось у нас, мы уже разбираемся. "
        "Новый заказ из-за этого не создан, корзина на месте. Попробуйте ещё раз или напишите менеджеру."
    )


# ── search ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def too_short() -> str:
    """Ask for a longer query."""
    return "Напишите хотя бы два знака: название или артикул."


def search_again() -> str:
    """Invite to search."""
    return "Напишите название или артикул."


def found(query: str, total: int) -> str:
    """Head of a list of goods."""
    return f"🔎 «{escape(shorten(query, 60))}» — {goods(total)}"


def found_line(position: int, product: Product, offer: Offer | None) -> str:
    """Two lines of the list: name and article, price and stock."""
    article = f" · арт.{NBSP}{escape(shorten(product.article, ARTICLE_LIMIT))}" if product.article else ""
    return f"{position}. {escape(shorten(product.name, NAME_LIMIT))}{article}\n   {price_and_stock(offer)}"


def price_and_stock(offer: Offer | None) -> str:
    """«7 990 ₽ · в наличии: 4 шт.»"""
    if offer is None:
        return "сейчас не продаётся"
    return f"{money(offer.price, offer.currency)} · {in_stock(offer)}"


def in_stock(offer: Offer) -> str:
    """«в наличии: 4 шт.» or «под заказ»"""
    return f"в наличии: {pieces(offer.available)}" if offer.available > 0 else "под заказ"


def nothing_found(query: str) -> str:
    """Say that the search found nothing, and what to do."""
    return f"По запросу «{escape(shorten(query, 60))}» ничего нет.\nПроверьте артикул или напишите название короче."


def card(product: Product, offer: Offer) -> str:
    """Name, article, price, stock per store."""
    lines = [f"<b>{escape(shorten(product.name, 300))}</b>"]
    if product.article:
        lines.append(f"арт.{NBSP}<code>{escape(shorten(product.article, ARTICLE_LIMIT))}</code>")
    lines += ["", f"<b>{money(offer.price, offer.currency)}</b>", _capital(in_stock(offer)), *_stores(offer)]
    return "\n".join(lines)


def _stores(offer: Offer) -> list[str]:
    """Return the stores that have some, the fullest first when there are too many for a caption."""
    full = [stock for stock in offer.stocks if stock.amount > 0]
    named = full if len(full) <= STORES else sorted(full, key=lambda stock: -stock.amount)[:STORES]
    lines = [f"· {escape(shorten(stock.store, 40))} — {pieces(stock.amount)}" for stock in named]
    left = len(full) - len(named)
    return [*lines, f"· ещё {counted(left, 'склад', 'склада', 'складов')}"] if left else lines


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def not_sold(product: Product) -> str:
    """Say that a product has left the shop."""
    return (
        f"{escape(shorten(product.name, NAME_LIMIT))} сейчас не продаётся. "
        "Поищите похожий товар: напишите название короче."
    )


# ── cart ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cart_empty() -> str:
    """Say that the cart is empty."""
    return "🛒 Корзина пуста. Напишите название или артикул — найдём."


def cart_head() -> str:
    """Head of the cart."""
    return "🛒 <b>Корзина</b>"


def line(name: str, count: Decimal | int, price: Decimal, currency: str) -> str:
    """«Бита PH2 50 мм — 10 шт. × 45 ₽»"""
    return f"{escape(shorten(name, LINE_LIMIT))} — {pieces(count)} × {money(price, currency)}"


def lines_left(count: int) -> str:
    """«…и ещё 30 товаров»"""
    return f"…и ещё {goods(count)}"


def line_not_sold(name: str) -> str:
    """A line whose product has left the shop."""
    return f"{escape(shorten(name, LINE_LIMIT))} — сейчас не продаётся"


def line_on_order(available: Decimal) -> str:
    """What a line says when the stores hold fewer pieces than wanted."""
    return "   под заказ" if available <= 0 else f"   в наличии {pieces(available)}, остальное под заказ"


def total(amount: Decimal, currency: str) -> str:
    """«Итого: 8 440 ₽»"""
    return f"Итого: <b>{money(amount, currency)}</b>"


def in_cart(count: int) -> str:
    """Toast after adding."""
    return f"В корзине: {pieces(count)}"


def cart_full(limit: int) -> str:
    """Say that no more different goods fit."""
    return f"В корзине уже {goods(limit)} — больше в один заказ не поместится. Оформите этот и начните новый."


def cart_changed() -> str:
    """Toast when a button speaks of a line that is gone."""
    return "Этого товара в корзине уже нет."


# ── checkout ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ask_address() -> str:
    """Ask where to deliver."""
    return "📍 Куда доставить? Напишите город, улицу, дом."


def ask_address_or_choose() -> str:
    """Ask where to deliver when there are saved addresses."""
    return "📍 Куда доставить? Выберите адрес или напишите новый: город, улицу, дом."


def address_odd() -> str:
    """Say that this is no address."""
    return "Не похоже на адрес. Напишите город, улицу и дом — от 5 до 300 знаков."


def ask_payment(address: str) -> str:
    """Ask how to pay."""
    return f"{address_line(address)}\n\nКак оплатите?"


def address_line(address: str) -> str:
    """Where to deliver, on the confirmation."""
    return f"📍 {escape(address)}"


def payment_name(kind: PaymentKind) -> str:
    """How a way to pay is called on the confirmation."""
    return "💳 Оплата по ссылке" if kind is PaymentKind.PREPAID else "💵 Наличными при получении"


def confirm_head() -> str:
    """Head of the confirmation."""
    return "<b>Проверьте заказ</b>"


def confirm_foot() -> str:
    """Say that the numbers are fresh."""
    return "Цены и наличие проверены только что."


def changed_price(name: str, old: Decimal, new: Decimal, currency: str) -> str:
    """«Бита PH2 45 → 52 ₽»"""
    before = money(old, currency).rsplit(NBSP, 1)[0]
    return f"изменилась цена: {escape(shorten(name, CHANGE_LIMIT))} {before} → {money(new, currency)}"


def changed_gone(name: str) -> str:
    """A product that is not sold any more was taken out."""
    return f"больше не продаётся: {escape(shorten(name, CHANGE_LIMIT))}"


def changed_stock(name: str, available: Decimal) -> str:
    """The stores hold fewer pieces than the master was told."""
    left = "под заказ" if available <= 0 else f"в наличии {pieces(available)}"
    return f"изменилось наличие: {escape(shorten(name, CHANGE_LIMIT))} — {left}"


def changed(changes: Sequence[str], amount: Decimal, currency: str) -> str:
    """«Пока вы оформляли, … Итого теперь 8 510 ₽.»"""
    what = "; ".join(changes[:CHANGES])
    if len(changes) > CHANGES:
        left = counted(len(changes) - CHANGES, "изменение", "изменения", "изменений")
        what = f"{what}; и ещё {left}"
    return f"Пока вы оформляли, {what}. Итого теперь {money(amount, currency)}."


def nothing_left() -> str:
    """Say that nothing of the cart is sold any more."""
    return "Товары из корзины сейчас не продаются. Заказ не создан. Напишите название или артикул — найдём замену."


def placing() -> str:
    """Toast for a second tap while the order is being made."""
    return "Уже оформляем, подождите немного."


def already_placed(order_id: str) -> str:
    """Toast for a tap after the order was made."""
    return f"Заказ {number_sign(order_id)} уже создан."


def order_made(order_id: str, payment: PaymentKind, amount: Decimal, currency: str) -> str:
    """The screen after the order was made: the spec's NEW text, then what to pay and how."""
    pay = "К оплате" if payment is PaymentKind.PREPAID else "К оплате курьеру"
    return (
        f"<b>Заказ {number_sign(escape(order_id))} создан.</b>\n{status_text(Status.NEW)}\n\n"
        f"{pay}: <b>{money(amount, currency)}</b>"
    )


def total_differs(confirmed: Decimal, currency: str) -> str:
    """Say that the portal counts another sum than was confirmed: delivery, say, or a price of this very moment."""
    return (
        f"Вы подтверждали {money(confirmed, currency)} — итог посчитал магазин. "
        "Если он не подходит, не оплачивайте и напишите менеджеру."
    )


def no_link() -> str:
    """Say that the portal gave no payment link."""
    return "Ссылку на оплату пришлёт менеджер."


def order_refused() -> str:
    """Say that the portal did not take the order."""
    return (
        "Битрикс не принял заказ. Заказ не создан, деньги не списаны. "
        "Корзина на месте: проверьте её и попробуйте ещё раз или напишите менеджеру."
    )


def order_slow() -> str:
    """Say that the portal takes its time before the order is made."""
    return "Битрикс отвечает медленно. Заказ ещё не создан, мы пробуем сами и напишем. Второй раз заказывать не нужно."


def order_unsure() -> str:
    """Say that nobody knows yet whether the order exists."""
    return (
        "Не удалось проверить, создан ли заказ. Мы уточняем это у системы и напишем в течение 10 минут. "
        "Второй раз заказывать не нужно."
    )


def order_lost() -> str:
    """Say that people have to find out whether the order exists."""
    return (
        "Так и не удалось узнать, создан ли заказ. Мы передали это менеджеру, он свяжется с вами. "
        "Второй раз заказывать не нужно."
    )


# ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def no_orders() -> str:
    """Say that there are no orders yet."""
    return "📦 Заказов пока нет. Напишите название или артикул — найдём."


def orders_head(count: int) -> str:
    """Head of the list of orders."""
    return f"📦 <b>Ваши заказы</b> — {count}"


def order_line(order: KnownOrder, made: date, today: date) -> str:
    """Two lines of the list of orders."""
    amount = money(order.total, order.currency)
    head = f"{number_sign(escape(order.id))} · {date_text(made, today=today)} · {amount}"
    return f"{head}\n   {STATUSES[order.status].icon} {short_status(order.status)}"


def order_unknown() -> str:
    """Say that there is no such order of this master."""
    return "Такого заказа у вас нет. Все ваши заказы — /myorders."


def order_head(order_id: str) -> str:
    """Head of everything said about an order."""
    return f"<b>Заказ {number_sign(escape(order_id))}</b>"


def status_line(status: Status, reason: str) -> str:
    """The spec's sentence with its icon."""
    return f"{STATUSES[status].icon} {escape(status_text(status, shorten(reason, REASON_LIMIT)))}"


def eta_line(eta: date, today: date) -> str:
    """When it comes."""
    return f"Доставка: {day(eta, today=today)}"


def tracking_line(number_: str) -> str:
    """The tracking number, to copy by a tap."""
    return f"Трек-номер: <code>{escape(shorten(number_, 60))}</code>"


def shipments_left(count: int) -> str:
    """«…и ещё 3 отправления»"""
    return f"…и ещё {counted(count, 'отправление', 'отправления', 'отправлений')}"


def paid_line(*, paid: bool, payment: PaymentKind) -> str:
    """Whether it is paid."""
    if paid:
        return "Оплачен"
    return "Ждёт оплаты" if payment is PaymentKind.PREPAID else "Оплата наличными при получении"


# ── trouble: what happened, is the order safe, what to do ────────────────────────────────────────────────────────────


def portal_silent() -> str:
    """A read that did not work out."""
    return "Битрикс не отвечает. Корзина и заказы на месте. Попробуйте ещё раз через минуту."


def portal_silent_checkout() -> str:
    """A check before the order that did not work out."""
    return "Битрикс не отвечает. Заказ не создан, деньги не списаны. Попробуйте ещё раз через минуту."


def operators(kind: str, code: str, job: str, details: str = "") -> str:
    """What the operators are told; `details` is HTML."""
    head = f"⚠️ Нужен человек: {escape(kind)} — {escape(shorten(code, 100))}\nзадание <code>{escape(job)}</code>"
    return f"{head}\n\n{details}" if details else head


def order_by_hand(order: NewOrder, lines: Sequence[str], master: int, *, found_by_key: bool) -> str:
    """Everything the operators need to find the order at the portal, or to make it by hand."""
    known = [
        *lines,
        f"📍 {escape(shorten(order.address, 300))}",
        payment_name(order.payment),
        f"Покупатель в Битриксе: {escape(order.buyer_id)}. Мастер в Телеграме: {master}.",
    ]
    key = [f"Внешний код заказа: <code>{escape(order.key)}</code>"] if found_by_key else []
    return "\n".join([*known, *key])


def order_to_cancel(order_id: str) -> str:
    """What is left to do about an order nobody wants."""
    return f"Отмените в Битриксе заказ {number_sign(escape(order_id))}: он оформлен не до конца или второй раз."


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def button_page(page: int, pages: int) -> str:
    """«1 из 5»"""
    return f"{page} из {pages}"


def button_add(count: int, price: Decimal, currency: str) -> str:
    """«В корзину · 7 990 ₽»"""
    return f"В корзину · {money(price * count, currency)}"


def button_in_cart(count: int) -> str:
    """«🛒 В корзине · 2 шт.»"""
    return f"🛒 В корзине · {pieces(count)}"


def button_line(position: int, count: int) -> str:
    """«1 · 2 шт.»"""
    return f"{position} · {pieces(count)}"


def button_address(address: str) -> str:
    """A saved address."""
    return f"📍 {shorten(address, 37)}"


def button_order(order_id: str) -> str:
    """«📦 Заказ № 5121»"""
    return f"📦 Заказ {number_sign(order_id)}"


BACK = "‹"
FORTH = "›"
MINUS = "−"
PLUS = "+"
REMOVE = "✕"
SEARCH_MORE = "🔎 Искать ещё"
CART = "🛒 Корзина"
CHECKOUT = "Оформить заказ"
CLEAR = "Очистить"
PREPAID = "💳 Оплата по ссылке"
CASH = "💵 Наличными при получении"
CONFIRM = "✅ Заказать"
AGREE = "✅ Согласен, заказать"
CHANGE = "Изменить"
CANCEL = "Отмена"
BUSY = "⏳ Оформляем…"
PAY = "💳 Оплатить"
MY_ORDERS = "📦 Мои заказы"
REFRESH = "🔄 Обновить"
