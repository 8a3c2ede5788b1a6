"""The parts that speak to the portal: which one, in which dialect, with which credential, within which limits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.clock import Now, utc_now
from shared.entry.setting_views import (
    ContractPortalSettings,
    DialectSettings,
    LimitSettings,
    NativePortalSettings,
    PortalSettings,
)
from shared.entry.wiring.tokens import TokenContainer
from shared.log_events import LogEvent, log_event
from shared.settings import Dialect, Settings, SettingsError

if TYPE_CHECKING:
    from shared.bitrix.auth import Auth
    from shared.bitrix.client import BitrixClient, CallReport
    from shared.bitrix.contract import ContractPortal
    from shared.bitrix.limits import BatchSize, LimitedClient
    from shared.bitrix.native import NativePortal
    from shared.domain.deliveries import DeliveryService
    from shared.domain.orders import PaymentKind

log = logging.getLogger(__name__)

READ_TIMEOUT = 3.0
"""Seconds a read may take (spec §2)."""


@dataclass(frozen=True)
class PortalConnection:
    """The way to the portal: a client that keeps to the limits, and how many commands a batch may have just now."""

    client: LimitedClient
    batch_size: BatchSize


class PortalContainer(TokenContainer):
    """Functions that speak to the portal."""

    @cached_property
    def portal(self) -> ContractPortal | NativePortal:
        """The portal in the dialect of the settings. SettingsError names what the dialect lacks."""
        if self.settings.require(DialectSettings).bitrix_dialect is Dialect.CONTRACT:
            return contract_portal(self.settings)
        return native_portal(self.settings, self.now)

    def check_portal(self) -> None:
        """Raise SettingsError for what the portal lacks; loads nothing of what speaks to it."""
        self.settings.require(PortalSettings)
        if self.settings.require(DialectSettings).bitrix_dialect is Dialect.CONTRACT:
            self.settings.require(ContractPortalSettings)
        else:
            _check_properties(self.settings.require(NativePortalSettings))
        _ = self.token_manager

    @cached_property
    def auth(self) -> Auth:
        """What proves who asks: the key in the address, or the token manager's token."""
        from shared.bitrix.auth import TokenAuth, WebhookAuth  # noqa: PLC0415 - loads the client's modules

        tokens = self.token_manager
        return WebhookAuth() if tokens is None else TokenAuth(tokens.current, tokens.expired)

    @cached_property
    def client(self) -> BitrixClient:
        """The portal's HTTP client."""
        from shared.bitrix.client import BitrixClient  # noqa: PLC0415 - the same

        base = self.settings.require(PortalSettings).bitrix_base_url
        return BitrixClient(self.http, base, auth=self.auth, now=self.now, on_call=log_call)

    @cached_property
    def connection(self) -> PortalConnection:
        """The client behind its guards (spec §5): the pace of this instance, resting methods, a stopped portal."""
        from shared.bitrix.limits import BatchSize, CircuitBreaker, LimitedClient, MethodPauses, RateLimiter  # noqa: PLC0415 - the same

        batch_size = BatchSize(READ_TIMEOUT)
        guarded = LimitedClient(
            self.client,
            bucket=RateLimiter(self.settings.require(LimitSettings).bitrix_calls_per_second),
            pauses=MethodPauses(self.store, self.now),
            breaker=CircuitBreaker(self.store, self.now),
            batch_size=batch_size,
            now=self.now,
            timer=self.timer,
        )
        return PortalConnection(guarded, batch_size)


def contract_portal(settings: Settings) -> ContractPortal:
    """Return the portal in the contract's dialect."""
    from shared.bitrix.contract import ContractPortal, ContractSettings  # noqa: PLC0415 - one dialect is loaded

    config = settings.require(ContractPortalSettings)
    portal_settings = ContractSettings(
        pay_systems=_pay_systems(config),
        delivery_id=config.bitrix_delivery_id,
        services=_services(config, fetched=False),
        address_property=config.bitrix_address_property_id,
        phone_property=config.bitrix_phone_property_id,
        status_map=config.bitrix_status_map,
        quote_by_lists=config.bitrix_quote_by_lists,
        return_method=config.bitrix_return_method.value,
        currency=config.bitrix_currency,
        stores=config.bitrix_stores,
        disk_folder_id=config.bitrix_disk_folder_id,
    )
    return ContractPortal(portal_settings)


