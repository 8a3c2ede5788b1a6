"""The screens of saved lists."""

from __future__ import annotations

from decimal import Decimal

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, column, copying, keyboard, link
from shared.assistant.navigation import Idle, ShowCart
from shared.assistant.saved_lists.buttons import (
    DropSaved,
    ManageSaved,
    OpenSaved,
    SaveCart,
    SetSaved,
    ShareSaved,
    ShowSaved,
    UsualGoods,
)
from shared.domain.quantities import written
from shared.domain.saved_lists import SavedItem, SavedList, SavedLists
from shared.telegram.api import InlineKeyboardButton

PAGE = 8
"""Goods of a list on one page: each has a row of four buttons."""


def saved(mine: SavedLists) -> Screen:
    """All lists of a master: each can be opened or changed, and the cart saved as another."""
    rows = [
        [
            button(texts.saved.open_list(one.name, len(one.items)), OpenSaved(list=one.id)),
            button(texts.saved.CHANGE, ManageSaved(list=one.id, page=0)),
        ]
        for one in mine.lists
    ]
    usual = [button(texts.saved.USUAL, UsualGoods())]
    save = [button(texts.saved.SAVE_CART, SaveCart())]
    cart = [button(texts.labels.CART, ShowCart(fresh=True))]
    return Screen(texts.saved.head(len(mine.lists)), keyboard(*rows, usual, save, cart))


def contents(one: SavedList, page: int) -> Screen:
    """What is in a list, with its counts to be changed."""
    pages = max(1, -(-len(one.items) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = list(enumerate(one.items, 1))[page * PAGE : (page + 1) * PAGE]
    told = [f"{at}. {texts.common.goods_line(item.product.name, item.quantity, item.unit)}" for at, item in shown]
    rows = [_row(one.id, page, at, item) for at, item in shown]
    open_it = [button(texts.saved.open_list(one.name, len(one.items)), OpenSaved(list=one.id))]
    others = [button(texts.saved.SHARE, ShareSaved(list=one.id)), button(texts.saved.DROP, DropSaved(list=one.id))]
    all_lists = [button(texts.saved.ALL, ShowSaved())]
    text = "\n".join([texts.saved.contents(one.name, len(one.items)), "", *told])
    return Screen(text, keyboard(*rows, _turning(one.id, page, pages), open_it, others, all_lists))


def _row(list_id: str, page: int, position: int, item: SavedItem) -> Row:
    def leading_to(label: str, quantity: Decimal) -> InlineKeyboardButton:
        wanted = Decimal(written(max(quantity, Decimal(0))))
        return button(label, SetSaved(list=list_id, product=item.product.id, quantity=wanted, page=page))

    return [
        leading_to(texts.labels.MINUS, item.quantity - item.step),
        button(texts.labels.line(position, item.quantity, item.unit), Idle()),
        leading_to(texts.labels.PLUS, item.quantity + item.step),
        leading_to(texts.labels.REMOVE, Decimal(0)),
    ]


def _turning(list_id: str, page: int, pages: int) -> Row:
    if pages == 1:
        return []
    return [
        button(texts.labels.BACK, ManageSaved(list=list_id, page=(page - 1) % pages)),
        button(texts.labels.page_of(page + 1, pages), Idle()),
        button(texts.labels.FORTH, ManageSaved(list=list_id, page=(page + 1) % pages)),
    ]


def shared(one: SavedList, address: str) -> Screen:
    """What is handed on to another master: buttons with an address stay on a forwarded message."""
    text = texts.saved.shared(one.name, len(one.items), address)
    return Screen(text, column(link(texts.saved.TAKE, address), copying(texts.saved.COPY, address)))
