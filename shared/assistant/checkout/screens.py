"""The screens from the cart to «Заказ создан»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.checkout.buttons import (
    AgreeToCancelOrder,
    CancelCheckout,
    ChoosePayment,
    ConfirmOrder,
    DropAddress,
    DropComment,
    EditAddress,
    EditComment,
    EditDelivery,
    EditPhone,
    EditSlot,
    LeaveCheckout,
    NameAddress,
    NameAddresses,
    SwitchPayment,
    UseAddress,
    UseDelivery,
    UsePoint,
    UseSlot,
    UseStore,
)
from shared.assistant.common_screens import payment_buttons
from shared.assistant.keyboard import COPIED, Row, button, column, copying, keyboard, link
from shared.assistant.navigation import (
    AskManager,
    AskToCancelOrder,
    Idle,
    RepeatOrder,
    ShowCard,
    ShowCart,
    ShowOrder,
    ShowOrders,
)
from shared.domain.charges import TotalDifference
from shared.domain.checkouts import (
    Change,
    Checkout,
    LimitChange,
    NoLongerSold,
    NotForSale,
    PriceChange,
    ShortReserve,
    StepChange,
    StockChange,
)
from shared.domain.deliveries import PickupPoint, StockedPoint
from shared.domain.masters import mark_of
from shared.domain.order_record import OrderRecord
from shared.domain.orders import CreatedOrder, Numbered, PaymentKind
from shared.domain.text import utf16_length
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup
from shared.telegram.formatting import escape


def ask_address(addresses: Sequence[str], names: Mapping[str, str] = MappingProxyType({})) -> Screen:
    """Ask where to deliver; a saved address can be named and forgotten. `names` are by the addresses' marks."""
    saved = [
        [
            button(texts.labels.address(address, names.get(mark_of(address), "")), UseAddress(index=index)),
            button(texts.labels.REMOVE, DropAddress(mark=mark_of(address))),
        ]
        for index, address in enumerate(addresses)
    ]
    text = texts.addresses.ask_address_or_choose() if addresses else texts.addresses.ask_address()
    naming = [button(texts.labels.NAME_ADDRESS, NameAddresses())] if addresses else []
    return Screen(text, keyboard(*saved, naming, [button(texts.labels.CANCEL, LeaveCheckout())]))


def choose_to_name(addresses: Sequence[str], names: Mapping[str, str]) -> Screen:
    """Ask which saved address shall get a name, or another one."""
    rows = [
        button(texts.labels.address(address, names.get(mark_of(address), "")), NameAddress(mark=mark_of(address)))
        for address in addresses
    ]
    return Screen(texts.addresses.choose_to_name(), column(*rows, button(texts.labels.CANCEL, LeaveCheckout())))


def ask_name(address: str) -> Screen:
    """Ask what an address shall be called."""
    return Screen(texts.addresses.ask_address_name(address))


def ask_words(point: str) -> Screen:
    """Ask for words to a point on the map; a courier may do with the point alone."""
    enough = button(texts.labels.POINT_ALONE, UsePoint())
    return Screen(texts.addresses.ask_words(point), column(enough, button(texts.labels.CANCEL, LeaveCheckout())))


def ask_payment(address: str) -> Screen:
    """Ask how to pay."""
    buttons = column(
        button(texts.labels.PREPAID, ChoosePayment(payment=PaymentKind.PREPAID)),
        button(texts.labels.CASH, ChoosePayment(payment=PaymentKind.CASH)),
        button(texts.labels.CANCEL, LeaveCheckout()),
    )
    return Screen(texts.checkout.ask_payment(address), buttons)


def confirmation(checkout: Checkout, changes: Sequence[Change] = (), *, second: bool = False) -> Screen:
    """Show what is going to be ordered, and what differs from what was shown before.

    `second`: another order of his is being made just now.
    """
    lines = [texts.checkout.confirm_head(), ""]
    if second:
        lines += [texts.checkout.second_order(), ""]
    if changes:
        told = [_change(change, checkout.currency) for change in changes]
        lines += [texts.checkout.changed(told, checkout.total, checkout.currency), ""]
    for line in checkout.lines:
        lines.append(texts.common.line(line.name, line.quantity, line.unit, line.price, line.currency))
        if line.on_order and checkout.available[line.product_id] < line.quantity:
            lines.append(texts.cart.line_on_order(checkout.available[line.product_id], line.unit))
    if checkout.delivery_price:
        lines.append(texts.deliveries.price_line(checkout.delivery_price, checkout.currency))
    lines += [texts.common.total(checkout.total, checkout.currency), ""]
    lines += [
        *([texts.deliveries.service_line(checkout.service)] if checkout.service else []),
        *_where(checkout),
        texts.checkout.payment_name(checkout.payment),
        *([texts.checkout.phone_line(checkout.phone)] if checkout.phone else []),
        *([texts.checkout.comment_line(checkout.comment)] if checkout.comment else []),
        "",
        texts.checkout.confirm_foot(),
        *([] if checkout.from_cart else [texts.checkout.cart_untouched()]),
    ]
    return Screen("\n".join(lines), _confirm_keyboard(checkout, changed=bool(changes)))


