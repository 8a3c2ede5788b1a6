"""The handlers of /start, /help, /cancel, and of whatever no other handler understands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.assistant import access, deep_links, texts
from shared.assistant.access import Denied
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale, home, home_keyboard
from shared.assistant.deep_links import DeepLink, LinkTarget
from shared.assistant.onboarding import own_phone, screens
from shared.assistant.orders.handlers import open_order
from shared.assistant.saved_lists import sharing
from shared.assistant.search import cards
from shared.assistant.spoken_commands import says
from shared.domain import buyers, invites, masters
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, CommandObject, CommandStart, FSMContext, Message, Router


@dataclass(frozen=True)
class Bindings:
    """What an invite may bind to beside a user of the portal.

    `contacts`: a contact of its CRM; `phones`: the one who has the phone of who comes in.
    """

    contacts: bool
    phones: bool

    def take(self, buyer_id: str) -> bool:
        """Whether an invite for this buyer is good here."""
        return buyers.is_user(buyer_id) or (self.phones if buyer_id == invites.ANYBODY else self.contacts)


async def come_in(
    token: str, telegram_id: int, name: str, secret: str | None, decision: Decision, view: ChatView, binds: Bindings
) -> None:
    """Bind the person to the buyer the invite names, or ask for his phone, or say why not.

    Runs before any router: he is a stranger.
    """
    invite = invites.read(token, secret, decision.now)
    if invite is None or not binds.take(invite.buyer_id):
        view.say(Screen(texts.onboarding.invite_bad()))
        return
    used = await decision.unit.get(invites.key(token))
    if used is not None and used["telegram_id"] != telegram_id:
        view.say(Screen(texts.onboarding.invite_taken()))
        return
    known = await masters.load(decision.unit, telegram_id)
    if access.access_of(known) is Denied.BLOCKED:
        view.say(Screen(texts.onboarding.blocked()))
        return
    if known is not None and (used is not None or invite.buyer_id == invites.ANYBODY):
        # An old link of his own (he may have come in by a newer one since, for another buyer), or one that names none.
        _reachable(known, decision)
        view.say(home(known.name))
        return
    decision.unit.put(invites.key(token), {"telegram_id": telegram_id}, ttl=invite.expires_at - decision.now)
    if invite.buyer_id == invites.ANYBODY:
        await own_phone.ask(telegram_id, name, decision, view)
        return
    buyer = invite.buyer_id
    master = known or Master(telegram_id, buyer, name, decision.now)
    replace(master, bitrix_user_id=buyer, joined_at=decision.now, reachable=True).save(decision.unit)
    view.say(screens.welcome(master.name))


def _reachable(master: Master, decision: Decision) -> None:
    """Note that he can be written to: he has just written himself."""
    if not master.reachable:
        replace(master, reachable=True).save(decision.unit)


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
