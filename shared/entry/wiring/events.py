"""The parts that handle events of the portal."""

from __future__ import annotations

from functools import cached_property

from shared.entry.setting_views import EventSettings
from shared.entry.wiring.queues import QueueContainer
from shared.pipeline.decision import CallData
from shared.pipeline.inbox import Inbox
from shared.pipeline.outbox import Attachments, DeliveryResult, Outbox
from shared.store.collections import INBOX_BITRIX


class EventContainer(QueueContainer):
    """The portal's webhook."""

    @cached_property
    def event_settings(self) -> EventSettings:
        """What proves an event."""
        return self.settings.require(EventSettings)

    @cached_property
    def bitrix_inbox(self) -> Inbox:
        """Dedup of the portal's events."""
        outbox = Outbox(self.store, self.tasks, _no_message, self.now)
        return Inbox(self.store, outbox, self.now, collection=INBOX_BITRIX)


async def _no_message(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
    """Refuse: an event only says «look again», so the function that everybody can reach has not the bot's token."""
    raise RuntimeError("an event of the portal says nothing to anybody")
