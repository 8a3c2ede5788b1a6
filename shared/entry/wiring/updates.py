"""The parts that handle updates of Telegram."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.entry.rate_limit import StrangerLimit, UpdateLimit
from shared.entry.setting_views import UpdateSettings
from shared.entry.wiring.telegram import TelegramContainer
from shared.pipeline.inbox import Inbox

if TYPE_CHECKING:
    from shared.telegram.api import Dispatcher

KEPT = timedelta(hours=48)
"""How long updates are remembered: Telegram repeats for a day."""


class UpdateContainer(TelegramContainer):
    """Telegram's webhook."""

    @cached_property
    def update_settings(self) -> UpdateSettings:
        """Who is let in."""
        return self.settings.require(UpdateSettings)

    @cached_property
    def stranger_limit(self) -> StrangerLimit:
        """How often this instance answers strangers."""
        return StrangerLimit()

    @cached_property
    def update_limit(self) -> UpdateLimit:
        """How many updates of one person this instance handles."""
        return UpdateLimit()

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """aiogram's routers."""
        from shared.assistant.dispatcher import build  # noqa: PLC0415 - aiogram

        return build(self.zone, self.update_settings.telegram_operators_chat_id)

    @cached_property
    def telegram_inbox(self) -> Inbox:
        """Dedup of updates."""
        return Inbox(self.store, self.outbox, self.now, collection="inbox_telegram", kept=KEPT)
