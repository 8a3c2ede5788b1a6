"""The environment variables that the functions read, in one model that each part takes its own typed view of.

Names are fixed. An empty variable counts as unset. A bad one is reported by name and never by value, because the value
may be a secret; all bad ones are reported in one message::

    SettingsError
    └── «BITRIX_BASE_URL: must end in /rest/ or /rest/<user>/<key>/; TELEGRAM_BOT_TOKEN: is required here»
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from shared.setting_checks import (
    BotToken,
    DeliveryMap,
    HostPort,
    HttpUrl,
    QueueName,
    RestUrl,
    StatusMap,
    WebhookSecret,
    Zone,
)


class SettingsError(Exception):
    """The environment is not usable; the text names each bad variable."""


class StoreKind(StrEnum):
    """Where records live."""

    FIRESTORE = "firestore"
    MEMORY = "memory"


class Dialect(StrEnum):
    """How the portal is spoken to."""

    NATIVE = "native"
    CONTRACT = "contract"


class CashConfirmation(StrEnum):
    """What a master's «Да, оплачено» leads to (issue 4, cash on delivery)."""

    OPERATORS = "operators"
    MARK_PAID = "mark_paid"


class ReturnMethod(StrEnum):
    """The spec's two ways to register a return."""

    RMA = "app.rma.add"
    RESERVES = "sale.orderreserves.add"


class BitrixAuth(StrEnum):
    """Where the portal's credential comes from."""

    WEBHOOK = "webhook"
    OAUTH = "oauth"


class TokenRefresh(StrEnum):
    """Whether the scheduled function renews the OAuth token before it ends."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class SettingsView:
    """What a part needs: its annotations are settings, required unless they have a value here.

    No dataclass: to make the code of twenty is a twentieth of a small function's start.
    """

    def __init__(self, **given: object) -> None:
        vars(self).update(given)

    @classmethod
    def names(cls) -> list[str]:
        """Return the settings' names."""
        return [name for base in reversed(cls.__mro__) for name in vars(base).get("__annotations__", {})]


View = TypeVar("View", bound=SettingsView)


