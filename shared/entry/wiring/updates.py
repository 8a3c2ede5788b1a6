"""The parts that handle updates of Telegram. Importing them is the cold start: it loads aiogram."""

from __future__ import annotations

from functools import cached_property

from shared.assistant.onboarding.coming_in import Bindings
from shared.assistant.updates import UpdateHandler, UpdateRules
from shared.entry.setting_views import UpdateSettings
from shared.entry.wiring.late import late
from shared.entry.wiring.telegram import TelegramContainer
from shared.pipeline.inbox import Inbox
from shared.settings import Dialect, revealed
from shared.store.collections import INBOX_TELEGRAM
from shared.telegram.api import Dispatcher


class UpdateContainer(TelegramContainer):
    """Telegram's webhook."""

    @cached_property
    def update_settings(self) -> UpdateSettings:
        """Who is let in."""
        return self.settings.require(UpdateSettings)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """aiogram's routers, loaded by the first update of a master."""
        return late(self._routers)

    def _routers(self) -> Dispatcher:
        from shared.assistant import routers  # noqa: PLC0415 - all that a master can do

        config = self.update_settings
        return routers.build(
            self.zone,
            config.telegram_operators_chat_id,
            talks_to_crm=config.talks_reach_the_crm,
            offers_pickup=config.offers_pickup,
        )

    @cached_property
    def telegram_inbox(self) -> Inbox:
        """Dedup of updates."""
        return Inbox(self.store, self.outbox, self.now, self.backlog, collection=INBOX_TELEGRAM, answered=True)

    @cached_property
    def update_handler(self) -> UpdateHandler:
        """What handles updates, with this instance's rate limits."""
        config = self.update_settings
        native = config.bitrix_dialect is Dialect.NATIVE
        rules = UpdateRules(
            operators_chat_id=config.telegram_operators_chat_id,
            invite_secret=revealed(config.invite_secret),
            per_minute=config.telegram_updates_per_minute,
            chooses_prices=native,
            binds=Bindings(contacts=native, phones=native and not config.bitrix_buyer_user_id),
            zone=self.zone,
            talks_to_crm=config.talks_reach_the_crm,
        )
        return UpdateHandler(rules, self.store, self.telegram_inbox, self.bot, self.sender, self.dispatcher, self.now)
