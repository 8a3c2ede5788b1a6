"""Saving under a name what is in the cart, in an order or on a quoted list. The session says which."""

from __future__ import annotations

from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale, unknown_order
from shared.assistant.navigation import SaveOrder, SaveQuoted
from shared.assistant.saved_lists import screens
from shared.domain import carts, order_records, saved_lists
from shared.domain.masters import Master
from shared.domain.one_line import one_line
from shared.domain.pasted_lists import quoted
from shared.domain.saved_lists import LONGEST_NAME, SavedItem
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, FSMContext, Message, State, StatesGroup

_LIST, _ORDER = "list", "order"


class SavedListStates(StatesGroup):
    """`name`: he was asked what to call the list; the session's data name an order or a quoted list, or the cart."""

    name = State()


async def save_cart(
    callback: CallbackQuery, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Ask what to call the list, if there is anything to save."""
    view.toast()
    await _ask(decision, view, master, state, {})


async def save_quoted(
    callback: CallbackQuery,
    callback_data: SaveQuoted,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Ask what to call a quoted list."""
    if not await _items(decision, master, {_LIST: callback_data.list}):
        answer_stale(view, master)
        return
    view.toast()
    await _ask(decision, view, master, state, {_LIST: callback_data.list})


async def save_order(
    callback: CallbackQuery,
    callback_data: SaveOrder,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Ask what to call the list of an order's goods; say how else where they were not seen yet."""
    view.toast()
    known = await order_records.load_of(decision.unit, callback_data.order, master.telegram_id)
    if known is None:
        view.say(unknown_order(callback_data.order))
    elif not known.lines:
        view.say(Screen(texts.saved.order_unknown(known.number)))
    else:
        await _ask(decision, view, master, state, {_ORDER: known.id})


async def _ask(decision: Decision, view: ChatView, master: Master, state: FSMContext, of: dict[str, Any]) -> None:
    if not await _items(decision, master, of):
        view.say(Screen(texts.saved.cart_empty()))
        return
    await state.set_state(SavedListStates.name)
    await state.set_data(of)
    view.say(Screen(texts.saved.ask_name()))


async def _items(decision: Decision, master: Master, of: dict[str, Any]) -> tuple[SavedItem, ...]:
    """Return what is to be saved; nothing when it is gone."""
    if _LIST in of:
        wanted = await quoted.load(decision.unit, of[_LIST], master.telegram_id)
        return saved_lists.items_of_list(wanted.lines) if wanted else ()
    if _ORDER in of:
        known = await order_records.load_of(decision.unit, of[_ORDER], master.telegram_id)
        return saved_lists.items_of_order(known.lines or ()) if known else ()
    return saved_lists.items_of((await carts.load(decision.unit, master.telegram_id)).lines)


async def take_name(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Save it under the name."""
    name = one_line(message.text or "")
    if not 0 < len(name) <= LONGEST_NAME:
        view.say(Screen(texts.saved.name_odd(LONGEST_NAME)))
        return
    items = await _items(decision, master, await state.get_data())
    await state.clear()
    if not items:
        view.say(Screen(texts.saved.cart_empty()))
        return
    before = await saved_lists.load(decision.unit, master.telegram_id)
    mine = before.saved(name, items)
    if mine is None:
        view.say(Screen(texts.saved.too_many(saved_lists.MOST)))
        return
    saved_lists.save(decision.unit, master.telegram_id, mine)
    view.say(screens.saved(mine))
