"""The handlers of following orders: /myorders, /track and their buttons."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.common_screens import unknown_order
from shared.assistant.navigation import ShowOrder, ShowOrders
from shared.assistant.orders import adopting, asking, jobs, screens
from shared.assistant.spoken_commands import says
from shared.domain import order_list, order_records
from shared.domain.masters import Master
from shared.domain.order_list import OrderFilter
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, CommandObject, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="orders")
    router.message.register(my_orders, Command("myorders", ignore_mention=True))
    router.message.register(track, Command("track", ignore_mention=True))
    router.callback_query.register(show_orders, ShowOrders.filter())
    router.callback_query.register(show_order, ShowOrder.filter())
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="orders by word")
    router.message.register(my_orders, says("myorders"))
    return router


async def my_orders(message: Message, decision: Decision, view: ChatView, master: Master, zone: ZoneInfo) -> None:
    """List the orders, from what is known here: opening one asks Bitrix. Then look for those made elsewhere."""
    view.say(await _list(decision, master, zone, 0, OrderFilter.ALL))
    await adopting.look_for_others(decision, view, master)


async def show_orders(
    callback: CallbackQuery,
    callback_data: ShowOrders,
    decision: Decision,
    view: ChatView,
    master: Master,
    zone: ZoneInfo,
) -> None:
    """Show a page of the list in the same message."""
    view.toast()
    await _take_over(decision, view, master)
    view.show(await _list(decision, master, zone, callback_data.page, callback_data.which))


async def _take_over(decision: Decision, view: ChatView, master: Master) -> None:
    """Let go of the message that told of a new order: the list takes its place, so its buttons are no order's now."""
    newest = (await order_records.list_ids(decision.unit, master.telegram_id))[: order_list.PAGE]
    for known in await order_records.load_many(decision.unit, newest):
        if known.pay_message is not None and known.pay_message == view.target.message_id:
            replace(known, pay_message=None).save(decision.unit)


async def _list(decision: Decision, master: Master, zone: ZoneInfo, page: int, which: OrderFilter) -> Screen:
    ids = await order_records.list_ids(decision.unit, master.telegram_id)
    if not ids:
        return screens.no_orders()
    return screens.order_list(await order_list.page_of(decision.unit, ids, which, page), zone, decision.now)


async def track(
    message: Message, command: CommandObject, decision: Decision, view: ChatView, master: Master, zone: ZoneInfo
) -> None:
    """Show the order with the number given, those with a product called so, or the one nearest to its master."""
    asked = asking.number_of(command.args or "")
    if asked and await order_records.find_of(decision.unit, asked, master.telegram_id) is None:
        ids = await order_records.list_ids(decision.unit, master.telegram_id)
        found = await order_list.holding(decision.unit, ids, asked)
        if len(found) > 1:
            view.say(screens.orders_with(asked, found, zone, decision.now))
            return
        asked = found[0].number if found else asked
    await show_asked(decision, view, master, asked)


async def show_asked(decision: Decision, view: ChatView, master: Master, number: str) -> None:
    """Show below the order that is called so, or without a number the one that is nearest to its master."""
    ids = await order_records.list_ids(decision.unit, master.telegram_id)
    if not ids:
        view.say(screens.no_orders())
        return
    if not number:
        near = await order_list.asked_for(decision.unit, ids)
        await open_order(decision, view, master, view.target.below, near)
        return
    known = await order_records.find_of(decision.unit, number, master.telegram_id)
    if known is None:
        view.say(unknown_order(number))
        return
    await decision.enqueue(jobs.show_job(view.target.below, known.id))


async def show_order(
    callback: CallbackQuery, callback_data: ShowOrder, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show one order, in place or as a new message."""
    view.toast()
    where = view.target.below if callback_data.fresh else view.target
    await open_order(decision, view, master, where, callback_data.order)


async def open_order(decision: Decision, view: ChatView, master: Master, where: ChatTarget, order_id: str) -> None:
    """Show an order if it is this master's; of somebody else's nothing is said, not even that there is one."""
    known = await order_records.load_of(decision.unit, order_id, master.telegram_id)
    if known is None:
        view.say(unknown_order(order_id))
        return
    await decision.enqueue(jobs.show_job(where, known.id))
