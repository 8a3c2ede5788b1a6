"""What each part of a container requires of the settings, as typed views for `Settings.require`.

A field without a default must be set. A function reads the settings of exactly those views which its modules import, so
that a test can hold Terraform to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from shared.setting_checks import DeliverySetting
from shared.settings import BitrixAuth, CashConfirmation, Dialect, ReturnMethod, SettingsView, StoreKind, TokenRefresh
from shared.status import Status


class InstanceSettings(SettingsView):
    """What every instance reads."""

    google_cloud_project: str
    timezone: str
    log_level: str
    trace_export: bool


class StoreSettings(SettingsView):
    """Where the documents are. Google's own library reads the emulator's address, from the environment."""

    store: StoreKind
    google_cloud_project: str
    firestore_database: str


class TaskSettings(SettingsView):
    """The two queues, and whom their tasks call."""

    bitrix_queue: str
    bitrix_call_url: str
    telegram_queue: str
    telegram_send_url: str
    tasks_service_account: str | None = None
    cloud_tasks_emulator_host: str | None = None


class BotSettings(SettingsView):
    """The bot."""

    telegram_bot_token: SecretStr
    telegram_api_base: str


class UpdateSettings(SettingsView):
    """Who is let in by Telegram's webhook, and how often. Without its secret nobody is."""

    telegram_webhook_secret: SecretStr | None = None
    telegram_updates_per_minute: int
    telegram_operators_chat_id: int | None = None
    invite_secret: SecretStr | None = None
    bitrix_dialect: Dialect
    bitrix_buyer_user_id: str = ""
    bitrix_talks_in_crm: bool
    bitrix_deliveries: Mapping[str, DeliverySetting]

    @property
    def offers_pickup(self) -> bool:
        """Whether masters may fetch their orders: the contract tells of no stores, and one service is no choice."""
        told = self.bitrix_deliveries.values()
        return self.bitrix_dialect is Dialect.NATIVE and len(told) > 1 and any(one.pickup for one in told)

    @property
    def talks_reach_the_crm(self) -> bool:
        """Whether what is said to the operators is said in the CRM too: the contract has none."""
        return self.bitrix_talks_in_crm and self.bitrix_dialect is Dialect.NATIVE


class EventSettings(SettingsView):
    """How the portal's events prove where they are from. Without its secret either form is shut."""

    webhook_secret: SecretStr | None = None
    bitrix_application_token: SecretStr | None = None
    bitrix_member_id: str = ""
    bitrix_returns_entity_type_id: int | None = None


class VaultSettings(SettingsView):
    """Where the OAuth token pair is kept."""

    bitrix_token_secret: str
    google_cloud_project: str
    secret_manager_emulator_host: str | None = None


class OAuthServerSettings(SettingsView):
    """The application that trades refresh tokens."""

    bitrix_client_id: str
    bitrix_client_secret: SecretStr
    bitrix_oauth_url: str


class TokenSettings(OAuthServerSettings):
    """What keeps the OAuth token fresh."""

    bitrix_token_secret: str
    bitrix_token_refresh: TokenRefresh


class AuthSettings(SettingsView):
    """Which credential the portal wants."""

    bitrix_auth: BitrixAuth


class PortalSettings(SettingsView):
    """Where the portal is, and how it is spoken to."""

    bitrix_base_url: str


class LimitSettings(SettingsView):
    """The portal's limits."""

    bitrix_calls_per_second: float
    bitrix_writes_in_flight: int


class DialectSettings(SettingsView):
    """Which dialect the portal speaks."""

    bitrix_dialect: Dialect


class DealSettings(DialectSettings):
    """What the stages of deals mean: the contract has no deals, and without a map they mean nothing."""

    bitrix_deal_stage_map: Mapping[str, Status]

    @property
    def are_heard(self) -> bool:
        """Whether it matters that a deal is moved."""
        return self.bitrix_dialect is Dialect.NATIVE and bool(self.bitrix_deal_stage_map)


class ContractPortalSettings(SettingsView):
    """What quotes, orders and returns are made with in the contract's dialect; in the other one too."""

    bitrix_pay_system_prepaid: str
    bitrix_pay_system_cod: str
    bitrix_delivery_id: str
    bitrix_deliveries: Mapping[str, DeliverySetting]
    bitrix_address_property_id: str
    bitrix_phone_property_id: str
    bitrix_disk_folder_id: str = ""
    bitrix_status_map: Mapping[str, Status]
    bitrix_currency: str
    bitrix_stores: int
    bitrix_quote_by_lists: bool
    bitrix_return_method: ReturnMethod


class NativePortalSettings(ContractPortalSettings):
    """The ids of a real portal's reference data."""

    bitrix_iblock_id: int
    bitrix_price_type_id: int
    bitrix_person_type_id: int
    bitrix_price_ranges: int
    bitrix_inventory: bool
    bitrix_units: bool
    bitrix_vat_on_top: bool
    bitrix_order_in_phases: bool
    bitrix_external_order: bool
    bitrix_eta_property_id: str = ""
    bitrix_slot_property_id: str = ""
    bitrix_article_property: str = ""
    bitrix_analogues_property: str = ""
    bitrix_accessories_property: str = ""
    bitrix_ean_property: str = ""
    bitrix_offers_iblock_id: int | None = None
    bitrix_offers_article_property: str = ""
    bitrix_offers_ean_property: str = ""
    bitrix_variation_properties: str = ""
    bitrix_buyer_user_id: str = ""
    bitrix_returns_entity_type_id: int | None = None
    bitrix_returns_category_id: int | None = None
    bitrix_returns_field_prefix: str = ""
    bitrix_return_stage_map: Mapping[str, Status]
    bitrix_deal_stage_map: Mapping[str, Status]


class JobSettings(SettingsView):
    """What the jobs of masters are told."""

    telegram_operators_chat_id: int | None = None
    cash_confirmation: CashConfirmation
