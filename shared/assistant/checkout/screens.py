"""The confirmation: what is going to be ordered, what has changed of it, and what its buttons turn into."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.checkout.buttons import (
    CancelCheckout,
    ConfirmOrder,
    DropComment,
    EditAddress,
    EditComment,
    EditDelivery,
    EditPhone,
    EditSlot,
    SwitchPayment,
    UseDelivery,
)
from shared.assistant.checkout.told_changes import all_told
from shared.assistant.keyboard import Row, button, column, keyboard
from shared.assistant.navigation import Idle, ShowCard, ShowCart
from shared.domain.checkout_changes import Change
from shared.domain.checkouts import Checkout
from shared.domain.orders import PaymentKind
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup


def confirmation(
    checkout: Checkout, changes: Sequence[Change] = (), *, second: bool = False, notice: str = ""
) -> Screen:
    """Show what is going to be ordered, and what differs from what was shown before.

    `second`: another order of his is being made just now. `notice`: why he is asked once more, beside the changes.
    Nothing can be ordered before it is known where it goes.
    """
    lines = [*([notice, ""] if notice else []), texts.checkout.confirm_head(), ""]
    if second:
        lines += [texts.checkout.second_order(), ""]
    if changes:
        lines += [all_told(checkout, changes), ""]
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
        *([texts.contact_comment.phone_line(checkout.phone)] if checkout.phone else []),
        *([texts.contact_comment.comment_line(checkout.comment)] if checkout.comment else []),
        "",
        texts.checkout.confirm_foot(),
        *([] if checkout.from_cart else [texts.checkout.cart_untouched()]),
    ]
    return Screen("\n".join(lines), _confirm_keyboard(checkout, changed=bool(changes)))


def _where(checkout: Checkout) -> Sequence[str]:
    """Return where the order goes, or where it is fetched and when."""
    if not checkout.has_destination:
        return [texts.deliveries.no_point() if checkout.is_fetched else texts.addresses.no_address()]
    point = checkout.fetched_at
    if point is not None:
        return texts.deliveries.point_lines(point)
    hours = [texts.deliveries.hours_line(checkout.hours)] if checkout.hours else []
    return [texts.addresses.address_line(checkout.address), *hours]


def _confirm_keyboard(checkout: Checkout, *, changed: bool) -> InlineKeyboardMarkup:
    checkout_id = checkout.id
    agree = button(texts.labels.AGREE if changed else texts.labels.CONFIRM, ConfirmOrder(checkout=checkout_id))
    drop = button(texts.labels.DROP_COMMENT, DropComment(checkout=checkout_id))
    other = PaymentKind.CASH if checkout.payment is PaymentKind.PREPAID else PaymentKind.PREPAID
    pay = texts.labels.TO_CASH if other is PaymentKind.CASH else texts.labels.TO_PREPAID
    card = ShowCard(search="", product=checkout.lines[0].product_id)
    switch = button(pay, SwitchPayment(checkout=checkout_id, payment=other))
    knows_where = checkout.has_destination
    return keyboard(
        [agree if knows_where else _where_button(checkout)],
        [_where_button(checkout), switch] if knows_where else [switch],
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
    can_wait = checkout.slots and not checkout.is_fetched
    return [*(service if len(checkout.services) > 1 else []), *(hours if can_wait else [])]


def _where_button(checkout: Checkout) -> InlineKeyboardButton:
    known = checkout.has_destination
    if not checkout.is_fetched:
        label = texts.labels.ADDRESS if known else texts.labels.SET_ADDRESS
        return button(label, EditAddress(checkout=checkout.id))
    label = texts.labels.OTHER_STORE if known else texts.labels.CHOOSE_STORE
    return button(label, UseDelivery(checkout=checkout.id, service=checkout.service.id if checkout.service else ""))


def busy_keyboard() -> InlineKeyboardMarkup:
    """Return what the confirmation's buttons turn into at the tap."""
    return column(button(texts.labels.BUSY, Idle()))
