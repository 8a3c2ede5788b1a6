"""The handlers of /watches, of the button under a card and of the ends of watches. They need not ask Bitrix."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.keyboard import Row
from shared.assistant.navigation import ShowWatches, SwitchWatch
from shared.assistant.search.cards import card_by_id
from shared.assistant.watch_button import row, swapped
from shared.assistant.watching import screens
from shared.assistant.watching.buttons import DropWatch, EndWatch
from shared.domain import watches
from shared.domain.masters import Master
from shared.domain.searches import load_of
from shared.domain.watches import Watch, WatchAim, Watches
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, F, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="watching")
    router.message.register(list_watches, Command("watches", ignore_mention=True))
    router.callback_query.register(show_watches, ShowWatches.filter())
    router.callback_query.register(begin, SwitchWatch.filter(F.on))
    router.callback_query.register(end_on_card, SwitchWatch.filter())
    router.callback_query.register(end, EndWatch.filter())
    router.callback_query.register(drop, DropWatch.filter())
    return router


async def list_watches(message: Message, decision: Decision, view: ChatView, master: Master, zone: ZoneInfo) -> None:
    """List what the master watches."""
    view.say(_list(await watches.load(decision.unit, master.telegram_id), zone, 0))


async def show_watches(
    callback: CallbackQuery,
    callback_data: ShowWatches,
    decision: Decision,
    view: ChatView,
    master: Master,
    zone: ZoneInfo,
) -> None:
    """Show a page of the list, in place or as a new message."""
    view.toast()
    screen = _list(await watches.load(decision.unit, master.telegram_id), zone, callback_data.page)
    if callback_data.fresh:
        view.say(screen)
    else:
        view.show(screen)


def _list(mine: Watches, zone: ZoneInfo, page: int) -> Screen:
    if not mine.items:
        return screens.nothing_watched()
    page = min(max(page, 0), (len(mine.items) - 1) // screens.PAGE)
    shown = mine.items[page * screens.PAGE :][: screens.PAGE]
    return screens.watch_list(shown, page, len(mine.items), zone)


async def begin(
    callback: CallbackQuery,
    callback_data: SwitchWatch,
    decision: Decision,
    view: ChatView,
    master: Master,
    zone: ZoneInfo,
) -> None:
    """Watch the card's product from the price the card shows; a second tap changes nothing."""
    mine = await watches.load(decision.unit, master.telegram_id)
    watch = mine.of(callback_data.product)
    if watch is None and mine.full:
        view.toast(texts.watching.too_many(watches.MOST), alert=True)
        return
    if watch is None:
        watch = await _new_watch(callback_data, decision, master.telegram_id)
        if watch is None:
            view.toast(texts.trouble.stale_button())
            await decision.enqueue(card_by_id(view.target, callback_data.product, callback_data.search))
            return
        watches.save(decision.unit, master.telegram_id, mine.begun(watch))
    until = watch.until.astimezone(zone).date()
    if watch.aim is WatchAim.STOCK:
        view.toast(texts.watching.will_tell_of_stock(until))
    else:
        view.toast(texts.watching.will_tell_of_price(watch.price, watch.currency, until))
    _swap(callback, view, row(callback_data.model_copy(update={"on": False})))


async def _new_watch(wanted: SwitchWatch, decision: Decision, user_id: int) -> Watch | None:
    """Return the watch; None when nothing is known of the product any more, for the card is a day old."""
    search = await load_of(decision.unit, wanted.search, user_id)
    product = search.products.get(wanted.product) if search else None
    if product is None:
        return None
    return Watch(product.id, product.name, wanted.aim, wanted.price, wanted.currency, decision.now)


async def end_on_card(
    callback: CallbackQuery, callback_data: SwitchWatch, decision: Decision, view: ChatView, master: Master
) -> None:
    """Watch the card's product no more; the button begins anew."""
    await _end(decision, view, master, callback_data.product)
    _swap(callback, view, row(callback_data.model_copy(update={"on": True})))


async def end(
    callback: CallbackQuery, callback_data: EndWatch, decision: Decision, view: ChatView, master: Master
) -> None:
    """Watch the product of a message no more; its other buttons stay."""
    await _end(decision, view, master, callback_data.product)
    _swap(callback, view, [])


async def drop(
    callback: CallbackQuery,
    callback_data: DropWatch,
    decision: Decision,
    view: ChatView,
    master: Master,
    zone: ZoneInfo,
) -> None:
    """Take a product off the list."""
    mine = await _end(decision, view, master, callback_data.product)
    view.show(_list(mine, zone, callback_data.page))


async def _end(decision: Decision, view: ChatView, master: Master, product_id: str) -> Watches:
    mine = (await watches.load(decision.unit, master.telegram_id)).without(product_id)
    watches.save(decision.unit, master.telegram_id, mine)
    view.toast(texts.watching.ended())
    return mine


def _swap(callback: CallbackQuery, view: ChatView, fresh: Row) -> None:
    """Put the row in the tapped button's place. A message too old to be looked at keeps its buttons."""
    shown = callback.message.reply_markup if isinstance(callback.message, Message) else None
    if shown is not None:
        view.buttons(swapped(shown, callback.data, fresh))
