"""The parts that serve permits."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from shared.entry.setting_views import BotSettings, JobSettings, LimitSettings
from shared.entry.wiring.late import late
from shared.entry.wiring.portal import PortalContainer
from shared.entry.wiring.telegram import TelegramContainer

if TYPE_CHECKING:
    from shared.pipeline.outcomes import Backend
    from shared.pipeline.queue_notice import Notifier
    from shared.pipeline.registry import JobRegistry
    from shared.pipeline.worker import Worker


class WorkerContainer(TelegramContainer, PortalContainer):
    """The function that has the portal do the masters' jobs."""

    @cached_property
    def worker(self) -> Worker:
        """What serves permits. Without a job it loads nothing but itself: many permits find that others were faster."""
        from shared.pipeline.queue_notice import QueueNotifier  # noqa: PLC0415 - part of the cold start
        from shared.pipeline.worker import Worker, WorkerLimits  # noqa: PLC0415 - the same

        # What is not configured is said now, not in the middle of somebody's job.
        self.check_portal()
        for view in (BotSettings, JobSettings):
            self.settings.require(view)
        limits = self.settings.require(LimitSettings)
        return Worker(
            self.store,
            late(self._backend),
            late(self._job_handlers),
            self.tasks,
            self.outbox,
            self.now,
            WorkerLimits(
                limits.bitrix_writes_in_flight,
                batch=lambda: self.connection.batch_size.size,
                per_second=limits.bitrix_calls_per_second,
            ),
            backlog=self.backlog,
            notifier=QueueNotifier(self.store, self.now, late(self._queue_notices)),
        )

    def _backend(self) -> Backend:
        from shared.assistant.bitrix_backend import BitrixBackend  # noqa: PLC0415 - aiogram
        from shared.telegram.downloads import download_file  # noqa: PLC0415 - the same

        return BitrixBackend(self.connection.client, self.now, partial(download_file, self.bot))

    def _queue_notices(self) -> Notifier:
        from shared.assistant.queue_notices import QueueNotices  # noqa: PLC0415 - aiogram

        return QueueNotices(self.sender)

    def _job_handlers(self) -> JobRegistry:
        from shared.assistant.job_registry import job_handlers  # noqa: PLC0415 - aiogram

        config = self.settings.require(JobSettings)
        return job_handlers(self.portal, config.telegram_operators_chat_id, self.zone, config.cash_confirmation)
