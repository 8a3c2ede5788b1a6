"""What an update of Telegram leads to: masters are served by the routers, everybody else gets one cheap reply at most.

What is typed after the bot's name in any chat (inline mode) is answered without the routers: it has no dialogue. Of
groups only the operators' chat is looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from shared.assistant import access, common_screens, deep_links, sessions, texts
from shared.assistant.access import Access, Author, Denied
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.decided_once import UpdateInbox
from shared.assistant.dispatcher import chat_view_of, handle
from shared.assistant.inline import jobs as inline
from shared.assistant.inline import question as questions
from shared.assistant.inline import results
from shared.assistant.inline.question import InlineQuery
from shared.assistant.onboarding import membership, own_phone
from shared.assistant.onboarding.coming_in import Bindings, come_in
from shared.assistant.operators import chat, migration, taps
from shared.assistant.operators.commands import CommandContext
from shared.assistant.operators.taps import OperatorTap
from shared.assistant.rate_limit import Admission, StrangerLimit, UpdateLimit
from shared.clock import Now
from shared.domain import masters, own_words, searches
from shared.domain.masters import Master
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.inbox import Inbox
from shared.store.port import Key, Store
from shared.store.unit_of_work import UnitOfWork, decide
from shared.telegram.api import AiogramError, AnswerCallbackQuery, Bot, Dispatcher, SendMessage
from shared.telegram.reading import read_update
from shared.telegram.sender import Sender
from shared.telegram.webhook import UpdateSummary, summarize

log = logging.getLogger(__name__)

_REPLIES = {Denied.STRANGER: texts.onboarding.stranger, Denied.BLOCKED: texts.onboarding.blocked}
_INLINE_REPLIES = {Denied.STRANGER: texts.labels.INLINE_STRANGER, Denied.BLOCKED: texts.labels.INLINE_BLOCKED}


class TurnedAway(Exception):  # noqa: N818 - it says what became of him
    """Its author is not served: the decision is left without a write."""

    def __init__(self, why: Denied) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class UpdateRules:
    """Who is let in, and what operators may do. `per_minute`: updates of one person that an instance handles.

    `binds`: what an invite may bind to. `talks_to_crm`: what operators answer is said in the CRM too.
    """

    operators_chat_id: int | None
    invite_secret: str | None = field(repr=False)
    per_minute: int
    chooses_prices: bool
    binds: Bindings
    zone: ZoneInfo
    talks_to_crm: bool = False


@dataclass(frozen=True)
class UpdateHandler:
    """Handles updates; one per instance, whose limits hold for that instance only."""

    rules: UpdateRules
    store: Store
    inbox: Inbox
    bot: Bot
    sender: Sender
    dispatcher: Dispatcher
    now: Now
    stranger_limit: StrangerLimit = field(default_factory=StrangerLimit)
    invite_limit: StrangerLimit = field(default_factory=StrangerLimit)
    update_limit: UpdateLimit = field(default_factory=UpdateLimit)
    letter: Key | None = None
    """What is handled was buried here before; the letter goes with the commit that handles it."""

    async def replay(self, update: Mapping[str, Any], letter: Key) -> None:
        """Handle what a bug had buried. Raises what `handle` does, and the bug when it is still there."""
        await replace(self, letter=letter).handle(update)

    async def handle(self, update: Mapping[str, Any]) -> None:
        """Handle one update. Returns normally for whatever was handled, ignored or buried.

        StoreError, QueueUnavailable and TimeoutError mean that it must come again.
        """
        seen = summarize(update)
        if (author := access.private_author(update, seen)) is not None:
            await self._serve_in_turn(update, seen, author)
        elif (word := _of_operators(update, await self._operators_chat(update))) is not None:
            await self._serve_operators(update, seen, word)
        elif (went := migration.read(update, known := self.rules.operators_chat_id)) is not None and known is not None:
            await migration.remember(self.store, self.now, known, went)
        elif (change := membership.read(update)) is not None:
            await self._notice(seen, change)
        elif (question := questions.read(update)) is not None:
            await self._serve_inline(update, seen, question)
        else:
            log_event(log, logging.INFO, LogEvent.IGNORED_UPDATE, "not for us", kind=seen.kind)

    @property
    def _updates(self) -> UpdateInbox:
        return UpdateInbox(self.inbox, self.bot.id, self.letter)

    # Masters, and who would be one.

    async def _serve_in_turn(self, update: Mapping[str, Any], seen: UpdateSummary, author: Author) -> None:
        """Serve who keeps to the pace of people. The rest costs no read and no write."""
        pace = self._pace(author.user_id)
        if pace is Admission.FINE:
            await self._serve(update, seen, author)
        elif pace is Admission.TOO_FAST:
            await self._slow_down(seen, author)

    async def _slow_down(self, seen: UpdateSummary, author: Author) -> None:
        """Tell him once that it is too much. If it was a tap, its button stops spinning."""
        if seen.callback_query_id is not None:
            await self.sender.perform(AnswerCallbackQuery(callback_query_id=seen.callback_query_id))
        await self.sender.perform(SendMessage(chat_id=author.chat_id, text=texts.onboarding.too_often()))

    def _pace(self, user_id: int) -> Admission:
        """Count an update of this person, and return what to do with it."""
        pace = self.update_limit.pace(user_id, self.now(), self.rules.per_minute)
        if pace is Admission.TOO_FAST:
            log_event(log, logging.WARNING, LogEvent.TOO_FAST, "too fast", user=user_id)
        return pace

    async def _serve(self, update: Mapping[str, Any], seen: UpdateSummary, author: Author) -> None:
        async def make_decision(decision: Decision) -> None:
            await self._decide(update, seen, author, decision)

        def apology(decision: Decision) -> None:
            view = ChatView(decision, ChatTarget(author.chat_id), seen.callback_query_id)
            view.toast()
            view.say(common_screens.apology())

        try:
            beside = [masters.key(author.user_id), sessions.key(author.chat_id, author.user_id), *_looked_up(update)]
            await self._updates.decide(update, seen, make_decision, apology, passing=TurnedAway, beside=beside)
        except TurnedAway as turned_away:
            await self._turn_away(seen, author, turned_away.why)

    async def _decide(self, update: Mapping[str, Any], seen: UpdateSummary, author: Author, decision: Decision) -> None:
        """Decide about an update inside its unit of work."""
        payload, secret = seen.start_payload or "", self.rules.invite_secret
        if access.opens(payload, secret, decision.now):
            view = ChatView(decision, ChatTarget(author.chat_id), seen.callback_query_id)
            await come_in(payload, author.user_id, author.name, secret, decision, view, self.rules.binds)
            return
        allowed = await access.look_up(decision.unit, author.user_id)
        if isinstance(allowed, Denied):
            view = ChatView(decision, ChatTarget(author.chat_id), seen.callback_query_id)
            asked = allowed is Denied.STRANGER and self.rules.binds.phones
            if asked and await own_phone.serve(partial(read_update, update, self.bot), author.user_id, decision, view):
                return
            raise TurnedAway(allowed)
        master = _reachable(allowed.master, decision)
        parsed = read_update(update, self.bot)
        view = chat_view_of(parsed, decision, author.chat_id, master)
        await handle(self.dispatcher, self.bot, parsed, decision, view, master)

    async def _turn_away(self, seen: UpdateSummary, author: Author, why: Denied) -> None:
        """Give him his one reply, without a write and without a promise that it arrives.

        A tap gets it as an alert, however often: else the button would spin.
        """
        reply = _REPLIES[why]()
        if seen.callback_query_id is not None:
            alert = AnswerCallbackQuery(callback_query_id=seen.callback_query_id, text=reply, show_alert=True)
            await self.sender.perform(alert)
            return
        # What is no link of ours was meant as an invite: he is told that it is no good, whatever he was told before.
        payload = seen.start_payload or ""
        invite = payload != "" and not deep_links.is_ours(payload)
        limit = self.invite_limit if invite else self.stranger_limit
        if not limit.may_speak(author.user_id, self.now()):
            return
        log_event(log, logging.INFO, LogEvent.STRANGER, "stranger")
        text = texts.onboarding.invite_bad() if invite else reply
        await self.sender.perform(SendMessage(chat_id=author.chat_id, text=text))

    # Inline mode.

    async def _serve_inline(self, update: Mapping[str, Any], seen: UpdateSummary, question: InlineQuery) -> None:
        """Serve a master who searches from any chat; whoever else asks gets one reply, without a write."""
        pace = self._pace(question.user_id)
        if pace is Admission.SILENCE:
            return
        refusal = texts.labels.INLINE_TOO_OFTEN if pace is Admission.TOO_FAST else await self._refusal(question)
        if refusal is not None:
            await self.sender.perform(results.empty(question, refusal))
            return
        known = replace(question, bot=await self._bot_name())

        async def make_decision(decision: Decision) -> None:
            await inline.look_for(decision, known)

        def apology(decision: Decision) -> None:
            inline.say(decision, results.empty(question, texts.labels.INLINE_TROUBLE))

        await self._updates.decide(update, seen, make_decision, apology)

    async def _refusal(self, question: InlineQuery) -> str | None:
        """Return why nothing is looked up; None for a master's question. A short one costs not even a read."""
        if question.is_short:
            return texts.labels.INLINE_SHORT
        allowed: Access = await access.look_up(UnitOfWork(self.store, self.now), question.user_id)
        if not isinstance(allowed, Denied):
            return None
        log_event(log, logging.INFO, LogEvent.STRANGER, "stranger")
        return _INLINE_REPLIES[allowed]

    async def _bot_name(self) -> str:
        """Return the bot's user name, asked once; "" when Telegram does not say, and results have no links."""
        try:
            return (await self.bot.me()).username or ""
        except AiogramError as error:
            log_event(log, logging.WARNING, LogEvent.BOT_NAME_UNKNOWN, "no name", error=type(error).__name__)
            return ""

    # The others.

    async def _operators_chat(self, update: Mapping[str, Any]) -> int | None:
        return await migration.present(self.store, update, self.rules.operators_chat_id)

    async def _serve_operators(
        self, update: Mapping[str, Any], seen: UpdateSummary, word: chat.OperatorMessage | OperatorTap
    ) -> None:
        context = CommandContext(self.store, self.rules.zone, self.rules.chooses_prices)

        async def make_decision(decision: Decision) -> None:
            if isinstance(word, OperatorTap):
                await taps.handle(word, decision)
            else:
                await chat.handle(word, decision, context, talks_to_crm=self.rules.talks_to_crm)

        def apology(decision: Decision) -> None:
            view = ChatView(decision, ChatTarget(word.chat_id), seen.callback_query_id)
            view.toast()
            view.say(Screen(texts.operators.trouble()))

        await self._updates.decide(update, seen, make_decision, apology)

    async def _notice(self, seen: UpdateSummary, change: membership.MembershipChange) -> None:
        """Remember who stopped the bot or lets it speak again. Of a stranger nothing is kept.

        Who does so faster than people do costs no read: that he can be reached is learnt from his next message too.
        """
        if self._pace(change.telegram_id) is not Admission.FINE:
            return

        async def make_decision(unit: UnitOfWork) -> None:
            await membership.remember(change, unit)

        await decide(self.store, self.now, make_decision)
        log_event(log, logging.INFO, LogEvent.UPDATE, "membership", kind=seen.kind, handled="done")


def _looked_up(update: Mapping[str, Any]) -> list[Key]:
    """Return what a search for a message's words reads: most of what masters write is one."""
    message = update.get("message")
    text = message.get("text") if isinstance(message, Mapping) else None
    if not isinstance(text, str) or text.startswith("/"):
        return []
    return [searches.hints_key(searches.normalise(text)), own_words.key()]


def _of_operators(update: Mapping[str, Any], chat_id: int | None) -> chat.OperatorMessage | OperatorTap | None:
    return chat.read(update, chat_id) or taps.read(update, chat_id)


def _reachable(master: Master, decision: Decision) -> Master:
    """Return the master, who can be written to: he has just written himself."""
    if master.reachable:
        return master
    written = replace(master, reachable=True)
    written.save(decision.unit)
    return written
