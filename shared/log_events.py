"""The vocabulary of the logs: every event that is counted, alerted on or looked up, and the one way to log it.

infra/RUNBOOK.md, «Log events», tells what each means and which fields it has. The metrics of `infra/terraform` count by
these names.
"""

from __future__ import annotations

import logging
from enum import StrEnum


class LogEvent(StrEnum):
    """The field `event` of an entry."""

    # Requests and functions.
    BUG = "bug"
    INFRASTRUCTURE = "infrastructure"
    MISCONFIGURED = "misconfigured"
    REJECTED = "rejected"
    TRACE_LOST = "trace_lost"
    PERMIT = "permit"
    SWEEP = "sweep"
    WEBHOOK = "webhook"

    # Updates of Telegram.
    UPDATE = "update"
    IGNORED_UPDATE = "ignored_update"
    UPDATE_PART_UNREAD = "update_part_unread"
    STRANGER = "stranger"
    TOO_FAST = "too_fast"
    BOT_NAME_UNKNOWN = "bot_name_unknown"
    TELEGRAM_WEBHOOK = "telegram_webhook"

    # Jobs and messages.
    ANSWERED = "answered"
    DEAD_LETTER = "dead_letter"
    DEAD_LETTERS = "dead_letters"
    JOB_FAILED = "job_failed"
    OPERATORS = "operators"
    LEASE_LOST = "lease_lost"
    RETRY = "retry"
    QUEUE_TOLD = "queue_told"
    QUEUE_UNTOLD = "queue_untold"
    MESSAGES_WAIT = "messages_wait"
    SETTLED_ELSEWHERE = "settled_elsewhere"

    # The portal and its limits.
    BITRIX_CALL = "bitrix_call"
    BITRIX_ERROR = "bitrix_error"
    BATCH_SIZE = "batch_size"
    METHOD_PAUSED = "method_paused"
    PACE_GUARD = "pace_guard"
    PORTAL_PROBE = "portal_probe"
    PORTAL_RESUMED = "portal_resumed"
    PORTAL_STOPPED = "portal_stopped"

    # Its tokens.
    TOKEN_DEAD = "token_dead"  # noqa: S105 - a name of an event
    TOKEN_INSTALLED = "token_installed"  # noqa: S105 - a name of an event
    TOKEN_REFRESH = "token_refresh"  # noqa: S105 - a name of an event
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a name of an event
    TOKEN_RENEWAL_FAILED = "token_renewal_failed"  # noqa: S105 - a name of an event
    TOKEN_RENEWED = "token_renewed"  # noqa: S105 - a name of an event
    TOKEN_SWEEP_FAILED = "token_sweep_failed"  # noqa: S105 - a name of an event
    TOKEN_UNSAVED = "token_unsaved"  # noqa: S105 - a name of an event

    # Orders, returns and what is told of them.
    CASH_ANSWERED = "cash_answered"
    CASH_MARKED = "cash_marked"
    CHANGES_ASKED = "changes_asked"
    FIELD_UNREAD = "field_unread"
    FOREIGN_ORDER = "foreign_order"
    FOREIGN_RETURN = "foreign_return"
    NO_REASON = "no_reason"
    RETURNS_UNLISTED = "returns_unlisted"
    TOTAL_DIFFERS = "total_differs"
    WATCHES_ASKED = "watches_asked"

    # Dialogues.
    FUNNEL = "funnel"
    SEARCH_EMPTY = "search_empty"
    INLINE_DROPPED = "inline_dropped"
    PICTURE_FORGOTTEN = "picture_forgotten"
    OPERATORS_MOVED = "operators_moved"
    OPERATORS_UNREACHED = "operators_unreached"
    SUPPORT_LOST = "support_lost"
    SUPPORT_NO_TOPICS = "support_no_topics"


def log_event(
    logger: logging.Logger,
    level: int,
    event: LogEvent,
    message: str,
    /,
    *,
    exc_info: BaseException | bool | None = None,
    **fields: object,
) -> None:
    """Log one entry with the event and these fields beside it.

    `level` is one of `logging`'s. `exc_info` adds the traceback: of this exception, or with True of the one that is
    being handled.
    """
    extra = {"fields": {"event": event.value, **fields}}
    logger.log(level, message, exc_info=exc_info, extra=extra, stacklevel=2)
