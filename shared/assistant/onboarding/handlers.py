"""The handlers of /start, /help, /cancel, and of whatever no other handler understands."""

from __future__ import annotations

from shared.assistant import deep_links, texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale, home, home_keyboard
from shared.assistant.deep_links import DeepLink, LinkTarget
from shared.assistant.onboarding import screens
from shared.assistant.orders.handlers import open_order
from shared.assistant.saved_lists import sharing
from shared.assistant.search import cards
from shared.assistant.spoken_commands import says
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, CommandObject, CommandStart, FSMContext, Message, Router


def first_router() -> Router:
    """Return the commands that work in every state.

    A name after the command (/help@bot) is not looked at: aiogram would ask Telegram for ours, and only private chats
    come here.
    """
    router = Router(name="onboarding")

    @router.message(CommandStart(ignore_mention=True))
    async def start(
        message: Message, command: CommandObject, decision: Decision, view: ChatView, master: Master, state: FSMContext
    ) -> None:
        await state.clear()
        link = deep_links.read(command.args or "")
        if link is None:
            view.say(home(master.name))
        else:
            await _follow(link, decision, view, master)

    router.message.register(show_help, Command("help", ignore_mention=True))
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="onboarding by word")
    router.message.register(show_help, says("help"))
    return router


async def show_help(message: Message, view: ChatView) -> None:
    """Tell what the bot can do."""
    view.say(screens.help_screen())


async def _follow(link: DeepLink, decision: Decision, view: ChatView, master: Master) -> None:
    """Open what a deep link leads to."""
    where = view.target.below
    if link.target is LinkTarget.ORDER:
        await open_order(decision, view, master, where, link.id)
        return
    if link.target is LinkTarget.LIST:
        await sharing.take(decision, view, master, link.id)
    elif link.id.isdecimal():
        await decision.enqueue(cards.card_by_id(where, link.id))
    else:
        # A product has a number at every portal: what else somebody typed is not worth a request.
        view.say(cards.unknown())


def last_router() -> Router:
    """Return what catches the rest: nothing dead-ends."""
    router = Router(name="rest")

    @router.message(Command("cancel", ignore_mention=True))
    async def cancel(message: Message, view: ChatView, state: FSMContext) -> None:
        # Each capability ends what it asked for itself; nobody asks for anything here.
        await state.clear()
        view.say(Screen(texts.onboarding.nothing_to_cancel(), home_keyboard()))

    @router.callback_query()
    async def stale(callback: CallbackQuery, view: ChatView, master: Master) -> None:
        answer_stale(view, master)

    @router.message()
    async def rest(message: Message, view: ChatView) -> None:
        unknown_command = message.text is not None
        view.say(screens.help_screen() if unknown_command else Screen(texts.onboarding.not_text(), home_keyboard()))

    return router
