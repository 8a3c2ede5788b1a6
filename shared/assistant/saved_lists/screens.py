"""The screen of saved lists."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import button, keyboard
from shared.assistant.navigation import ShowCart
from shared.assistant.saved_lists.buttons import DropSaved, OpenSaved, SaveCart
from shared.domain.saved_lists import SavedLists


def saved(mine: SavedLists) -> Screen:
    """All lists of a master: each can be opened or dropped, and the cart saved as another."""
    rows = [
        [
            button(texts.saved.open_list(one.name, len(one.items)), OpenSaved(list=one.id)),
            button(texts.saved.DROP, DropSaved(list=one.id)),
        ]
        for one in mine.lists
    ]
    save = [button(texts.saved.SAVE_CART, SaveCart())]
    cart = [button(texts.labels.CART, ShowCart(fresh=True))]
    return Screen(texts.saved.head(len(mine.lists)), keyboard(*rows, save, cart))
