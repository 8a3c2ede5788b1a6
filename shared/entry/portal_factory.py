"""Which portal, how it is spoken to, and with which credential: made of the settings (ARCHITECTURE §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from shared.bitrix.auth import Auth, TokenAuth, WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.limits import BatchSize, CircuitBreaker, LimitedClient, MethodPauses, RateLimiter
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.secrets import SecretManagerVault, SecretVault
from shared.bitrix.tokens import OAuthServer, RefreshPolicy, TokenManager
from shared.clock import Now
from shared.domain.orders import PaymentKind
from shared.settings import BitrixAuth, Dialect, Settings, SettingsError
from shared.store.port import Store

READ_TIMEOUT = 3.0
"""Seconds a read may take (spec §2)."""


def portal(config: Settings) -> ContractPortal | NativePortal:
    """Return the portal in the dialect of the settings. SettingsError names what the dialect lacks."""
    return _contract(config) if config.bitrix_dialect is Dialect.CONTRACT else _native(config)


def _pay_systems(config: Settings) -> dict[PaymentKind, str]:
    return {PaymentKind.PREPAID: config.bitrix_pay_system_prepaid, PaymentKind.CASH: config.bitrix_pay_system_cod}


def _contract(config: Settings) -> ContractPortal:
    settings = ContractSettings(
        pay_systems=_pay_systems(config),
        delivery_id=config.bitrix_delivery_id,
        address_property=config.bitrix_address_property_id,
        phone_property=config.bitrix_phone_property_id,
        status_map=config.bitrix_status_map,
        disk_folder_id=config.bitrix_disk_folder_id or "",
    )
    return ContractPortal(settings)


def _native(config: Settings) -> NativePortal:
    config.require("BITRIX_IBLOCK_ID", "BITRIX_PRICE_TYPE_ID", "BITRIX_PERSON_TYPE_ID")
    # The usual values are the contract's names. A real portal would refuse them when half the order is made.
    named = ("BITRIX_ADDRESS_PROPERTY_ID", "BITRIX_PHONE_PROPERTY_ID")
    wrong = [name for name in named if not getattr(config, name.lower()).isdecimal()]
    if wrong:
        texts = (f"{name}: must be the property's number with BITRIX_DIALECT=native" for name in wrong)
        raise SettingsError("; ".join(texts))
    settings = NativeSettings(
        iblock_id=str(config.bitrix_iblock_id),
        price_type_id=str(config.bitrix_price_type_id),
        person_type_id=str(config.bitrix_person_type_id),
        pay_systems=_pay_systems(config),
        delivery_id=config.bitrix_delivery_id,
        address_property_id=config.bitrix_address_property_id,
        phone_property_id=config.bitrix_phone_property_id,
        eta_property_id=config.bitrix_eta_property_id or "",
        article_property=config.bitrix_article_property or "",
        buyer_user_id=config.bitrix_buyer_user_id or "",
        returns_entity_type_id=_text(config.bitrix_returns_entity_type_id),
        returns_category_id=_text(config.bitrix_returns_category_id),
        returns_field_prefix=config.bitrix_returns_field_prefix or "",
        disk_folder_id=config.bitrix_disk_folder_id or "",
        status_map=config.bitrix_status_map,
        return_stage_map=config.bitrix_return_stage_map,
    )
    return NativePortal(settings)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


@dataclass(frozen=True)
class PortalConnection:
    """The way to the portal: a client that keeps to the limits, and how many commands a batch may have just now."""

    client: LimitedClient
    batch_size: BatchSize


def line(client: BitrixClient, config: Settings, store: Store, now: Now) -> PortalConnection:
    """Put the guards before the client (spec §5): pace of this instance, resting methods, a portal that is stopped."""
    batch_size = BatchSize(READ_TIMEOUT)
    guarded = LimitedClient(
        client,
        bucket=RateLimiter(config.bitrix_calls_per_second),
        pauses=MethodPauses(store, now),
        breaker=CircuitBreaker(store, now),
        batch_size=batch_size,
        now=now,
    )
    return PortalConnection(guarded, batch_size)


def auth(config: Settings, keeper: TokenManager | None) -> Auth:
    """Return what proves who asks: the key in the address, or the keeper's token."""
    return WebhookAuth() if keeper is None else TokenAuth(keeper.current, keeper.expired)


def vault(config: Settings) -> SecretVault:
    """Return where the OAuth token pair is kept."""
    config.require("BITRIX_TOKEN_SECRET")
    secret = f"projects/{config.google_cloud_project}/secrets/{config.bitrix_token_secret}"
    return SecretManagerVault(secret, config.secret_manager_emulator_host)


def oauth_server(config: Settings, http: httpx.AsyncClient, now: Now) -> OAuthServer:
    """Return what trades refresh tokens for pairs. SettingsError names what the application lacks."""
    config.require("BITRIX_CLIENT_ID", "BITRIX_CLIENT_SECRET")
    secret = config.bitrix_client_secret.get_secret_value() if config.bitrix_client_secret else ""
    return OAuthServer(http, config.bitrix_oauth_url, config.bitrix_client_id or "", secret, now=now)


def keeper(
    config: Settings, store: Store, vault: Callable[[], SecretVault], http: httpx.AsyncClient, now: Now
) -> TokenManager | None:
    """Return what keeps the OAuth token pair; None with a webhook's key, which never expires and needs no vault."""
    if config.bitrix_auth is BitrixAuth.WEBHOOK:
        return None
    config.require("BITRIX_CLIENT_ID", "BITRIX_CLIENT_SECRET", "BITRIX_TOKEN_SECRET")
    name = config.bitrix_token_secret or ""
    server = oauth_server(config, http, now)
    return TokenManager(store, vault(), server, name, now=now, policy=RefreshPolicy(config.bitrix_token_refresh))
