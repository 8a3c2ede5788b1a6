"""The handler of a result chosen in the dialogue with the bot: it comes as the master's message, sent via the bot."""

from __future__ import annotations

from shared.assistant import deep_links
from shared.assistant.chat_view import ChatView
from shared.assistant.common_screens import home
from shared.assistant.deep_links import LinkTarget
from shared.assistant.search import cards
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import Bot, F, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="inline")
    router.message.register(open_chosen, F.via_bot, _sent_via_us)
    return router


async def _sent_via_us(message: Message, bot: Bot) -> bool:
    return message.via_bot is not None and message.via_bot.id == bot.id


async def open_chosen(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Show the card of the chosen product: its words are no search, and in no state an answer to a question."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    link = next((found for row in rows for one in row if one.url and (found := deep_links.behind(one.url))), None)
    if link is None or link.target is not LinkTarget.PRODUCT:
        view.say(home(master.name))
        return
    await decision.enqueue(cards.card_by_id(view.target.below, link.id))
