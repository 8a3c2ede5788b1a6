"""The parts that put tasks into the queues."""

from __future__ import annotations

from functools import cached_property

from shared.entry.setting_views import TaskSettings
from shared.entry.wiring.base import BaseContainer
from shared.pipeline.backlog import Backlog
from shared.pipeline.cloud_tasks import CloudTasks
from shared.pipeline.decision import CallData
from shared.pipeline.outbox import Outbox
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.pipeline.tasks import TaskQueue


class QueueContainer(BaseContainer):
    """Functions that want work done later."""

    @cached_property
    def queue(self) -> TaskQueue:
        """The Cloud Tasks client."""
        return CloudTasks(self.settings.require(TaskSettings).cloud_tasks_emulator_host)

    @cached_property
    def backlog(self) -> Backlog:
        """What is known of the permits that wait."""
        return Backlog(self.store, self.now)

    @cached_property
    def silent_outbox(self) -> Outbox:
        """What brings records to rest, or hands them on, in a function that says nothing itself."""
        return Outbox(self.store, self.tasks, _no_message, _no_question, self.now)

    @cached_property
    def tasks(self) -> TaskScheduler:
        """The two kinds of tasks."""
        config = self.settings.require(TaskSettings)
        return TaskScheduler(
            self.queue,
            self.backlog,
            bitrix=(config.bitrix_queue, config.bitrix_call_url),
            telegram=(config.telegram_queue, config.telegram_send_url),
            service_account=config.tasks_service_account,
        )


async def _no_message(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
    """Refuse: a function that everybody can reach, or that only sweeps, says nothing to anybody."""
    raise RuntimeError("this function says nothing to anybody")


async def _no_question(seconds: float) -> bool:
    """Refuse, for the same reason."""
    raise RuntimeError("this function asks nobody anything")
