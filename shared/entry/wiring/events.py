"""The parts that handle events of the portal."""

from __future__ import annotations

from functools import cached_property

from shared.entry.setting_views import DealSettings, EventSettings
from shared.entry.wiring.queues import QueueContainer
from shared.pipeline.inbox import Inbox
from shared.store.collections import INBOX_BITRIX


class EventContainer(QueueContainer):
    """The portal's webhook."""

    @cached_property
    def event_settings(self) -> EventSettings:
        """What proves an event."""
        return self.settings.require(EventSettings)

    @cached_property
    def hears_deals(self) -> bool:
        """Whether events of deals are used."""
        return self.settings.require(DealSettings).are_heard

    @cached_property
    def bitrix_inbox(self) -> Inbox:
        """Dedup of the portal's events."""
        return Inbox(self.store, self.silent_outbox, self.now, self.backlog, collection=INBOX_BITRIX)
