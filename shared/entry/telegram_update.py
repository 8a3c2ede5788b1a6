"""A Telegram update (ARCHITECTURE §3, §8): known masters are served by the routers, strangers get one cheap reply.

What is typed after the bot's name in any chat (inline mode) is answered without the routers: it has no dialogue. Of
groups only the operators' chat is looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.assistant import deep_links, texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.dispatcher import desk_of, handle
from shared.assistant.inline import jobs as inline
from shared.assistant.inline import question as questions
from shared.assistant.inline import results
from shared.assistant.inline.question import InlineQuery
from shared.assistant.onboarding import membership
from shared.assistant.onboarding.handlers import come_in
from shared.assistant.operators import chat
from shared.assistant.operators.commands import CommandContext
from shared.domain import invites, masters
from shared.entry.http import Incoming, Rejected
from shared.entry.rate_limit import Admission
from shared.entry.wiring.updates import UpdateContainer
from shared.logs import bind
from shared.pipeline.dead_letters import keep
from shared.pipeline.decision import Decision
from shared.pipeline.tasks import QueueUnavailable
from shared.settings import Dialect, revealed
from shared.store.port import StoreError
from shared.store.unit_of_work import UnitOfWork, decide
from shared.telegram.api import AiogramError, AnswerCallbackQuery, SendMessage, Update
from shared.telegram.webhook import UpdateError, UpdateSummary, check_secret, parse_update, summarize

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name


class Stranger(Exception):  # noqa: N818 - it says who it is
    """Somebody without an invitation, or shut out: nothing is written or asked on his behalf. Its text is his reply."""


def gate(here: UpdateContainer, headers: Mapping[str, str]) -> None:
    """Let only Telegram in. Without a secret in the settings nobody is (fail closed)."""
    if not check_secret(headers.get(SECRET_HEADER), revealed(here.update_settings.telegram_webhook_secret)):
        raise Rejected(401, "unauthorized")


@dataclass(frozen=True)
class _Author:
    """Who wrote, where, and how he calls himself."""

    user_id: int
    chat_id: int
    name: str


async def receive(here: UpdateContainer, incoming: Incoming) -> None:
    """Handle one update. Returns normally for whatever was handled, ignored or buried: a 5xx would block the chat."""
    try:
        update = parse_update(incoming.body)
    except UpdateError as error:
        raise Rejected(400, "not_an_update") from error
    seen = summarize(update)
    sender = _sender(update, seen)
    with bind(update=seen.update_id):
        if sender is not None:
            await _serve_in_turn(here, update, seen, sender)
        elif (word := chat.read(update, here.update_settings.telegram_operators_chat_id)) is not None:
            await _serve_operators(here, update, seen, word)
        elif (change := membership.read(update)) is not None:
            await _notice(here, seen, change)
        elif (question := questions.read(update)) is not None:
            await _serve_inline(here, update, seen, question)
        else:
            log.info("not for us", extra={"fields": {"event": "ignored_update", "kind": seen.kind}})


def _sender(update: Mapping[str, Any], seen: UpdateSummary) -> _Author | None:
    """Return who is to be answered; None for what is no private message or tap of a person."""
    if seen.kind not in ("message", "callback_query") or seen.user_id is None or seen.chat_id is None:
        return None
    if seen.chat_type != "private":
        return None
    who = update[seen.kind].get("from")
    name = str(who.get("first_name") or "").strip() if isinstance(who, Mapping) else ""
    return _Author(int(seen.user_id), int(seen.chat_id), name or "мастер")


async def _serve_in_turn(
    here: UpdateContainer, update: Mapping[str, Any], seen: UpdateSummary, sender: _Author
) -> None:
    """Serve who keeps to the pace of people. The rest costs no read and no write."""
    pace = _pace(here, sender.user_id)
    if pace is Admission.FINE:
        await _serve(here, update, seen, sender)
    elif pace is Admission.TOO_FAST:
        await here.sender.perform(SendMessage(chat_id=sender.chat_id, text=texts.onboarding.too_often()))


def _pace(here: UpdateContainer, user_id: int) -> Admission:
    """Count an update of this person, and return what to do with it."""
    pace = here.update_limit.pace(user_id, here.now(), here.update_settings.telegram_updates_per_minute)
    if pace is Admission.TOO_FAST:
        log.warning("too fast", extra={"fields": {"event": "too_fast", "user": user_id}})
    return pace


async def _serve(here: UpdateContainer, update: Mapping[str, Any], seen: UpdateSummary, sender: _Author) -> None:
    async def make_decision(decision: Decision) -> None:
        await _decide(here, update, seen, sender, decision)

    def apology(decision: Decision) -> None:
        view = ChatView(decision, ChatTarget(sender.chat_id), seen.callback_query_id)
        view.toast()
        view.say(Screen(texts.trouble.apology()))

    try:
        await _once(here, update, seen, make_decision, apology)
    except Stranger as stranger:
        await _turn_away(here, seen, sender, str(stranger))


async def _serve_inline(
    here: UpdateContainer, update: Mapping[str, Any], seen: UpdateSummary, question: InlineQuery
) -> None:
    """Serve a master who searches from any chat; whoever else asks gets one reply, without a write."""
    pace = _pace(here, question.user_id)
    if pace is Admission.SILENCE:
        return
    refusal = texts.labels.INLINE_TOO_OFTEN if pace is Admission.TOO_FAST else await _refusal(here, question)
    if refusal is not None:
        await here.sender.perform(results.empty(question, refusal))
        return
    known = replace(question, bot=await _bot_name(here))

    async def make_decision(decision: Decision) -> None:
        await inline.look_for(decision, known)

    def apology(decision: Decision) -> None:
        inline.say(decision, results.empty(question, texts.labels.INLINE_TROUBLE))

    await _once(here, update, seen, make_decision, apology)


async def _refusal(here: UpdateContainer, question: InlineQuery) -> str | None:
    """Return why nothing is looked up; None for a master's question. A short one costs not even a read."""
    if question.is_short:
        return texts.labels.INLINE_SHORT
    master = await masters.load(UnitOfWork(here.store, here.now), question.user_id)
    if master is not None and not master.blocked:
        return None
    log.info("stranger", extra={"fields": {"event": "stranger"}})
    return texts.labels.INLINE_STRANGER if master is None else texts.labels.INLINE_BLOCKED


