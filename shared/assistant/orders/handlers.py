"""/myorders, /track and their buttons."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from shared.assistant.buttons import ShowOrder, ShowOrders
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.masters import Master
from shared.assistant.orders import jobs, listing, orders, screens
from shared.assistant.orders.listing import Filter
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Command, CommandObject, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="orders")
    router.message.register(my_orders, Command("myorders", ignore_mention=True))
    router.message.register(track, Command("track", ignore_mention=True))
    router.callback_query.register(show_orders, ShowOrders.filter())
    router.callback_query.register(show_order, ShowOrder.filter())
    return router


async def my_orders(message: Message, turn: Turn, desk: Desk, master: Master, zone: ZoneInfo) -> None:
    """List the orders, from what is known here: opening one asks Bitrix."""
    desk.say(await _list(turn, master, zone, 0, Filter.ALL))


async def show_orders(
    callback: CallbackQuery, callback_data: ShowOrders, turn: Turn, desk: Desk, master: Master, zone: ZoneInfo
) -> None:
    """Show a page of the list in the same message."""
    desk.toast()
    desk.show(await _list(turn, master, zone, callback_data.page, callback_data.which))


async def _list(turn: Turn, master: Master, zone: ZoneInfo, page: int, which: Filter) -> Screen:
    ids = await orders.list_ids(turn.unit, master.telegram_id)
    if not ids:
        return screens.no_orders()
    return screens.order_list(await listing.page_of(turn.unit, ids, which, page), zone, turn.now)


async def track(message: Message, command: CommandObject, turn: Turn, desk: Desk, master: Master) -> None:
    """Show the order with the number given, or the newest one."""
    wanted = re.sub(r"[^\w-]", "", (command.args or "").replace("№", ""))
    ids = await orders.list_ids(turn.unit, master.telegram_id)
    if not ids:
        desk.say(screens.no_orders())
        return
    await open_order(turn, desk, master, desk.place.below, wanted or ids[0])


async def show_order(callback: CallbackQuery, callback_data: ShowOrder, turn: Turn, desk: Desk, master: Master) -> None:
    """Show one order, in place or as a new message."""
    desk.toast()
    where = desk.place.below if callback_data.fresh else desk.place
    await open_order(turn, desk, master, where, callback_data.order)


async def open_order(turn: Turn, desk: Desk, master: Master, where: Place, order_id: str) -> None:
    """Show an order if it is this master's; of somebody else's nothing is said, not even that there is one."""
    known = await orders.load_of(turn.unit, order_id, master.telegram_id)
    if known is None:
        desk.say(screens.unknown(order_id))
        return
    await turn.want(jobs.show_job(where, known.id))
