"""What goods cost by a real portal's price lists: a row per product, kind of price and range of quantities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, need_amount, need_currency, need_id, number
from shared.bitrix.native.answers import rows_of
from shared.bitrix.paging import paged
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import Reader, left_out, sensible
from shared.domain.offers import PriceRange

METHOD = "catalog.price.list"
_FIELDS = ("id", "productId", "catalogGroupId", "price", "currency", "quantityFrom", "quantityTo")
_KOPECK = Decimal("0.01")


@dataclass(frozen=True)
class PriceTag:
    """What a product costs, and in which currency: the ranges of quantities, the least first, at least one."""

    ranges: Sequence[PriceRange]
    currency: str

    def with_vat(self, rate: Decimal) -> PriceTag:
        """Return the prices with so many per cent on top, rounded as the portal does in an order."""
        ranges = [
            PriceRange(one.first, one.last, (one.price * (1 + rate / 100)).quantize(_KOPECK, ROUND_HALF_UP))
            for one in self.ranges
        ]
        return PriceTag(ranges, self.currency)


def price_lists(product_ids: Sequence[str], price_type: str, ranges: int) -> dict[str, Command]:
    """Ask for the prices of this kind, in as many pages as so many ranges a product may fill.

    The first ranges come first: should there be more rows than pages, it is the prices of large quantities that lack.
    """
    only = {"@productId": [as_sent(one) for one in product_ids], "catalogGroupId": as_sent(price_type)}
    params = {"select": list(_FIELDS), "filter": only, "order": {"quantityFrom": "asc", "id": "asc"}}
    return paged("prices", Command(METHOD, params), len(product_ids) * ranges)


def price_tags(answers: Mapping[str, Answer], product_ids: Sequence[str], price_type: str) -> dict[str, PriceTag]:
    """Return what each product costs. `BadAnswer` when the portal dropped the filter."""
    found = sensible(rows_of(answers, "prices", METHOD, "prices"), METHOD, _NEEDED)
    by_product = rows_by_product(found, product_ids)
    if any(need_id(row, "catalogGroupId") != price_type for row in found):
        raise BadAnswer("catalogGroupId is another kind of price: the portal dropped the filter")
    return {product_id: _price_tag(rows) for product_id, rows in by_product.items()}


def rows_by_product(found: Iterable[Row], product_ids: Sequence[str]) -> dict[str, list[Row]]:
    """Sort rows by their products. `BadAnswer` for one that nobody asked for."""
    by_product: dict[str, list[Row]] = {}
    for row in found:
        product_id = need_id(row, "productId")
        if product_id not in product_ids:
            raise BadAnswer("productId is another product's: the portal dropped the filter")
        by_product.setdefault(product_id, []).append(row)
    return by_product


def _price_tag(found: Sequence[Row]) -> PriceTag:
    """Return the prices of one product. Ranges in another currency than the first one's are no prices of it."""
    rows = sorted(found, key=lambda row: bound(row, "quantityFrom"))
    currency = need_currency(rows[0], "currency")
    alike = [row for row in rows if need_currency(row, "currency") == currency]
    if len(alike) < len(rows):
        left_out(METHOD, "currency")
    return PriceTag([_range(row) for row in alike], currency)


def _range(row: Row) -> PriceRange:
    return PriceRange(bound(row, "quantityFrom"), bound(row, "quantityTo") or None, price_of(row))


def bound(row: Row, name: str) -> Decimal:
    """Return a number that is 0 when it is not there, as the portal writes 0."""
    value = find(row, name)
    return Decimal(0) if value in (None, "") else number(value, name)


def price_of(row: Row) -> Decimal:
    """Return the price; 0, «on request», comes as null."""
    return Decimal(0) if find(row, "price") in (None, "") else need_amount(row, "price")


def _last(row: Row) -> None:
    first, last = bound(row, "quantityFrom"), bound(row, "quantityTo")
    if last and last < first:
        raise BadAnswer("quantityTo is less than quantityFrom")


_NEEDED: Mapping[str, Reader] = {
    "productId": lambda row: need_id(row, "productId"),
    "catalogGroupId": lambda row: need_id(row, "catalogGroupId"),
    "price": price_of,
    "currency": lambda row: need_currency(row, "currency"),
    "quantityFrom": lambda row: bound(row, "quantityFrom"),
    "quantityTo": _last,
}
"""What a row is nothing without."""
