"""/start, /help, /cancel, and whatever no other handler understands."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import links, masters, texts
from shared.assistant.desk import Desk, Screen
from shared.assistant.links import Link, Target
from shared.assistant.masters import Master
from shared.assistant.onboarding import invites, screens
from shared.assistant.orders.handlers import open_order
from shared.assistant.search import cards
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Command, CommandObject, CommandStart, FSMContext, Message, Router


async def come_in(token: str, telegram_id: int, name: str, secret: str | None, turn: Turn, desk: Desk) -> None:
    """Bind the person to the Bitrix user the invite names, or say why not. Runs before any router: he is a stranger."""
    invite = invites.read(token, secret, turn.now)
    if invite is None:
        desk.say(Screen(texts.onboarding.invite_bad()))
        return
    used = await turn.unit.get(invites.key(token))
    if used is not None and used["telegram_id"] != telegram_id:
        desk.say(Screen(texts.onboarding.invite_taken()))
        return
    known = await masters.load(turn.unit, telegram_id)
    if known is not None and known.blocked:
        desk.say(Screen(texts.onboarding.blocked()))
        return
    turn.unit.put(invites.key(token), {"telegram_id": telegram_id}, ttl=invite.expires_at - turn.now)
    buyer = invite.bitrix_user_id
    master = known or Master(telegram_id, buyer, name, turn.now)
    replace(master, bitrix_user_id=buyer, name=name, joined_at=turn.now, reachable=True).save(turn.unit)
    desk.say(screens.welcome(name))


def first_router() -> Router:
    """Return the commands that work in every state.

    A name after the command (/help@bot) is not looked at: aiogram would ask Telegram for ours, and only private chats
    come here.
    """
    router = Router(name="onboarding")

    @router.message(CommandStart(ignore_mention=True))
    async def start(
        message: Message, command: CommandObject, turn: Turn, desk: Desk, master: Master, state: FSMContext
    ) -> None:
        await state.clear()
        link = links.read(command.args or "")
        if link is None:
            desk.say(screens.home(master.name))
        else:
            await _follow(link, turn, desk, master)

    @router.message(Command("help", ignore_mention=True))
    async def show_help(message: Message, desk: Desk) -> None:
        desk.say(screens.help_screen())

    @router.message(Command("cancel", ignore_mention=True))
    async def cancel(message: Message, desk: Desk, state: FSMContext) -> None:
        busy = await state.get_state() is not None
        await state.clear()
        desk.say(
            Screen(
                texts.onboarding.canceled() if busy else texts.onboarding.nothing_to_cancel(), screens.home_keyboard()
            )
        )

    return router


async def _follow(link: Link, turn: Turn, desk: Desk, master: Master) -> None:
    """Open what a deep link leads to."""
    where = desk.place.below
    if link.target is Target.ORDER:
        await open_order(turn, desk, master, where, link.id)
        return
    await turn.want(cards.card_by_id(where, link.id))


def last_router() -> Router:
    """Return what catches the rest: nothing dead-ends."""
    router = Router(name="rest")

    @router.callback_query()
    async def stale(callback: CallbackQuery, desk: Desk, master: Master) -> None:
        desk.toast(texts.trouble.stale_button())
        desk.say(screens.home(master.name))

    @router.message()
    async def rest(message: Message, desk: Desk) -> None:
        unknown_command = message.text is not None
        desk.say(
            screens.help_screen() if unknown_command else Screen(texts.onboarding.not_text(), screens.home_keyboard())
        )

    return router
