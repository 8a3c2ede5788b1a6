"""The screens of a return, from «Вернуть товар» to «Возврат зарегистрирован»."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import ask_manager
from shared.assistant.keyboard import Row, button, column, keyboard
from shared.assistant.navigation import AskManager, Idle, ShowOrder, ShowOrders, ShowReturns, StartReturn
from shared.assistant.returns.buttons import (
    CancelReturn,
    ChooseReason,
    ConfirmReturn,
    GoodsChosen,
    ReviewReturn,
    SetReturnQuantity,
    ShowGoods,
    ShowReturn,
)
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Numbered
from shared.domain.quantities import ONE, written
from shared.domain.return_drafts import ReturnDraft, ReturnItem, ReturnReason
from shared.domain.return_records import ReturnRecord
from shared.domain.returns import ReturnState
from shared.telegram.api import InlineKeyboardButton, InlineKeyboardMarkup


def overview(made: Sequence[ReturnRecord], orders: Sequence[OrderRecord]) -> Screen:
    """The latest returns, and the orders that something may be returned from."""
    blocks = [texts.returns.returns_head(), *map(texts.returns.return_line, made)] if made else []
    blocks.append(texts.returns.choose_order() if orders else texts.returns.no_order())
    looking = [button(texts.labels.made_return(one.id), ShowReturn(made=one.id)) for one in made]
    opening = [button(texts.labels.order(order.number), StartReturn(order=order.id)) for order in orders]
    return Screen("\n\n".join(blocks), column(*looking, *opening, button(texts.labels.MY_ORDERS, ShowOrders(page=0))))


def one(made: ReturnRecord) -> Screen:
    """One return with all that is known of it, and the way to people."""
    ask = button(texts.labels.ASK_MANAGER, AskManager())
    order = button(texts.labels.order(made.order_number), ShowOrder(order=made.order_id, fresh=True))
    return Screen(texts.returns.one(made), column(ask, order, button(texts.labels.MY_RETURNS, ShowReturns())))


def impossible(text: str, order: Numbered, again: Row = ()) -> Screen:
    """Say why nothing can be returned, with the ways to the order and to people, and to ask once more if that helps."""
    to_order = [button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=False))]
    return Screen(text, keyboard(again, to_order, ask_manager()))


def goods(draft: ReturnDraft) -> Screen:
    """The order's goods to choose from."""
    lines = [texts.returns.good_left(number, good) for number, good in enumerate(draft.goods, start=1)]
    names = texts.labels.goods([good.name for good in draft.goods])
    rows = [_choosing(draft.id, index, name, draft.goods[index]) for index, name in enumerate(names)]
    on = [button(texts.labels.NEXT, GoodsChosen(draft=draft.id))] if draft.chosen else []
    text = "\n".join([texts.returns.choose_goods(draft.order_number), "", *lines])
    return Screen(text, keyboard(*rows, on, [_cancel(draft)]))


def _choosing(draft_id: str, index: int, name: str, good: ReturnItem) -> Row:
    def to(label: str, quantity: Decimal) -> Row:
        tap = SetReturnQuantity(draft=draft_id, index=index, quantity=Decimal(written(quantity)))
        return [button(label, tap)]

    label = texts.labels.good(name, good.quantity, good.most, good.unit)
    if not good.quantity:
        return to(label, min(ONE, good.most))
    more = to(texts.labels.PLUS, good.quantity + good.step) if good.quantity < good.most else []
    less = to(texts.labels.MINUS, good.quantity - good.step) if good.quantity > good.step else []
    return [*less, *to(label, Decimal(0)), *more]


def _cancel(draft: ReturnDraft) -> InlineKeyboardButton:
    return button(texts.labels.CANCEL, CancelReturn(draft=draft.id))


def ask_reason(draft: ReturnDraft) -> Screen:
    """Ask why, by buttons."""
    named = {**texts.returns.REASONS, ReturnReason.OTHER: texts.labels.OTHER_REASON}
    reasons = [button(label, ChooseReason(draft=draft.id, reason=reason)) for reason, label in named.items()]
    back = button(texts.labels.BACK_TO_GOODS, ShowGoods(draft=draft.id))
    return Screen(texts.returns.ask_reason(), keyboard(*([one] for one in reasons), [back, _cancel(draft)]))


def ask_reason_text(draft: ReturnDraft) -> Screen:
    """Ask why, in words."""
    return Screen(texts.returns.ask_reason_text(), column(_cancel(draft)))


def ask_photos(draft: ReturnDraft) -> Screen:
    """Ask for photos; the same message counts them."""
    done = [button(texts.labels.PHOTOS_DONE, ReviewReturn(draft=draft.id))] if draft.pictures else []
    return Screen(texts.returns.ask_photos(len(draft.pictures), draft.note), keyboard(done, [_cancel(draft)]))


def photos_coming(draft: ReturnDraft) -> Screen:
    """Say below an album that it is being taken; how many photos there are stands above it."""
    done = button(texts.labels.PHOTOS_DONE, ReviewReturn(draft=draft.id))
    return Screen(texts.returns.photos_coming(), keyboard([done], [_cancel(draft)]))


def confirmation(draft: ReturnDraft) -> Screen:
    """Everything once more before it is registered."""
    agree = button(texts.labels.CONFIRM_RETURN, ConfirmReturn(draft=draft.id))
    change = button(texts.labels.CHANGE, ShowGoods(draft=draft.id))
    return Screen(texts.returns.confirm(draft), keyboard([agree], [change, _cancel(draft)]))


def busy_keyboard() -> InlineKeyboardMarkup:
    """Return what the confirmation's buttons turn into at the tap."""
    return column(button(texts.labels.BUSY, Idle()))


def registered(draft: ReturnDraft, state: ReturnState, *, people: bool = True) -> Screen:
    """The new return; `people`: they are told of the photos that did not get there."""
    text = texts.returns.registered(state.id, state.status, state.reason, draft.lost, people=people)
    return Screen(text, _after())


def told(text: str) -> Screen:
    """Say how a return stands, or that people take over."""
    return Screen(text, _after())


def _after() -> InlineKeyboardMarkup:
    return column(button(texts.labels.MY_RETURNS, ShowReturns()), button(texts.labels.MY_ORDERS, ShowOrders(page=0)))


def news(made: ReturnRecord, state: ReturnState) -> Screen:
    """A new status of a return, as a message of its own."""
    text = texts.returns.news(made.id, made.order_number, state.status, state.reason)
    opening = button(texts.labels.made_return(made.id), ShowReturn(made=made.id))
    return Screen(text, column(opening, button(texts.labels.MY_RETURNS, ShowReturns())))
