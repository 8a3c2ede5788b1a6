"""/watches, the button under a card, and the ends of watches. None of it asks Bitrix: the card's button says enough."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.buttons import DropWatch, EndWatch, ShowWatches, SwitchWatch
from shared.assistant.desk import Desk, Screen
from shared.assistant.keyboard import Row
from shared.assistant.masters import Master
from shared.assistant.search.cards import card_by_id
from shared.assistant.search.shelf import load_search
from shared.assistant.watching import screens, watches
from shared.assistant.watching.switch import row, swapped
from shared.assistant.watching.watches import Aim, Watch, Watches
from shared.pipeline.turn import Turn
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


async def list_watches(message: Message, turn: Turn, desk: Desk, master: Master, zone: ZoneInfo) -> None:
    """List what the master watches."""
    desk.say(_list(await watches.load(turn.unit, master.telegram_id), zone, 0))


async def show_watches(
    callback: CallbackQuery, callback_data: ShowWatches, turn: Turn, desk: Desk, master: Master, zone: ZoneInfo
) -> None:
    """Show a page of the list, in place or as a new message."""
    desk.toast()
    screen = _list(await watches.load(turn.unit, master.telegram_id), zone, callback_data.page)
    if callback_data.fresh:
        desk.say(screen)
    else:
        desk.show(screen)


def _list(mine: Watches, zone: ZoneInfo, page: int) -> Screen:
    if not mine.items:
        return screens.nothing_watched()
    page = min(max(page, 0), (len(mine.items) - 1) // screens.PAGE)
    shown = mine.items[page * screens.PAGE :][: screens.PAGE]
    return screens.watch_list(shown, page, len(mine.items), zone)


async def begin(
    callback: CallbackQuery, callback_data: SwitchWatch, turn: Turn, desk: Desk, master: Master, zone: ZoneInfo
) -> None:
    """Watch the card's product from the price the card shows; a second tap changes nothing."""
    mine = await watches.load(turn.unit, master.telegram_id)
    watch = mine.of(callback_data.product)
    if watch is None and mine.full:
        desk.toast(texts.watching.too_many(watches.MOST), alert=True)
        return
    if watch is None:
        watch = await _new_watch(callback_data, turn)
        if watch is None:
            desk.toast(texts.trouble.stale_button())
            await turn.want(card_by_id(desk.place, callback_data.product, callback_data.search))
            return
        watches.save(turn.unit, master.telegram_id, mine.begun(watch))
    until = watch.until.astimezone(zone).date()
    if watch.aim is Aim.STOCK:
        desk.toast(texts.watching.will_tell_of_stock(until))
    else:
        desk.toast(texts.watching.will_tell_of_price(watch.price, watch.currency, until))
    _swap(callback, desk, row(callback_data.model_copy(update={"on": False})))


async def _new_watch(wanted: SwitchWatch, turn: Turn) -> Watch | None:
    """Return the watch; None when nothing is known of the product any more, for the card is a day old."""
    search = await load_search(turn.unit, wanted.search)
    product = search.products.get(wanted.product) if search else None
    if product is None:
        return None
    return Watch(product.id, product.name, wanted.aim, wanted.price, wanted.currency, turn.now)


async def end_on_card(
    callback: CallbackQuery, callback_data: SwitchWatch, turn: Turn, desk: Desk, master: Master
) -> None:
    """Watch the card's product no more; the button begins anew."""
    await _end(turn, desk, master, callback_data.product)
    _swap(callback, desk, row(callback_data.model_copy(update={"on": True})))


async def end(callback: CallbackQuery, callback_data: EndWatch, turn: Turn, desk: Desk, master: Master) -> None:
    """Watch the product of a message no more; its other buttons stay."""
    await _end(turn, desk, master, callback_data.product)
    _swap(callback, desk, [])


async def drop(
    callback: CallbackQuery, callback_data: DropWatch, turn: Turn, desk: Desk, master: Master, zone: ZoneInfo
) -> None:
    """Take a product off the list."""
    mine = await _end(turn, desk, master, callback_data.product)
    desk.show(_list(mine, zone, callback_data.page))


async def _end(turn: Turn, desk: Desk, master: Master, product_id: str) -> Watches:
    mine = (await watches.load(turn.unit, master.telegram_id)).without(product_id)
    watches.save(turn.unit, master.telegram_id, mine)
    desk.toast(texts.watching.ended())
    return mine


def _swap(callback: CallbackQuery, desk: Desk, fresh: Row) -> None:
    """Put the row in the tapped button's place. A message too old to be looked at keeps its buttons."""
    shown = callback.message.reply_markup if isinstance(callback.message, Message) else None
    if shown is not None:
        desk.buttons(swapped(shown, callback.data, fresh))
