"""The one place where parts are wired together: one set per instance, each made when first needed.

Lazily, because gRPC channels made at import break when the server forks (gcp reference §1), and because a function must
not import what it does not use: whatever is heavy is imported by the property that makes it.
"""

from __future__ import annotations

import logging
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import httpx

from shared import logs
from shared.clock import Now, utc_now
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import CallData
from shared.pipeline.inbox import Inbox
from shared.pipeline.outbox import Attachments, DeliveryResult, Outbox
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.tasks import CloudTasks
from shared.settings import Settings, StoreKind, settings
from shared.store.collections import INBOX_BITRIX, INBOX_TELEGRAM
from shared.store.memory import MemoryStore
from shared.store.port import Store

if TYPE_CHECKING:
    from shared.assistant.telegram_delivery import TelegramDelivery
    from shared.bitrix.client import BitrixClient, CallReport
    from shared.bitrix.portal import Portal
    from shared.bitrix.secrets import SecretVault
    from shared.bitrix.tokens import TokenManager
    from shared.pipeline.worker import Worker
    from shared.telegram.api import Bot, Dispatcher
    from shared.telegram.sender import Sender

log = logging.getLogger(__name__)

"""How long events are remembered: Telegram repeats for a day, the spec asks for 5 and 10 min (ARCHITECTURE §3)."""

TELEGRAM_TIMEOUT = 10.0
"""Seconds a Bot API call may take; a slower one is sent again later."""


