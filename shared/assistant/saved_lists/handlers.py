"""The handlers of /lists: what is saved is shown, opened, changed, dropped, and what was ordered lately quoted."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale
from shared.assistant.navigation import SaveOrder, SaveQuoted
from shared.assistant.saved_lists import opening, saving, screens, sharing
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
from shared.assistant.saved_lists.saving import SavedListStates
from shared.assistant.spoken_commands import says
from shared.domain import order_records, saved_lists, usual_goods
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, F, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="saved_lists")
    router.message.register(show_lists, Command("lists", ignore_mention=True))
    router.callback_query.register(show_in_place, ShowSaved.filter())
    router.callback_query.register(open_list, OpenSaved.filter())
    router.callback_query.register(open_usual, UsualGoods.filter())
    router.callback_query.register(manage, ManageSaved.filter())
    router.callback_query.register(set_count, SetSaved.filter())
    router.callback_query.register(sharing.share, ShareSaved.filter())
    router.callback_query.register(drop, DropSaved.filter())
    router.callback_query.register(saving.save_cart, SaveCart.filter())
    router.callback_query.register(saving.save_quoted, SaveQuoted.filter())
    router.callback_query.register(saving.save_order, SaveOrder.filter())
    router.message.register(saving.take_name, SavedListStates.name, F.text, ~F.text.startswith("/"))
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="saved lists by word")
    router.message.register(show_lists, says("lists"))
    return router


async def show_lists(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Show what is saved."""
    view.say(screens.saved(await saved_lists.load(decision.unit, master.telegram_id)))


async def show_in_place(callback: CallbackQuery, decision: Decision, view: ChatView, master: Master) -> None:
    """Show what is saved, in the place of one list."""
    view.toast()
    view.show(screens.saved(await saved_lists.load(decision.unit, master.telegram_id)))


async def open_list(
    callback: CallbackQuery, callback_data: OpenSaved, decision: Decision, view: ChatView, master: Master
) -> None:
    """Quote a list below, with price and stock as they are now."""
    wanted = (await saved_lists.load(decision.unit, master.telegram_id)).of(callback_data.list)
    if wanted is None:
        answer_stale(view, master)
        return
    view.toast()
    await opening.quote(decision, view.target, wanted.items)


async def open_usual(callback: CallbackQuery, decision: Decision, view: ChatView, master: Master) -> None:
    """Quote what the last orders had, with the usual counts."""
    view.toast()
    ids = (await order_records.list_ids(decision.unit, master.telegram_id))[: usual_goods.ORDERS]
    items = usual_goods.usual(await order_records.load_many(decision.unit, ids))
    if items:
        await opening.quote(decision, view.target, items)
    else:
        view.say(Screen(texts.saved.nothing_usual()))


async def manage(
    callback: CallbackQuery, callback_data: ManageSaved, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show what is in a list, to be changed."""
    wanted = (await saved_lists.load(decision.unit, master.telegram_id)).of(callback_data.list)
    if wanted is None:
        answer_stale(view, master)
        return
    view.toast()
    view.show(screens.contents(wanted, callback_data.page))


async def set_count(
    callback: CallbackQuery, callback_data: SetSaved, decision: Decision, view: ChatView, master: Master
) -> None:
    """Change how many of a product a list has; a list of nothing is dropped."""
    before = await saved_lists.load(decision.unit, master.telegram_id)
    if before.of(callback_data.list) is None:
        answer_stale(view, master)
        return
    mine = before.with_count(callback_data.list, callback_data.product, callback_data.quantity)
    saved_lists.save(decision.unit, master.telegram_id, mine)
    left = mine.of(callback_data.list)
    view.toast(None if left else texts.saved.dropped())
    view.show(screens.contents(left, callback_data.page) if left else screens.saved(mine))


async def drop(
    callback: CallbackQuery, callback_data: DropSaved, decision: Decision, view: ChatView, master: Master
) -> None:
    """Forget a list; a second tap changes nothing."""
    left = (await saved_lists.load(decision.unit, master.telegram_id)).without(callback_data.list)
    saved_lists.save(decision.unit, master.telegram_id, left)
    view.toast(texts.saved.dropped())
    view.show(screens.saved(left))