def native_portal(settings: Settings, now: Now = utc_now) -> NativePortal:
    """Return a real portal. SettingsError names what it lacks."""
    from shared.bitrix.native import NativePortal, NativeSettings  # noqa: PLC0415 - one dialect is loaded

    config = settings.require(NativePortalSettings)
    _check_properties(config)
    portal_settings = NativeSettings(
        iblock_id=str(config.bitrix_iblock_id),
        price_type_id=str(config.bitrix_price_type_id),
        person_type_id=str(config.bitrix_person_type_id),
        pay_systems=_pay_systems(config),
        delivery_id=config.bitrix_delivery_id,
        services=_services(config, fetched=True),
        address_property_id=config.bitrix_address_property_id,
        phone_property_id=config.bitrix_phone_property_id,
        eta_property_id=config.bitrix_eta_property_id,
        slot_property_id=config.bitrix_slot_property_id,
        article_property=config.bitrix_article_property,
        analogues_property=config.bitrix_analogues_property,
        accessories_property=config.bitrix_accessories_property,
        ean_property=config.bitrix_ean_property,
        offers_iblock_id=_text(config.bitrix_offers_iblock_id),
        offers_article_property=config.bitrix_offers_article_property,
        offers_ean_property=config.bitrix_offers_ean_property,
        variation_properties=tuple(filter(None, map(str.strip, config.bitrix_variation_properties.split(",")))),
        currency=config.bitrix_currency,
        stores=config.bitrix_stores,
        price_ranges=config.bitrix_price_ranges,
        inventory=config.bitrix_inventory,
        units=config.bitrix_units,
        vat_on_top=config.bitrix_vat_on_top,
        phases=config.bitrix_order_in_phases,
        external_order=config.bitrix_external_order,
        buyer_user_id=config.bitrix_buyer_user_id,
        returns_entity_type_id=_text(config.bitrix_returns_entity_type_id),
        returns_category_id=_text(config.bitrix_returns_category_id),
        returns_field_prefix=config.bitrix_returns_field_prefix,
        disk_folder_id=config.bitrix_disk_folder_id,
        status_map=config.bitrix_status_map,
        return_stage_map=config.bitrix_return_stage_map,
        deal_stage_map=config.bitrix_deal_stage_map,
    )
    return NativePortal(portal_settings, now)


def _check_properties(config: NativePortalSettings) -> None:
    """Refuse the usual values, which are the contract's names: a real portal would, when half the order is made."""
    properties = {
        "BITRIX_ADDRESS_PROPERTY_ID": config.bitrix_address_property_id,
        "BITRIX_PHONE_PROPERTY_ID": config.bitrix_phone_property_id,
    }
    wrong = [name for name, value in properties.items() if not value.isdecimal()]
    if wrong:
        texts = (f"{name}: must be the property's number with BITRIX_DIALECT=native" for name in wrong)
        raise SettingsError("; ".join(texts))


def _pay_systems(config: ContractPortalSettings) -> dict[PaymentKind, str]:
    from shared.domain.orders import PaymentKind  # noqa: PLC0415 - loads with the dialect

    return {PaymentKind.PREPAID: config.bitrix_pay_system_prepaid, PaymentKind.CASH: config.bitrix_pay_system_cod}


def _services(config: ContractPortalSettings, *, fetched: bool) -> tuple[DeliveryService, ...]:
    """Return what masters may choose from, the usual one first: a single service is no choice.

    `fetched`: the portal tells of the stores where goods are fetched; without, nothing is.
    """
    from shared.domain.deliveries import DeliveryService  # noqa: PLC0415 - the same

    told = config.bitrix_deliveries
    services = [
        DeliveryService(number, it.name, it.price, it.term, it.pickup)
        for number, it in told.items()
        if fetched or not it.pickup
    ]
    services.sort(key=lambda service: service.id != config.bitrix_delivery_id)
    return tuple(services) if len(services) > 1 else ()


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def log_call(report: CallReport) -> None:
    """Log one request to the portal, for the metrics of calls, verdicts and latency."""
    log_event(
        log,
        logging.INFO,
        LogEvent.BITRIX_CALL,
        "bitrix call",
        methods=sorted(set(report.methods)),
        # One word for metrics, which cannot count by a list.
        method=report.methods[0] if len(set(report.methods)) == 1 else "batch",
        commands=len(report.methods),
        verdict="done" if report.verdict is None else str(report.verdict),
        seconds=round(report.duration, 4),
        status=report.http_status,
    )
