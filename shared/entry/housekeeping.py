"""The entrance of the scheduled sweep: permits for what a crash left, looks at what is due, old photos. Private.

Every few minutes it also tells the log how Telegram's webhook stands and how many dead letters lie about.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from shared.assistant.notifications.scheduling import DEALS, ORDERS
from shared.assistant.returns.media import want_deleted
from shared.assistant.returns.scheduling import look_at_open
from shared.assistant.search.scheduling import want_digest
from shared.assistant.watching.scheduling import MOST_LOOKS, look_again
from shared.entry.http import Incoming
from shared.entry.setting_views import BotSettings, DealSettings
from shared.entry.wiring.queues import QueueContainer
from shared.log_events import LogEvent, log_event
from shared.pipeline import dead_letters
from shared.pipeline.decision import Decision
from shared.pipeline.select import is_answered, permits_for
from shared.store.collections import INBOX_TELEGRAM, JOBS, MEDIA, RETURNS, WATCHES
from shared.store.port import Record
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)
"""A job this late has lost its permit: a worker died with its lease, or the queue was out of reach."""

MOST = 100
"""Records looked at per sweep; the next sweep goes on."""

MOST_RETURNS = 50
"""Open returns looked at per sweep: as many commands as one request of the portal's carries."""

MOST_PHOTOS = 20
"""Photos per sweep: deleting takes the pace that masters wait for."""


REPORT_EVERY = 5
"""Minutes between two looks at what only people can mend."""

TELEGRAM_SECONDS = 5.0
"""Telegram's answer is waited for no longer: the sweep is done by then, and the next look is soon."""


async def receive(here: QueueContainer, incoming: Incoming) -> None:
    """Have what a crash left go on, then want what is due by the clock alone."""
    await sweep(here)
    await _duties(here)
    await _delete_old_photos(here)
    await _look_at_watches(here)
    if here.now().minute % REPORT_EVERY == 0:
        await _report_letters(here)
        await _report_webhook(here)


async def sweep(here: QueueContainer) -> None:
    """Create permits for the overdue jobs, as many as they need, and have forgotten messages go on."""
    await here.backlog.look()
    now = here.now()
    overdue = await here.store.due(JOBS.name, now - OVERDUE, MOST)
    await here.tasks.permit([now] * permits_for(overdue))
    for record in [*filter(is_answered, overdue), *await here.store.due(INBOX_TELEGRAM.name, now - OVERDUE, MOST)]:
        await here.silent_outbox.hand_over(record)
    oldest = max(((now - record.due_at).total_seconds() for record in overdue if record.due_at), default=0.0)
    log_event(log, logging.INFO, LogEvent.SWEEP, "sweep", overdue=len(overdue), oldest_seconds=round(oldest, 1))


async def _duties(here: QueueContainer) -> None:
    """Want the jobs nobody's message or event asks for. A permit lost here is found by a later sweep."""
    open_returns = await here.store.due(RETURNS.name, here.now(), MOST_RETURNS)
    schedules = (ORDERS, DEALS) if here.settings.require(DealSettings).are_heard else (ORDERS,)

    async def make_decision(unit: UnitOfWork) -> Decision:
        decision = Decision(unit)
        for schedule in schedules:
            await schedule.ask(decision)
        await want_digest(decision)
        await look_at_open([record.key.id for record in open_returns], decision)
        return decision

    decision, _ = await decide(here.store, here.now, make_decision)
    await here.tasks.permit(decision.permits)


async def _delete_old_photos(here: QueueContainer) -> None:
    """Want the deletion of every photo whose time is over (spec §5)."""
    for record in await here.store.due(MEDIA.name, here.now(), MOST_PHOTOS):

        async def make_decision(unit: UnitOfWork, record: Record = record) -> list[datetime]:
            decision = Decision(unit)
            await want_deleted(decision, record.key.id, record.expires_at)
            return decision.permits

        permits, _ = await decide(here.store, here.now, make_decision)
        await here.tasks.permit(permits)


async def _look_at_watches(here: QueueContainer) -> None:
    """Want a look at what each of the masters whose turn it is watches."""
    for record in await here.store.due(WATCHES.name, here.now(), MOST_LOOKS):

        async def make_decision(unit: UnitOfWork, record: Record = record) -> list[datetime]:
            decision = Decision(unit)
            await look_again(decision, int(record.key.id))
            return decision.permits

        permits, _ = await decide(here.store, here.now, make_decision)
        await here.tasks.permit(permits)


async def _report_letters(here: QueueContainer) -> None:
    """Tell how many events a bug has left for people."""
    kept = await dead_letters.count(here.store, here.now())
    log_event(log, logging.INFO, LogEvent.DEAD_LETTERS, "dead letters", kept=kept)


async def _report_webhook(here: QueueContainer) -> None:
    """Tell how updates get here: what never arrives leaves no trace in our own log."""
    from shared.telegram.health import WebhookState, ask_health  # noqa: PLC0415 - httpx, which most sweeps do not need

    bot = here.settings.require(BotSettings)
    token = bot.telegram_bot_token.get_secret_value()
    health = await ask_health(here.http, bot.telegram_api_base, token, here.now(), TELEGRAM_SECONDS)
    level = logging.INFO if health.state is WebhookState.FINE else logging.WARNING
    state, pending = str(health.state), health.pending
    log_event(
        log, level, LogEvent.TELEGRAM_WEBHOOK, "telegram webhook", state=state, pending=pending, error=health.error
    )
