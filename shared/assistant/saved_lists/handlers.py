"""The handlers of /lists. Opening a list quotes it like a pasted one, with price and stock of that moment."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale
from shared.assistant.lists import jobs
from shared.assistant.saved_lists import screens
from shared.assistant.saved_lists.buttons import DropSaved, OpenSaved, SaveCart
from shared.assistant.spoken_commands import says
from shared.domain import carts, saved_lists
from shared.domain.masters import Master
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import QuotedList
from shared.domain.saved_lists import LONGEST_NAME, SavedItem
from shared.domain.searches import new_id
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, F, FSMContext, Message, Router, State, StatesGroup


class SavedListStates(StatesGroup):
    """`name`: he was asked what to call the list."""

    name = State()


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="saved_lists")
    router.message.register(show_lists, Command("lists", ignore_mention=True))
    router.callback_query.register(open_list, OpenSaved.filter())
    router.callback_query.register(drop, DropSaved.filter())
    router.callback_query.register(ask_name, SaveCart.filter())
    router.message.register(take_name, SavedListStates.name, F.text, ~F.text.startswith("/"))
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="saved lists by word")
    router.message.register(show_lists, says("lists"))
    return router


async def show_lists(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Show what is saved."""
    view.say(screens.saved(await saved_lists.load(decision.unit, master.telegram_id)))


async def open_list(
    callback: CallbackQuery, callback_data: OpenSaved, decision: Decision, view: ChatView, master: Master
) -> None:
    """Quote a list below, with price and stock as they are now."""
    wanted = (await saved_lists.load(decision.unit, master.telegram_id)).of(callback_data.list)
    if wanted is None:
        answer_stale(view, master)
        return
    view.toast()
    lines = tuple(map(_line, wanted.items))
    await decision.enqueue(jobs.quote_job(view.target.below, QuotedList(new_id(), lines=lines)))


def _line(item: SavedItem) -> SoughtLine:
    return SoughtLine(item.product.name, item.quantity, LookUpStage.SETTLED, (item.product,), 1)


async def drop(
    callback: CallbackQuery, callback_data: DropSaved, decision: Decision, view: ChatView, master: Master
) -> None:
    """Forget a list; a second tap changes nothing."""
    left = (await saved_lists.load(decision.unit, master.telegram_id)).without(callback_data.list)
    saved_lists.save(decision.unit, master.telegram_id, left)
    view.toast(texts.saved.dropped())
    view.show(screens.saved(left))


async def ask_name(
    callback: CallbackQuery, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Ask what to call the list, if there is anything to save."""
    view.toast()
    if not (await carts.load(decision.unit, master.telegram_id)).lines:
        view.say(Screen(texts.saved.cart_empty()))
        return
    await state.set_state(SavedListStates.name)
    view.say(Screen(texts.saved.ask_name()))


async def take_name(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Save the cart under the name."""
    name = " ".join((message.text or "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        view.say(Screen(texts.saved.name_odd(LONGEST_NAME)))
        return
    await state.clear()
    lines = (await carts.load(decision.unit, master.telegram_id)).lines
    if not lines:
        view.say(Screen(texts.saved.cart_empty()))
        return
    before = await saved_lists.load(decision.unit, master.telegram_id)
    mine = before.saved(name, saved_lists.items_of(lines))
    if mine is None:
        view.say(Screen(texts.saved.too_many(saved_lists.MOST)))
        return
    saved_lists.save(decision.unit, master.telegram_id, mine)
    view.say(screens.saved(mine))