class Settings(BaseModel):
    """The environment, read once per instance by `read_settings`. Field names are the variables' in lower case."""

    model_config = ConfigDict(frozen=True)

    google_cloud_project: str = Field("local", description="Google Cloud project; also the prefix of trace ids")
    firestore_database: str = Field("(default)", description="Firestore database")
    firestore_emulator_host: HostPort | None = Field(None, description="Firestore emulator, local only")
    cloud_tasks_emulator_host: HostPort | None = Field(None, description="Cloud Tasks emulator, local only")
    secret_manager_emulator_host: HostPort | None = Field(None, description="Secret Manager emulator, local only")
    bitrix_queue: QueueName | None = Field(None, description="full name of the queue of permits to call Bitrix")
    telegram_queue: QueueName | None = Field(None, description="full name of the queue of delayed Telegram messages")
    bitrix_call_url: HttpUrl | None = Field(None, description="address of the bitrix_call function")
    telegram_send_url: HttpUrl | None = Field(None, description="address of the telegram_send function")
    tasks_service_account: str | None = Field(None, description="account whose OIDC token Cloud Tasks presents")
    store: StoreKind = Field(StoreKind.FIRESTORE, description="firestore, or memory for one process")

    telegram_bot_token: BotToken | None = Field(None, description="the bot's token from @BotFather")
    telegram_webhook_secret: WebhookSecret | None = Field(
        None, description="what Telegram sends with each update; unset = no update is accepted"
    )
    telegram_api_base: HttpUrl = Field("https://api.telegram.org", description="Bot API server")
    telegram_updates_per_minute: int = Field(
        120,
        ge=10,
        le=100_000,
        description="updates of one person that an instance handles a minute; the rest is dropped",
    )
    telegram_operators_chat_id: int | None = Field(None, description="chat that is told of trouble")

    bitrix_base_url: RestUrl | None = Field(
        None, repr=False, description="portal's REST address (a secret in webhook mode)"
    )
    bitrix_auth: BitrixAuth = Field(BitrixAuth.WEBHOOK, description="webhook (key in the address) or oauth")
    bitrix_dialect: Dialect = Field(Dialect.NATIVE, description="native Bitrix24, or the spec's contract")
    bitrix_oauth_url: HttpUrl = Field(
        "https://oauth.bitrix.info/oauth/token/", description="token server; portals of some regions have another one"
    )
    bitrix_client_id: str | None = Field(None, description="OAuth application id")
    bitrix_client_secret: SecretStr | None = Field(None, description="OAuth application secret")
    bitrix_token_secret: str | None = Field(None, description="Secret Manager secret that holds the token pair")
    bitrix_token_refresh: TokenRefresh = Field(
        TokenRefresh.AUTO, description="renew the token ahead: auto (when in use), always, never (on demand only)"
    )
    bitrix_calls_per_second: float = Field(2, gt=0, le=50, description="pace of the bitrix queue (spec §5)")
    bitrix_writes_in_flight: int = Field(6, ge=1, le=50, description="slow writes under way before reads go first")
    webhook_secret: SecretStr | None = Field(None, description="HMAC key of JSON events; unset = that mode is shut")
    bitrix_application_token: SecretStr | None = Field(
        None, description="token of form-encoded events; unset = that mode is shut"
    )
    bitrix_member_id: str | None = Field(None, description="portal's member_id, checked in form-encoded events")
    bitrix_iblock_id: int | None = Field(None, description="catalogue's iblock (native)")
    bitrix_article_property: str | None = Field(None, description="property that holds the article, e.g. property105")
    bitrix_analogues_property: str | None = Field(
        None, description="property with what may stand in for a product, e.g. property115 (native)"
    )
    bitrix_accessories_property: str | None = Field(
        None, description="property with what goes with a product: bits, consumables, e.g. property135 (native)"
    )
    bitrix_ean_property: str | None = Field(
        None, description="property with the number under a product's barcode, e.g. property125 (native)"
    )
    bitrix_offers_iblock_id: int | None = Field(
        None, description="iblock of the variations; unset = goods have none (native)"
    )
    bitrix_offers_article_property: str | None = Field(None, description="variations' property that holds the article")
    bitrix_offers_ean_property: str | None = Field(
        None, description="variations' own property with the number under a barcode, e.g. property225"
    )
    bitrix_variation_properties: str | None = Field(
        None, description="properties that tell variations apart, with commas between, e.g. property210,property211"
    )
    bitrix_price_type_id: int | None = Field(None, description="price type shown to masters (native)")
    bitrix_person_type_id: int | None = Field(None, description="payer type of new orders (native)")
    bitrix_pay_system_prepaid: str = Field("1", description="pay system of orders paid by link")
    bitrix_pay_system_cod: str = Field("2", description="pay system of orders paid in cash")
    bitrix_delivery_id: str = Field("1", description="delivery service of new orders")
    bitrix_deliveries: DeliveryMap = Field(
        default_factory=dict,
        description="JSON: delivery services to choose from, by id, with name, price, term and pickup",
    )
    bitrix_address_property_id: str = Field("ADDRESS", description="order property that takes the address")
    bitrix_phone_property_id: str = Field("PHONE", description="order property that takes the phone")
    bitrix_eta_property_id: str | None = Field(None, description="order property that holds the delivery day (native)")
    bitrix_slot_property_id: str | None = Field(
        None, description="order property, a list, of the hours a master may choose for delivery (native)"
    )
    bitrix_currency: str = Field("RUB", pattern="^[A-Z]{3}$", description="currency the shop sells in")
    bitrix_stores: int = Field(10, ge=1, le=200, description="how many stores a product may lie in at most")
    bitrix_price_ranges: int = Field(
        10, ge=1, le=40, description="how many ranges of quantity a product's prices may have at most (native)"
    )
    bitrix_inventory: bool = Field(
        default=True, description="inventory management is on: stock is counted by store (native)"
    )
    bitrix_units: bool = Field(
        default=False, description="some goods are sold in other units or steps than whole pieces (native)"
    )
    bitrix_vat_on_top: bool = Field(default=False, description="some prices are without their VAT (native)")
    bitrix_quote_by_lists: bool = Field(
        default=False, description="prices and stock by lists, the spec's second way (contract)"
    )
    bitrix_order_in_phases: bool = Field(
        default=False, description="an order takes several short requests, for slow portals (native)"
    )
    bitrix_external_order: bool = Field(
        default=False, description="orders go without the portal's discounts and coupons (native)"
    )
    bitrix_buyer_user_id: str | None = Field(None, description="portal user that owns the orders (native)")
    bitrix_return_method: ReturnMethod = Field(
        ReturnMethod.RMA, description="which of the spec's two methods registers a return (contract)"
    )
    bitrix_returns_entity_type_id: int | None = Field(None, description="smart process of returns (native)")
    bitrix_returns_category_id: int | None = Field(None, description="its funnel (native)")
    bitrix_returns_field_prefix: str | None = Field(
        None, pattern=r"^ufCrm[0-9]+_?$", description="how its own fields begin, if not ufCrm<funnel> (native)"
    )
    bitrix_disk_folder_id: str | None = Field(None, description="Disk folder of the returns' photos")
    bitrix_status_map: StatusMap = Field(
        default_factory=dict, description="JSON: portal's status code → one of the ten"
    )
    bitrix_deal_stage_map: StatusMap = Field(
        default_factory=dict, description="JSON: deal stage → one of the ten, where orders make deals (native)"
    )
    bitrix_talks_in_crm: bool = Field(
        default=False, description="what is said in /support is also a comment in the CRM's timeline (native)"
    )
    bitrix_return_stage_map: StatusMap = Field(default_factory=dict, description="JSON: return stage → one of the ten")

    cash_confirmation: CashConfirmation = Field(
        CashConfirmation.OPERATORS, description="a master paid the courier: tell the operators, or mark_paid in Bitrix"
    )
    invite_secret: SecretStr | None = Field(None, description="signs invite links; unset = nobody new gets in")
    timezone: Zone = Field("Europe/Moscow", description="zone of the dates shown to masters")
    trace_export: bool = Field(default=False, description="send spans of sampled requests to Cloud Trace")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="least severity logged")

    def require(self, view: type[View]) -> View:
        """Return what a part needs.

        `SettingsError` names those of the required variables that are unset.
        """
        given = {name: value for name in view.names() if (value := getattr(self, name)) is not None}
        missing = [name for name in view.names() if name not in given and not hasattr(view, name)]
        if missing:
            raise SettingsError("; ".join(f"{name.upper()}: is required here" for name in missing))
        return view(**given)

    def secrets(self) -> tuple[str, ...]:
        """Return the secret values, so that logs can be cleaned of them."""
        values = (getattr(self, name) for name in type(self).model_fields)
        plain = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        key = self.bitrix_base_url and re.search(r"/rest/\d+/([^/]+)/$", self.bitrix_base_url)
        return tuple(secret for secret in [*plain, *([key[1]] if key else [])] if secret)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment, or raise one `SettingsError` that names every bad variable."""
    given = {name.lower(): value for name, value in environment.items() if value}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        problems = {
            str(item["loc"][0]).upper() if item["loc"] else "?": item["msg"].removeprefix("Value error, ")
            for item in error.errors()
        }
        text = "; ".join(f"{name}: {problem}" for name, problem in sorted(problems.items()))
        raise SettingsError(text) from None


def revealed(secret: SecretStr | None) -> str | None:
    """Return a secret's value; None when it is not set."""
    return None if secret is None else secret.get_secret_value()
