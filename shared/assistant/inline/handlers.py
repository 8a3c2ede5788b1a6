"""A result chosen in the dialogue with the bot itself: it comes as the master's message, sent via the bot."""

from __future__ import annotations

from shared.assistant import links
from shared.assistant.desk import Desk
from shared.assistant.links import Target
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home
from shared.assistant.search import cards
from shared.pipeline.turn import Turn
from shared.telegram.api import Bot, F, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="inline")
    router.message.register(open_chosen, F.via_bot, _sent_via_us)
    return router


async def _sent_via_us(message: Message, bot: Bot) -> bool:
    return message.via_bot is not None and message.via_bot.id == bot.id


async def open_chosen(message: Message, turn: Turn, desk: Desk, master: Master) -> None:
    """Show the card of the chosen product: its words are no search, and in no state an answer to a question."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    link = next((found for row in rows for one in row if one.url and (found := links.behind(one.url))), None)
    if link is None or link.target is not Target.PRODUCT:
        desk.say(home(master.name))
        return
    await turn.want(cards.card_by_id(desk.place.below, link.id))
