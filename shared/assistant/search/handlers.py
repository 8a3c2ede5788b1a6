"""The handlers of a search: any text is one, and its buttons turn pages and open cards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale
from shared.assistant.navigation import TOP_SECTION, Idle, SearchMore, ShowCard, ShowSection
from shared.assistant.orders import asking
from shared.assistant.orders.asking import AskedOrder
from shared.assistant.orders.handlers import show_asked
from shared.assistant.orders.jobs import show_job
from shared.assistant.search import cards, finding, screens, sections
from shared.assistant.search.buttons import SetQuantity, ShowPage, ShowPictures
from shared.assistant.words import has_words, words_of
from shared.domain import order_records, searches
from shared.domain.masters import Master
from shared.domain.order_records import OrderRecord
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, FSMContext, Message, Router

SHORTEST = 2
"""Letters of a query: one letter would find half the shop."""


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="search")
    router.message.register(catalogue, Command("catalog", ignore_mention=True))
    router.callback_query.register(open_section, ShowSection.filter())
    router.message.register(show_order, has_words, asks_for_order)
    router.message.register(find, has_words)
    router.callback_query.register(turn_page, ShowPage.filter())
    router.callback_query.register(open_card, ShowCard.filter())
    router.callback_query.register(show_pictures, ShowPictures.filter())
    router.callback_query.register(set_quantity, SetQuantity.filter())
    router.callback_query.register(search_more, SearchMore.filter())
    router.callback_query.register(idle, Idle.filter())
    return router


async def asks_for_order(message: Message, decision: Decision, master: Master) -> dict[str, Any] | bool:
    """Let through what asks for an order, with it; a number alone only if it is one of his orders'."""
    asked = asking.read(words_of(message))
    if asked is None:
        return False
    known = None
    if asked.number:
        known = await order_records.find_of(decision.unit, asked.number, master.telegram_id)
    return {"asked": asked, "known": known} if asked.surely or known is not None else False


async def show_order(
    message: Message,
    asked: AskedOrder,
    known: OrderRecord | None,
    decision: Decision,
    view: ChatView,
    master: Master,
) -> None:
    """Show the order; what may be an article as well can be searched for by a button."""
    if not asked.surely:
        search = searches.new_search(asked.number)
        await searches.load_search(decision.unit, search.id)
        search.of(master.telegram_id).save(decision.unit)
        view.say(screens.order_not_article(search))
    if known is not None:
        await decision.enqueue(show_job(view.target.below, known.id))
    else:
        await show_asked(decision, view, master, asked.number)


async def find(message: Message, decision: Decision, view: ChatView) -> None:
    """Search for the text."""
    query = searches.normalise(words_of(message))
    if len(query) < SHORTEST:
        view.say(Screen(texts.search.too_short()))
        return
    await finding.look_for(decision, view.target.below, searches.new_search(query), 0)


async def turn_page(
    callback: CallbackQuery, callback_data: ShowPage, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show another page in the same message."""
    search = await searches.load_of(decision.unit, callback_data.search, master.telegram_id)
    if search is None or not search.query:  # a card may have begun the record anew, without the query
        answer_stale(view, master)
        return
    view.toast()
    page = min(max(callback_data.page, 0), screens.pages_of(search.total) - 1)
    await finding.look_for(decision, view.target, search, page)


async def catalogue(message: Message, decision: Decision, view: ChatView) -> None:
    """Show the top of the catalogue."""
    await decision.enqueue(sections.section_job(view.target.below, None))


async def open_section(callback: CallbackQuery, callback_data: ShowSection, decision: Decision, view: ChatView) -> None:
    """Show a section, in place or as a new message."""
    view.toast()
    where = view.target.below if callback_data.fresh else view.target
    section = None if callback_data.section == TOP_SECTION else callback_data.section
    await decision.enqueue(sections.section_job(where, section, callback_data.page, goods=callback_data.goods))


async def open_card(callback: CallbackQuery, callback_data: ShowCard, decision: Decision, view: ChatView) -> None:
    """Show a product below the list, however old the list is."""
    view.toast()
    await decision.enqueue(cards.card_by_id(view.target, callback_data.product, callback_data.search))


async def set_quantity(
    callback: CallbackQuery, callback_data: SetQuantity, decision: Decision, view: ChatView, master: Master
) -> None:
    """Change the quantity on the card's buttons, and with it the price where that depends on it."""
    search = await searches.load_of(decision.unit, callback_data.search, master.telegram_id)
    tapped = callback_data
    line = search.offered(tapped.product, tapped.price, tapped.currency) if search else None
    if line is None:
        answer_stale(view, master)
        return
    short = line.exceeds_stock(tapped.quantity)
    view.toast(texts.cart.no_more(line.limit or Decimal(0), line.unit) if short else None)
    shown = callback.message.reply_markup if isinstance(callback.message, Message) else None
    view.buttons(screens.card_keyboard(tapped.search, line.of(tapped.quantity), screens.rest_of(shown)))


async def show_pictures(
    callback: CallbackQuery, callback_data: ShowPictures, decision: Decision, view: ChatView
) -> None:
    """Send the other pictures of a product below its card."""
    view.toast()
    await decision.enqueue(cards.pictures_job(view.target, callback_data.product))


async def search_more(callback: CallbackQuery, view: ChatView, state: FSMContext) -> None:
    """Ask for another query; the next text is one, whatever it would have been before."""
    await state.clear()
    view.toast()
    view.say(Screen(texts.search.search_again()))


async def idle(callback: CallbackQuery, view: ChatView) -> None:
    """End the spinner of a button that only says something."""
    view.toast()