def _where(checkout: Checkout) -> Sequence[str]:
    """Return where the order goes, or where it is fetched and when."""
    point = checkout.fetched_at
    if point is not None:
        return texts.deliveries.point_lines(point)
    hours = [texts.deliveries.hours_line(checkout.hours)] if checkout.hours else []
    return [texts.addresses.address_line(checkout.address), *hours]


def _change(change: Change, currency: str) -> str:
    if isinstance(change, NoLongerSold):
        return texts.checkout.changed_gone(change.line.name)
    if isinstance(change, PriceChange):
        return texts.checkout.changed_price(change.line.name, change.old, change.line.price, currency)
    if isinstance(change, StepChange):
        return texts.checkout.changed_step(change.line, change.old)
    if isinstance(change, LimitChange):
        return texts.checkout.changed_limit(change.line, change.old)
    if isinstance(change, StockChange):
        return texts.checkout.changed_stock(change.line.name, change.available, change.line.unit)
    return texts.checkout.changed_for_sale(change.line.name, change.why)


def nothing_left(changes: Sequence[Change]) -> Screen:
    """Say why nothing of a confirmation is left."""
    others_were_faster = all(isinstance(change, NotForSale) and change.line.limit == 0 for change in changes)
    return back_to_cart(texts.checkout.sold_out() if others_were_faster else texts.checkout.nothing_left())


def _confirm_keyboard(checkout: Checkout, *, changed: bool) -> InlineKeyboardMarkup:
    checkout_id = checkout.id
    agree = button(texts.labels.AGREE if changed else texts.labels.CONFIRM, ConfirmOrder(checkout=checkout_id))
    drop = button(texts.labels.DROP_COMMENT, DropComment(checkout=checkout_id))
    other = PaymentKind.CASH if checkout.payment is PaymentKind.PREPAID else PaymentKind.PREPAID
    pay = texts.labels.TO_CASH if other is PaymentKind.CASH else texts.labels.TO_PREPAID
    card = ShowCard(search="", product=checkout.lines[0].product_id)
    return keyboard(
        [agree],
        [
            _where_button(checkout),
            button(pay, SwitchPayment(checkout=checkout_id, payment=other)),
        ],
        [
            button(texts.labels.PHONE, EditPhone(checkout=checkout_id)),
            button(texts.labels.COMMENT, EditComment(checkout=checkout_id)),
        ],
        [drop] if checkout.comment else [],
        _delivery_row(checkout),
        [
            button(texts.labels.CHANGE, ShowCart(fresh=False) if checkout.from_cart else card),
            button(texts.labels.CANCEL, CancelCheckout(checkout=checkout_id)),
        ],
    )


def _delivery_row(checkout: Checkout) -> Row:
    """Return what can be chosen of the delivery: who brings it, and when where somebody does."""
    service = [button(texts.labels.DELIVERY, EditDelivery(checkout=checkout.id))]
    hours = [button(texts.labels.HOURS, EditSlot(checkout=checkout.id))]
    can_wait = checkout.slots and checkout.fetched_at is None
    return [*(service if len(checkout.services) > 1 else []), *(hours if can_wait else [])]


def choose_hours(checkout: Checkout) -> Screen:
    """Ask when the order shall be brought."""
    rows = [
        button(
            texts.labels.chosen(texts.labels.hours(slot.name), slot == checkout.hours),
            UseSlot(checkout=checkout.id, index=index),
        )
        for index, slot in enumerate(checkout.slots)
    ]
    any_time = button(texts.labels.ANY_TIME, UseSlot(checkout=checkout.id, index=-1))
    return Screen(texts.deliveries.ask_hours(), column(*rows, any_time))


def _where_button(checkout: Checkout) -> InlineKeyboardButton:
    if checkout.fetched_at is None:
        return button(texts.labels.ADDRESS, EditAddress(checkout=checkout.id))
    return button(texts.labels.OTHER_STORE, UseDelivery(checkout=checkout.id, service=checkout.delivery))


def choose_store(checkout: Checkout, service_id: str, stores: Sequence[StockedPoint]) -> Screen:
    """Ask at which store the order shall be fetched; each is on the map where the shop says where it is."""
    wanted = {line.product_id: line.quantity for line in checkout.lines}
    back = [button(texts.labels.BACK_TO_QUANTITY, EditDelivery(checkout=checkout.id))]
    if not stores:
        return Screen(texts.deliveries.no_stores(), keyboard(back))
    rows = [_store_row(checkout, service_id, number, each.point) for number, each in enumerate(stores, 1)]
    told = [texts.deliveries.store(number, each, wanted) for number, each in enumerate(stores, 1)]
    return Screen(texts.deliveries.ask_store(told), keyboard(*rows, back))


def _store_row(checkout: Checkout, service_id: str, number: int, point: PickupPoint) -> Row:
    choose = UseStore(checkout=checkout.id, service=service_id, store=point.id)
    on_map = [link(texts.labels.ON_MAP, texts.deliveries.map_url(point))] if point.place else []
    return [button(texts.labels.store(number, point.name), choose), *on_map]


