"""What managers can make of a portal as a whole: stores, stock, articles, numbers, dates, deals, delivery, fields.

The simulated portal starts as plain as it can be; each setting here is a portal that somebody has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from infra.local.portal.catalogue import Catalogue
from infra.local.portal.catalogue.model import MAX_STORES
from infra.local.portal.deliveries import Delivery
from infra.local.portal.errors import missing, out_of_range
from infra.local.portal.native.contact_book import ContactBook
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.process_items import ProcessItems
from infra.local.portal.native.reading import number
from infra.local.portal.params import Params

_LONGEST_PREFIX = 20
_DEAREST = Decimal(1_000_000)


class Setup:
    """Shows and changes the portal's settings."""

    def __init__(self, catalogue: Catalogue, ledger: Ledger, contacts: ContactBook, items: ProcessItems) -> None:
        self._catalogue = catalogue
        self._ledger = ledger
        self._contacts = contacts
        self._items = items

    def view(self) -> dict[str, Any]:
        """Return the settings as JSON."""
        return {
            "stores": len(self._catalogue.stores),
            "inventory": self._catalogue.inventory,
            "multiple_article": self._catalogue.many_articles,
            "account_prefix": self._ledger.account_prefix,
            "next_account_number": self._ledger.next_account_number,
            "site_dates": self._ledger.site_dates,
            "deals": self._ledger.deals.on,
            "two_funnels": self._ledger.deals.two_funnels,
            "delivery_price": str(self._ledger.delivery_price),
            "deliveries": self._ledger.deliveries.view(),
            "slots": list(self._ledger.slots),
            "telegram_source": self._contacts.has_telegram,
            "returns_fields": self._items.has_fields,
        }

    def change(self, params: Params) -> None:
        """Set what is given, at least one setting. Raises `RestError` 400."""
        given = {name: read(params) for name, read in _READERS.items() if params.has(name)}
        if not given:
            raise missing("stores")
        catalogue, ledger = self._catalogue, self._ledger
        catalogue.inventory = given.get("inventory", catalogue.inventory)
        catalogue.many_articles = given.get("multiple_article", catalogue.many_articles)
        ledger.account_prefix = given.get("account_prefix", ledger.account_prefix)
        ledger.next_account_number = given.get("next_account_number", ledger.next_account_number)
        ledger.site_dates = given.get("site_dates", ledger.site_dates)
        ledger.deals.on = given.get("deals", ledger.deals.on)
        ledger.deals.two_funnels = given.get("two_funnels", ledger.deals.two_funnels)
        ledger.delivery_price = given.get("delivery_price", ledger.delivery_price)
        ledger.deliveries.services = given.get("deliveries", ledger.deliveries.services)
        ledger.slots = given.get("slots", ledger.slots)
        self._contacts.has_telegram = given.get("telegram_source", self._contacts.has_telegram)
        if "returns_fields" in given:
            self._items.keep_fields(kept=given["returns_fields"])
        if "stores" in given:
            catalogue.keep_stores(given["stores"])


def _stores(params: Params) -> int:
    stores = params.whole("stores")
    if stores > MAX_STORES:
        raise out_of_range("stores", f"not over {MAX_STORES}")
    return stores


def _prefix(params: Params) -> str:
    prefix = params.text("account_prefix", blank=True)
    if len(prefix) > _LONGEST_PREFIX:
        raise out_of_range("account_prefix", f"not over {_LONGEST_PREFIX} letters")
    return prefix


def _delivery_price(params: Params) -> Decimal:
    price = number(params.raw("delivery_price"))
    if price is None or not 0 <= price <= _DEAREST:
        raise out_of_range("delivery_price", f"0 to {_DEAREST}")
    return price


def _deliveries(params: Params) -> tuple[Delivery, ...]:
    return tuple(map(_delivery, params.sections("deliveries")))


def _delivery(params: Params) -> Delivery:
    price = number(params.raw("price")) if params.has("price") else None
    if price is not None and not 0 <= price <= _DEAREST:
        raise out_of_range("price", f"0 to {_DEAREST}")
    described = params.optional_text("description")
    active = params.flag("active") if params.has("active") else True
    return Delivery(params.id("id"), params.text("name"), price, described, active)


_READERS: Mapping[str, Callable[[Params], Any]] = {
    "stores": _stores,
    "inventory": lambda params: params.flag("inventory"),
    "multiple_article": lambda params: params.flag("multiple_article"),
    "account_prefix": _prefix,
    "next_account_number": lambda params: params.whole("next_account_number"),
    "site_dates": lambda params: params.flag("site_dates"),
    "deals": lambda params: params.flag("deals"),
    "two_funnels": lambda params: params.flag("two_funnels"),
    "delivery_price": _delivery_price,
    "deliveries": _deliveries,
    "slots": lambda params: tuple(params.texts("slots")),
    "telegram_source": lambda params: params.flag("telegram_source"),
    "returns_fields": lambda params: params.flag("returns_fields"),
}
