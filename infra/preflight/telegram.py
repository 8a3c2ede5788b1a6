"""The bot and its webhook, as Telegram sees them. Each check asks through the bot the functions use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from infra.preflight.result import Result, failed, passed, unknown
from infra.webhooks import UPDATES
from shared.telegram.api import (
    AiogramError,
    DetailedAiogramError,
    GetChat,
    GetChatMember,
    GetMe,
    GetWebhookInfo,
    TelegramMethod,
    TelegramType,
    TelegramUnauthorizedError,
    User,
    WebhookInfo,
)

TOKEN, ADDRESS, UPDATES_LINE = "bot token", "telegram webhook", "telegram updates"
BACKLOG, LAST_ERROR, SECRET = "telegram backlog", "telegram last error", "telegram secret"
OPERATORS = "operators' chat"
MOST_PENDING = 50
"""Updates in wait: a master sends a few a minute, so more of them means that nobody takes them."""
RECENT = timedelta(minutes=15)
"""An older error was mended since, or nobody has written since; the backlog tells which."""
_SET_AGAIN = "assistant webhooks set --url URL"


class Bot(Protocol):
    """What performs Bot API calls: aiogram's bot."""

    async def __call__(self, method: TelegramMethod[TelegramType]) -> TelegramType:
        """Return the method's result. Raises AiogramError."""
        ...


async def check_telegram(bot: Bot, url: str, operators: int | None, now: datetime) -> list[Result]:
    """Look at the bot, its webhook (which should lead to `url`, "" for anywhere) and the operators' chat."""
    try:
        me, webhook = await bot(GetMe()), await bot(GetWebhookInfo())
    except AiogramError as error:
        return [_no_bot(error)]
    checked = [
        passed(TOKEN, f"@{me.username}"),
        check_address(webhook, url),
        check_updates(webhook),
        check_backlog(webhook),
        check_last_error(webhook, now),
    ]
    return [*checked, await _check_operators(bot, me, operators)]


def _no_bot(error: AiogramError) -> Result:
    if isinstance(error, TelegramUnauthorizedError):
        return failed(TOKEN, "Telegram does not know it", "TELEGRAM_BOT_TOKEN: the token @BotFather shows for the bot")
    return failed(TOKEN, _words(error), "may this machine reach TELEGRAM_API_BASE?")


def _words(error: AiogramError) -> str:
    text = error.message if isinstance(error, DetailedAiogramError) else type(error).__name__
    return text.removeprefix("Telegram server says - ")


def check_address(webhook: WebhookInfo, url: str) -> Result:
    """Tell whether the updates go where they should."""
    wanted = _SET_AGAIN.replace("URL", url or "URL")
    if not webhook.url:
        return failed(ADDRESS, "none is set", wanted)
    if url and webhook.url.rstrip("/") != url.rstrip("/"):
        return failed(ADDRESS, f"updates go to {webhook.url}", wanted)
    if url:
        return passed(ADDRESS, webhook.url)
    return unknown(ADDRESS, f"updates go to {webhook.url}", "name the right address with --telegram-webhook URL")


def check_updates(webhook: WebhookInfo) -> Result:
    """Tell whether Telegram sends every kind of update the bot understands. Unset means the usual ones."""
    given = webhook.allowed_updates or ()
    missing = [kind for kind in UPDATES if kind not in given]
    if not missing:
        return passed(UPDATES_LINE, ", ".join(given))
    reason = f"not sent: {', '.join(missing)}" if given else "the usual ones, set by nobody"
    return failed(UPDATES_LINE, reason, _SET_AGAIN)


def check_backlog(webhook: WebhookInfo) -> Result:
    """Tell whether updates pile up."""
    waiting = f"{webhook.pending_update_count} updates wait"
    if webhook.pending_update_count > MOST_PENDING:
        return failed(BACKLOG, waiting, "nobody takes them: see the last error, and the log of telegram_update")
    return passed(BACKLOG, waiting)


def check_last_error(webhook: WebhookInfo, now: datetime) -> Result:
    """Tell whether the last delivery failed lately. A wrong secret shows as 401."""
    if webhook.last_error_date is None:
        return passed(LAST_ERROR, "none")
    ago = now - webhook.last_error_date
    reason = f"{webhook.last_error_message} ({round(ago.total_seconds() / 60)} min ago)"
    if ago > RECENT:
        return passed(LAST_ERROR, reason)
    refused = "401" in (webhook.last_error_message or "")
    fix = (
        f"the secret differs from the function's: {_SET_AGAIN}"
        if refused
        else "runbook: infra/RUNBOOK.md, «telegram-delivery»"
    )
    return failed(LAST_ERROR, reason, fix)


async def _check_operators(bot: Bot, me: User, chat_id: int | None) -> Result:
    if chat_id is None:
        return failed(
            OPERATORS,
            "none is set: nobody hears of trouble",
            "TELEGRAM_OPERATORS_CHAT_ID (infra/README.md, «Settings»)",
        )
    try:
        chat, seat = await bot(GetChat(chat_id=chat_id)), await bot(GetChatMember(chat_id=chat_id, user_id=me.id))
    except AiogramError as error:
        return failed(OPERATORS, _words(error), "add the bot to the group that TELEGRAM_OPERATORS_CHAT_ID names")
    lacks = _lacks(is_forum=bool(chat.is_forum), can_make_topics=bool(getattr(seat, "can_manage_topics", False)))
    if lacks:
        return failed(
            OPERATORS, f"«{chat.title}»: {', '.join(lacks)}", "shared/assistant/README.md, «The operators' chat»"
        )
    return passed(OPERATORS, f"«{chat.title}»")


def _lacks(*, is_forum: bool, can_make_topics: bool) -> Sequence[str]:
    wishes = {"topics are off": is_forum, "the bot may not manage topics": can_make_topics}
    return [word for word, there in wishes.items() if not there]