def choose_delivery(checkout: Checkout) -> Screen:
    """Ask which delivery service shall bring the order."""
    rows = [
        button(
            texts.labels.chosen(texts.labels.delivery(service, checkout.currency), service == checkout.service),
            UseDelivery(checkout=checkout.id, service=service.id),
        )
        for service in checkout.services
    ]
    return Screen(texts.deliveries.ask(checkout.services, checkout.currency), column(*rows))


def busy_keyboard() -> InlineKeyboardMarkup:
    """Return what the confirmation's buttons turn into at the tap."""
    return column(button(texts.labels.BUSY, Idle()))


def order_made(
    checkout: Checkout,
    made: CreatedOrder,
    differs: TotalDifference | None = None,
    short: Sequence[ShortReserve] = (),
    *,
    unread: bool = False,
) -> Screen:
    """Show the new order with its way to pay.

    When the portal charges another sum than was confirmed, there is no way to pay before the master has agreed. Of an
    order that was not set aside in full it is a person who says what to do. `unread`: nobody could ask for its link.
    """
    text = _made_text(checkout, made, differs, unread=unread)
    first: Sequence[InlineKeyboardButton] = ()
    if short:
        text = f"{text}\n\n{texts.checkout.short_reserves(short)}"
        first = [button(texts.labels.ASK_MANAGER, AskManager())]
    elif differs is not None:
        agree = texts.labels.agree_to(differs.total, checkout.currency)
        text = f"{text}\n\n{texts.charges.agree_or_leave()}"
        return Screen(text, column(_shown(made, agree), button(texts.labels.CALL_OFF, AskToCancelOrder(order=made.id))))
    elif made.payment_url is not None and checkout.payment is PaymentKind.PREPAID:
        first = payment_buttons(made.id, made.payment_url)
    shown = _shown(made, texts.labels.order(made.number))
    return Screen(text, column(*first, shown, button(texts.labels.MY_ORDERS, ShowOrders(page=0))))


def _shown(made: CreatedOrder, label: str) -> InlineKeyboardButton:
    return button(label, ShowOrder(order=made.id, fresh=True))


def _made_text(checkout: Checkout, made: CreatedOrder, differs: TotalDifference | None, *, unread: bool = False) -> str:
    if differs is not None:
        lines = [_change(change, checkout.currency) for change in differs.repriced]
        return texts.charges.total_differs(made.number, differs, lines, checkout.currency)
    text = _made_head(checkout, made)
    if made.payment_url is None and checkout.payment is PaymentKind.PREPAID:
        text = f"{text}\n{texts.checkout.total_unread() if unread else texts.checkout.no_link()}"
    return text


def _made_head(checkout: Checkout, made: CreatedOrder) -> str:
    fetched = checkout.fetched_at is not None
    return texts.checkout.order_made(made.number, checkout.payment, checkout.total, checkout.currency, fetched=fetched)


def invoice(number: str, amount: Decimal, currency: str, payment_url: str) -> Screen:
    """The link as a message to be handed on; its button copies all of it, or the link alone when that is too long."""
    words = texts.checkout.invoice(number, amount, currency, payment_url)
    fitting = [text for text in (words, payment_url) if utf16_length(text) <= COPIED]
    return Screen(escape(words), column(copying(texts.labels.COPY, fitting[0])) if fitting else None)


def about_order(text: str, order: Numbered, again: Row = ()) -> Screen:
    """Say something about an order, with the way to it, and to ask once more where that is of use."""
    to_order = [button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))]
    return Screen(text, keyboard(again, to_order))


def ask_call_off(known: OrderRecord) -> Screen:
    """Ask whether an order shall really be canceled."""
    yes = button(texts.labels.CALL_OFF_YES, AgreeToCancelOrder(order=known.id))
    no = button(texts.labels.CALL_OFF_NO, ShowOrder(order=known.id, fresh=False))
    return Screen(texts.cancellation.ask_call_off(known.number, known.total, known.currency), keyboard([yes, no]))


def calling_off_keyboard() -> InlineKeyboardMarkup:
    """Return what the question's buttons turn into at the tap."""
    return column(button(texts.labels.CALLING_OFF, Idle()))


def order_canceled(order: Numbered, reason: str) -> Screen:
    """Say that an order is canceled, and offer it once more."""
    return Screen(texts.cancellation.order_canceled(order.number, reason), canceled_keyboard(order))


def canceled_keyboard(order: Numbered) -> InlineKeyboardMarkup:
    """What is left to do with a canceled order."""
    again = button(texts.labels.REPEAT, RepeatOrder(order=order.id))
    return column(again, button(texts.labels.MY_ORDERS, ShowOrders(page=0)))


def back_to_cart(text: str, again: Row = ()) -> Screen:
    """Say what happened, with the way back to the cart, and to ask once more where that is of use."""
    return Screen(text, keyboard(again, [button(texts.labels.CART, ShowCart(fresh=False))]))


def unsure(text: str) -> Screen:
    """Say that the outcome is being found out; the only way on is to the orders."""
    return Screen(text, column(button(texts.labels.MY_ORDERS, ShowOrders(page=0))))