class Container:
    """Everything one instance needs, by name."""

    def __init__(self, settings: Settings, now: Now = utc_now) -> None:
        self.settings = settings
        self.now = now
        self.zone = ZoneInfo(settings.timezone)
        logs.configure(settings.log_level, settings.secrets())

    @cached_property
    def http(self) -> httpx.AsyncClient:
        """The one connection pool, for Bitrix and Telegram alike."""
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        return httpx.AsyncClient(limits=limits, timeout=TELEGRAM_TIMEOUT)

    @cached_property
    def store(self) -> Store:
        """The document store."""
        if self.settings.store is StoreKind.MEMORY:
            return MemoryStore(self.now)
        from shared.store.firestore import connect  # noqa: PLC0415 - 0.2 s that the memory store does not need

        return connect(self.settings.google_cloud_project, self.settings.firestore_database, self.now)

    @cached_property
    def queue(self) -> CloudTasks:
        """The Cloud Tasks client."""
        return CloudTasks(self.settings.cloud_tasks_emulator_host)

    @cached_property
    def tasks(self) -> TaskScheduler:
        """The two kinds of tasks."""
        self.settings.require("BITRIX_QUEUE", "BITRIX_CALL_URL", "TELEGRAM_QUEUE", "TELEGRAM_SEND_URL")
        config = self.settings
        return TaskScheduler(
            self.queue,
            bitrix=(config.bitrix_queue or "", config.bitrix_call_url or ""),
            telegram=(config.telegram_queue or "", config.telegram_send_url or ""),
            service_account=config.tasks_service_account,
        )

    @cached_property
    def bot(self) -> Bot:
        """The bot, without which no update is understood and no message sent."""
        from shared.telegram.session import make_bot  # noqa: PLC0415 - aiogram is the cold start

        self.settings.require("TELEGRAM_BOT_TOKEN")
        token = self.settings.telegram_bot_token
        base = self.settings.telegram_api_base
        return make_bot(token.get_secret_value() if token else "", base, self.http, timeout=TELEGRAM_TIMEOUT)

    @cached_property
    def sender(self) -> Sender:
        """What performs Bot API calls."""
        from shared.telegram.sender import Sender  # noqa: PLC0415 - aiogram

        return Sender(self.bot)

    @cached_property
    def delivery(self) -> TelegramDelivery:
        """What brings an outbox to Telegram."""
        from shared.assistant.telegram_delivery import TelegramDelivery  # noqa: PLC0415 - aiogram

        return TelegramDelivery(self.sender, self.store, self.now)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """aiogram's routers."""
        from shared.assistant.dispatcher import build  # noqa: PLC0415 - aiogram

        return build(self.zone, self.settings.telegram_operators_chat_id)

    @cached_property
    def outbox(self) -> Outbox:
        """What settles a turn's record, where messages are sent."""
        return Outbox(self.store, self.tasks, self._deliver, self.now)

    async def _deliver(self, call: CallData, attachments: Attachments) -> DeliveryResult:
        """Deliver; a record without messages never comes here, and so never loads aiogram."""
        return await self.delivery(call, attachments)

    @cached_property
    def telegram_inbox(self) -> Inbox:
        """Dedup of updates."""
        return Inbox(self.store, self.outbox, self.now, collection=INBOX_TELEGRAM)

    @cached_property
    def bitrix_inbox(self) -> Inbox:
        """Dedup of the portal's events."""
        return Inbox(self.store, self.outbox, self.now, collection=INBOX_BITRIX)

    @cached_property
    def portal(self) -> Portal:
        """The portal's dialect."""
        from shared.entry import portal_factory  # noqa: PLC0415 - only the worker speaks to the portal

        return portal_factory.portal(self.settings)

    @cached_property
    def keeper(self) -> TokenManager | None:
        """What keeps the OAuth token; None with a webhook's key."""
        from shared.entry import portal_factory  # noqa: PLC0415 - only the worker and the refresh need a token

        return portal_factory.keeper(self.settings, self.store, lambda: self.vault, self.http, self.now)

    @cached_property
    def vault(self) -> SecretVault:
        """Where the OAuth token is kept."""
        from shared.entry import portal_factory  # noqa: PLC0415 - the same

        return portal_factory.vault(self.settings)

    @cached_property
    def client(self) -> BitrixClient:
        """The portal's HTTP client."""
        from shared.bitrix.client import BitrixClient  # noqa: PLC0415 - only the worker speaks to the portal
        from shared.entry import portal_factory  # noqa: PLC0415 - the same

        self.settings.require("BITRIX_BASE_URL")
        base = self.settings.bitrix_base_url or ""
        auth = portal_factory.auth(self.settings, self.keeper)
        return BitrixClient(self.http, base, auth=auth, now=self.now, on_call=_log_call)

    @cached_property
    def worker(self) -> Worker:
        """What serves permits."""
        from shared.assistant.bitrix_backend import BitrixBackend  # noqa: PLC0415 - only the worker speaks to the portal
        from shared.assistant.job_registry import job_handlers  # noqa: PLC0415 - aiogram
        from shared.assistant.queue_notices import QueueNotices  # noqa: PLC0415 - the same
        from shared.entry import portal_factory  # noqa: PLC0415 - the same
        from shared.pipeline.queue_notice import QueueNotifier  # noqa: PLC0415 - the same
        from shared.pipeline.worker import Worker, WorkerLimits  # noqa: PLC0415 - the same
        from shared.telegram.downloads import download_file  # noqa: PLC0415 - aiogram

        line = portal_factory.line(self.client, self.settings, self.store, self.now)
        return Worker(
            self.store,
            BitrixBackend(line.client, self.now, partial(download_file, self.bot)),
            job_handlers(
                self.portal,
                self.settings.telegram_operators_chat_id,
                self.zone,
                self.settings.cash_confirmation,
            ),
            self.tasks,
            self.outbox,
            self.now,
            WorkerLimits(
                self.settings.bitrix_writes_in_flight,
                batch=lambda: line.batch_size.size,
                per_second=self.settings.bitrix_calls_per_second,
            ),
            notifier=QueueNotifier(self.store, self.now, QueueNotices(self.sender)),
        )

    async def close(self) -> None:
        """Let go of what was opened. Only the sandbox and tests do: an instance of a function just ends."""
        opened = vars(self)
        if opened.get("keeper") is not None:
            # A renewal under way still needs everything else.
            await opened["keeper"].close()
        for name in ("http", "vault", "store", "queue"):
            if name in opened:
                await (opened[name].aclose() if name == "http" else opened[name].close())


def _log_call(report: CallReport) -> None:
    """Log one request to the portal, for the metrics of calls, verdicts and latency."""
    log_event(
        log,
        logging.INFO,
        LogEvent.BITRIX_CALL,
        "bitrix call",
        methods=sorted(set(report.methods)),
        # One word for metrics, which cannot count by a list.
        method=report.methods[0] if len(set(report.methods)) == 1 else "batch",
        commands=len(report.methods),
        verdict="done" if report.verdict is None else str(report.verdict),
        seconds=round(report.duration, 4),
        status=report.http_status,
    )


@lru_cache(maxsize=1)
def container() -> Container:
    """Return this instance's parts."""
    # Until the settings are known to be good: what is wrong with them is an alert like any other.
    logs.configure("INFO")
    return Container(settings())