async def _bot_name(here: UpdateContainer) -> str:
    """Return the bot's user name, asked once per instance; "" when Telegram does not say, and results have no links."""
    try:
        return (await here.bot.me()).username or ""
    except AiogramError as error:
        log.warning("no name", extra={"fields": {"event": "bot_name_unknown", "error": type(error).__name__}})
        return ""


async def _serve_operators(
    here: UpdateContainer, update: Mapping[str, Any], seen: UpdateSummary, word: chat.OperatorMessage
) -> None:
    chooses_prices = here.update_settings.bitrix_dialect is Dialect.NATIVE
    counter = CommandContext(here.store, here.zone, chooses_prices)

    async def make_decision(decision: Decision) -> None:
        await chat.handle(word, decision, counter)

    def apology(decision: Decision) -> None:
        ChatView(decision, ChatTarget(word.chat_id)).say(Screen(texts.operators.trouble()))

    await _once(here, update, seen, make_decision, apology)


async def _notice(here: UpdateContainer, seen: UpdateSummary, change: membership.MembershipChange) -> None:
    """Remember who stopped the bot or lets it speak again. Of a stranger nothing is kept."""

    async def make_decision(unit: UnitOfWork) -> None:
        await membership.remember(change, unit)

    await decide(here.store, here.now, make_decision)
    log.info("membership", extra={"fields": {"event": "update", "kind": seen.kind, "handled": "done"}})


async def _once(
    here: UpdateContainer,
    update: Mapping[str, Any],
    seen: UpdateSummary,
    make_decision: Callable[[Decision], Awaitable[None]],
    apology: Callable[[Decision], None],
) -> None:
    """Decide once; a bug ends in an apology and a dead letter, for a 5xx would block the chat for a day."""
    event_id = f"{here.bot.id}:{seen.update_id}"

    async def bury_it(decision: Decision) -> None:
        apology(decision)
        await keep(decision.unit, f"update:{event_id}", update, bug)

    try:
        handled = await here.telegram_inbox.handle(event_id, make_decision)
    except (Stranger, StoreError, QueueUnavailable, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the letter names it
        bug = error
        handled = await here.telegram_inbox.handle(event_id, bury_it)
    log.info("update", extra={"fields": {"event": "update", "kind": seen.kind, "handled": str(handled)}})


async def _decide(
    here: UpdateContainer, update: Mapping[str, Any], seen: UpdateSummary, sender: _Author, decision: Decision
) -> None:
    """Decide about an update inside its turn."""
    view = ChatView(decision, ChatTarget(sender.chat_id), seen.callback_query_id)
    secret = revealed(here.update_settings.invite_secret)
    if seen.start_payload and invites.read(seen.start_payload, secret, decision.now) is not None:
        await come_in(seen.start_payload, sender.user_id, sender.name, secret, decision, view)
        return
    master = await masters.load(decision.unit, sender.user_id)
    if master is None:
        raise Stranger(texts.onboarding.stranger())
    if master.blocked:
        raise Stranger(texts.onboarding.blocked())
    if not master.reachable:
        master = replace(master, reachable=True)
        master.save(decision.unit)
    parsed = Update.model_validate(update, context={"bot": here.bot})
    view = desk_of(parsed, decision, sender.chat_id, master)
    await handle(here.dispatcher, here.bot, parsed, decision, view, master)


async def _turn_away(here: UpdateContainer, seen: UpdateSummary, sender: _Author, reply: str) -> None:
    """Give a stranger his one reply, without a write and without a promise that it arrives.

    A tap gets it as an alert, however often: else the button would spin.
    """
    if seen.callback_query_id is not None:
        alert = AnswerCallbackQuery(callback_query_id=seen.callback_query_id, text=reply, show_alert=True)
        await here.sender.perform(alert)
        return
    payload = seen.start_payload or ""
    # What is no link of ours was meant as an invite, so he is told of each that is no good.
    invite = payload != "" and not deep_links.is_ours(payload)
    if not here.stranger_limit.may_speak(sender.user_id, here.now()) and not invite:
        return
    log.info("stranger", extra={"fields": {"event": "stranger"}})
    text = texts.onboarding.invite_bad() if invite else reply
    await here.sender.perform(SendMessage(chat_id=sender.chat_id, text=text))
