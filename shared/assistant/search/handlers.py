"""The handlers of a search: any text is one, and its buttons turn pages and open cards."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale, home, home_keyboard
from shared.assistant.navigation import TOP_SECTION, Idle, SearchMore, ShowCard, ShowSection, ShowSimilar
from shared.assistant.orders import asking
from shared.assistant.orders.asking import AskedOrder
from shared.assistant.orders.handlers import show_asked
from shared.assistant.orders.jobs import show_job
from shared.assistant.search import accessories, cards, finding, screens, sections, similar
from shared.assistant.search.buttons import AskQuantity, SetQuantity, ShowAccessories, ShowPage, ShowPictures
from shared.assistant.spoken_commands import says
from shared.assistant.words import has_words, says_hello, says_thanks, words_of
from shared.domain import order_records, searches
from shared.domain.catalogue import ACCESSORIES as MOST_ACCESSORIES
from shared.domain.ids import clean_id
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, F, FSMContext, Message, Router, State, StatesGroup

NUMBER_COUNTS = timedelta(minutes=10)
"""How long a typed number is taken for the quantity that a card asked for."""

_NUMBER = re.compile(r"(?P<count>\d{1,3}(?:[.,]\d{1,3})?)(?:\s*(?:шт|м|кг|уп)\.?)?")


class QuantityStates(StatesGroup):
    """`asked`: the session holds the card's product and price, and `until` when a number counts as the answer."""

    asked = State()


SHORTEST = 2
"""Letters and digits of a query: one letter would find half the shop, and signs alone nothing."""


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="search")
    router.message.register(catalogue, Command("catalog", ignore_mention=True))
    router.callback_query.register(open_section, ShowSection.filter())
    router.message.register(take_quantity, QuantityStates.asked, F.text, _typed_quantity)
    router.message.register(catalogue, says("catalog"))
    router.message.register(greet, says_hello)
    router.message.register(welcome_thanks, says_thanks)
    router.message.register(show_order, has_words, asks_for_order)
    router.message.register(find, has_words)
    router.callback_query.register(turn_page, ShowPage.filter())
    router.callback_query.register(open_card, ShowCard.filter())
    router.callback_query.register(show_pictures, ShowPictures.filter())
    router.callback_query.register(show_similar, ShowSimilar.filter())
    router.callback_query.register(show_accessories, ShowAccessories.filter())
    router.callback_query.register(set_quantity, SetQuantity.filter())
    router.callback_query.register(ask_quantity, AskQuantity.filter())
    router.callback_query.register(search_more, SearchMore.filter())
    router.callback_query.register(idle, Idle.filter())
    return router


async def greet(message: Message, view: ChatView, master: Master) -> None:
    """Answer a greeting, which is no query."""
    view.say(home(master.name))


async def welcome_thanks(message: Message, view: ChatView) -> None:
    """Answer thanks, which are no query."""
    view.say(Screen(texts.search.you_are_welcome(), home_keyboard()))


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
    if sum(map(str.isalnum, query)) < SHORTEST:
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


async def ask_quantity(
    callback: CallbackQuery,
    callback_data: AskQuantity,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Show more quantities on the card, and take a typed one for a while, if nothing else is being asked."""
    search = await searches.load_of(decision.unit, callback_data.search, master.telegram_id)
    tapped = callback_data
    line = search.offered(tapped.product, tapped.price, tapped.currency) if search else None
    if line is None:
        answer_stale(view, master)
        return
    view.toast(texts.search.ask_quantity())
    shown = callback.message.reply_markup if isinstance(callback.message, Message) else None
    view.buttons(screens.keypad(tapped.search, line.of(tapped.quantity), screens.rest_of(shown)))
    if await state.get_state() in (None, QuantityStates.asked.state):
        until = (decision.now + NUMBER_COUNTS).isoformat()
        asked = {"search": tapped.search, "product": tapped.product, "price": str(tapped.price), "until": until}
        await state.set_state(QuantityStates.asked)
        await state.set_data({**asked, "currency": tapped.currency})


async def _typed_quantity(message: Message, decision: Decision, state: FSMContext) -> dict[str, Decimal] | bool:
    """Let through a number that a card may be asked for, while the question is fresh."""
    asked = await state.get_data()
    found = _NUMBER.fullmatch((message.text or "").strip())
    if found is None or decision.now >= datetime.fromisoformat(asked["until"]):
        return False
    count = Decimal(found["count"].replace(",", "."))
    return {"count": count} if 0 < count <= screens.MOST else False


async def take_quantity(
    message: Message, count: Decimal, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Show the product once more with so many, ready for the cart."""
    asked = await state.get_data()
    await state.clear()
    search = await searches.load_of(decision.unit, asked["search"], master.telegram_id)
    line = search.offered(asked["product"], Decimal(asked["price"]), asked["currency"]) if search else None
    if line is None:
        answer_stale(view, master)
        return
    view.say(screens.chosen(asked["search"], line.of(count)))


async def show_pictures(
    callback: CallbackQuery, callback_data: ShowPictures, decision: Decision, view: ChatView
) -> None:
    """Send the other pictures of a product below its card."""
    view.toast()
    await decision.enqueue(cards.pictures_job(view.target, callback_data.product))


async def show_similar(callback: CallbackQuery, callback_data: ShowSimilar, decision: Decision, view: ChatView) -> None:
    """Show goods in stock below a card of what is not."""
    view.toast()
    await decision.enqueue(similar.similar_job(view.target, callback_data.product, callback_data.section))


async def show_accessories(
    callback: CallbackQuery, callback_data: ShowAccessories, decision: Decision, view: ChatView
) -> None:
    """Show below a card what goes with its product."""
    view.toast()
    linked = [one for one in callback_data.linked.split("+") if clean_id(one)][:MOST_ACCESSORIES]
    await decision.enqueue(accessories.accessories_job(view.target, callback_data.product, linked))


async def search_more(callback: CallbackQuery, view: ChatView, state: FSMContext) -> None:
    """Ask for another query; the next text is one, whatever it would have been before."""
    await state.clear()
    view.toast()
    view.say(Screen(texts.search.search_again()))


async def idle(callback: CallbackQuery, view: ChatView) -> None:
    """End the spinner of a button that only says something."""
    view.toast()
