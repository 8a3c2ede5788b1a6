"""The parts that send messages to Telegram."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from shared.entry.setting_views import BotSettings
from shared.entry.wiring.base import TIMEOUT
from shared.entry.wiring.queues import QueueContainer
from shared.pipeline.decision import CallData
from shared.pipeline.outbox import Outbox
from shared.pipeline.sending import Attachments, DeliveryResult

if TYPE_CHECKING:
    from shared.assistant.telegram_delivery import TelegramDelivery
    from shared.telegram.api import Bot
    from shared.telegram.sender import Sender


class TelegramContainer(QueueContainer):
    """Functions that say something."""

    @cached_property
    def bot(self) -> Bot:
        """The bot, without which no update is understood and no message sent."""
        from shared.telegram.session import make_bot  # noqa: PLC0415 - aiogram is the cold start

        config = self.settings.require(BotSettings)
        token = config.telegram_bot_token.get_secret_value()
        return make_bot(token, config.telegram_api_base, self.http, timeout=TIMEOUT)

    @cached_property
    def sender(self) -> Sender:
        """What performs Bot API calls."""
        from shared.assistant.operators import migration  # noqa: PLC0415 - aiogram
        from shared.telegram.sender import Sender  # noqa: PLC0415 - aiogram

        return Sender(self.bot, moved=partial(migration.remember, self.store, self.now))

    @cached_property
    def delivery(self) -> TelegramDelivery:
        """What brings an outbox to Telegram."""
        from shared.assistant.telegram_delivery import TelegramDelivery  # noqa: PLC0415 - aiogram

        return TelegramDelivery(self.sender, self.store, self.now)

    @cached_property
    def outbox(self) -> Outbox:
        """What settles a decision's record, where messages are sent."""
        return Outbox(self.store, self.tasks, self._deliver, self._reaches, self.now)

    async def _deliver(self, call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        """Deliver; a record without messages never comes here, and so never loads aiogram."""
        return await self.delivery(call, attachments, seconds)

    async def _reaches(self, seconds: float) -> bool:
        return await self.delivery.reaches(seconds)
