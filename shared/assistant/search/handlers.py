"""A text is a search; its buttons turn pages and open cards."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import Idle, SearchMore, SetQuantity, ShowCard, ShowPage, ShowPictures, ShowSection
from shared.assistant.desk import Desk, Screen
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home
from shared.assistant.search import cards, finding, screens, sections, shelf
from shared.assistant.search.section_screens import TOP
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Command, F, FSMContext, Message, Router

SHORTEST = 2
"""Letters of a query: one letter would find half the shop."""


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="search")
    router.message.register(catalogue, Command("catalog", ignore_mention=True))
    router.callback_query.register(open_section, ShowSection.filter())
    router.message.register(find, F.text, ~F.text.startswith("/"))
    router.callback_query.register(turn_page, ShowPage.filter())
    router.callback_query.register(open_card, ShowCard.filter())
    router.callback_query.register(show_pictures, ShowPictures.filter())
    router.callback_query.register(set_quantity, SetQuantity.filter())
    router.callback_query.register(search_more, SearchMore.filter())
    router.callback_query.register(idle, Idle.filter())
    return router


async def find(message: Message, turn: Turn, desk: Desk) -> None:
    """Search for the text."""
    query = shelf.normalise(message.text or "")
    if len(query) < SHORTEST:
        desk.say(Screen(texts.search.too_short()))
        return
    await finding.look_for(turn, desk.place.below, shelf.new_search(query), 0)


async def turn_page(callback: CallbackQuery, callback_data: ShowPage, turn: Turn, desk: Desk, master: Master) -> None:
    """Show another page in the same message."""
    search = await shelf.load_search(turn.unit, callback_data.search)
    if search is None or not search.query:  # a card may have begun the record anew, without the query
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return
    desk.toast()
    page = min(max(callback_data.page, 0), screens.pages_of(search.total) - 1)
    await finding.look_for(turn, desk.place, search, page)


async def catalogue(message: Message, turn: Turn, desk: Desk) -> None:
    """Show the top of the catalogue."""
    await turn.want(sections.section_job(desk.place.below, None))


async def open_section(callback: CallbackQuery, callback_data: ShowSection, turn: Turn, desk: Desk) -> None:
    """Show a section, in place or as a new message."""
    desk.toast()
    where = desk.place.below if callback_data.fresh else desk.place
    section = None if callback_data.section == TOP else callback_data.section
    await turn.want(sections.section_job(where, section, callback_data.page, goods=callback_data.goods))


async def open_card(callback: CallbackQuery, callback_data: ShowCard, turn: Turn, desk: Desk) -> None:
    """Show a product below the list, however old the list is."""
    desk.toast()
    await turn.want(cards.card_by_id(desk.place, callback_data.product, callback_data.search))


async def set_quantity(callback: CallbackQuery, callback_data: SetQuantity, desk: Desk) -> None:
    """Change the number on the card's buttons."""
    desk.toast()
    shown = callback.message.reply_markup if isinstance(callback.message, Message) else None
    desk.buttons(screens.card_keyboard(callback_data, screens.rest_of(shown)))


async def show_pictures(callback: CallbackQuery, callback_data: ShowPictures, turn: Turn, desk: Desk) -> None:
    """Send the other pictures of a product below its card."""
    desk.toast()
    await turn.want(cards.pictures_job(desk.place, callback_data.product))


async def search_more(callback: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """Ask for another query; the next text is one, whatever it would have been before."""
    await state.clear()
    desk.toast()
    desk.say(Screen(texts.search.search_again()))


async def idle(callback: CallbackQuery, desk: Desk) -> None:
    """End the spinner of a button that only says something."""
    desk.toast()
