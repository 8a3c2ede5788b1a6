"""A text that is a list is quoted; the quote's buttons put it into the cart and search for what is not clear."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import AddList, FindLine
from shared.assistant.desk import Desk
from shared.assistant.lists import jobs, quoted, reading, screens
from shared.assistant.lists.reading import Pasted
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home
from shared.assistant.search import finding, shelf
from shared.pipeline.jobs import is_under_way
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, F, Message, Router


def router() -> Router:
    """Return the capability's handlers. They come before the search, which takes any text."""
    router = Router(name="lists")
    router.message.register(quote, F.text, ~F.text.startswith("/"), is_list)
    router.callback_query.register(add, AddList.filter())
    router.callback_query.register(find_line, FindLine.filter())
    return router


async def is_list(message: Message) -> dict[str, Pasted] | bool:
    """Let through what is a list, read."""
    pasted = reading.read(message.text or "")
    return {"pasted": pasted} if pasted else False


async def quote(message: Message, pasted: Pasted, turn: Turn, desk: Desk) -> None:
    """Find and quote everything on the list."""
    await turn.want(jobs.find_job(desk.place.below, pasted))


async def add(callback: CallbackQuery, callback_data: AddList, turn: Turn, desk: Desk, master: Master) -> None:
    """Put what was found into the cart, however often this is tapped."""
    wanted = await quoted.load(turn.unit, callback_data.list)
    if wanted is None:
        _stale(desk, master)
        return
    if not wanted.waiting:
        desk.toast(texts.lists.all_added())
        desk.buttons(screens.buttons(wanted))
        return
    desk.toast(texts.lists.adding())
    job = jobs.add_job(desk.place, master.telegram_id, wanted)
    if not await is_under_way(turn.unit, job.id):
        await turn.want(job)


async def find_line(callback: CallbackQuery, callback_data: FindLine, turn: Turn, desk: Desk, master: Master) -> None:
    """Search for a line by itself, in all the ways a search has."""
    wanted = await quoted.load(turn.unit, callback_data.list)
    if wanted is None or not 0 <= callback_data.line < len(wanted.unclear):
        _stale(desk, master)
        return
    desk.toast()
    await finding.look_for(turn, desk.place.below, shelf.new_search(wanted.unclear[callback_data.line]), 0)


def _stale(desk: Desk, master: Master) -> None:
    desk.toast(texts.trouble.stale_button())
    desk.say(home(master.name))
