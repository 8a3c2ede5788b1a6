"""What a real portal's managers have made of the shop, counted in a few requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

from infra.preflight.asking import Reader
from infra.preflight.lists import Entries, listed, read_named
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativePortal, NativeSettings, survey
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.survey import GoodsProperty, NewestOrder, PropertyPage
from shared.bitrix.portal import Operation
from shared.domain.orders import OrderPage

T = TypeVar("T")
Told: TypeAlias = T | BitrixError
"""What was asked for, or why the portal did not tell."""
Asking = Callable[..., Operation[PropertyPage]]
"""Asks for the page of properties that begins at `start`."""


@dataclass(frozen=True)
class Survey:
    """The counts. `offers_block` is the information block of the catalogue's variations, "" when there is none.

    `variations`, `offers_properties`, `changed` and `deal` are None where there is nothing to ask about: no such block,
    no order.
    """

    offers_block: str
    measures: Told[Sequence[Entry]]
    stores: Told[int]
    currencies: Told[Sequence[Entry]]
    in_stores: Told[int]
    in_steps: Told[int]
    by_quantity: Told[int]
    properties: Told[Sequence[GoodsProperty]]
    newest: Told[NewestOrder | None]
    discounted_lines: Told[int]
    in_stock: Told[int]
    vat_on_top: Told[int]
    in_units: Told[int]
    in_other_currency: Told[int]
    variations: Told[int] | None = None
    offers_properties: Told[Sequence[GoodsProperty]] | None = None
    changed: Told[OrderPage] | None = None
    deal: Told[bool] | None = None

    @property
    def currency(self) -> str:
        """The portal's own currency, "" when it does not say."""
        return next((it.id for it in _known(self.currencies) if it.kind == "Y"), "")

    @property
    def has_units(self) -> bool:
        """Whether something is sold in other units or steps than whole pieces."""
        return any(isinstance(count, int) and count > 0 for count in (self.in_units, self.in_steps))

    @property
    def is_uncounted(self) -> bool:
        """Whether stock seems not to be counted by store: there is some, and none of it in stores."""
        return self.in_stores == 0 and isinstance(self.in_stock, int) and self.in_stock > 0


def offers_block(catalogues: Entries, iblock_id: str) -> str:
    """Return the information block that holds the variations of this one, "" when there is none."""
    return next((it.id for it in listed(catalogues) if iblock_id and it.kind == iblock_id), "")


async def take_survey(reader: Reader, settings: NativeSettings, offers: str) -> Survey:
    """Count everything. What depends on an answer is asked in a second round."""
    first = await read_named(reader, _first_round(settings))
    first["properties"] = await _whole(reader, first["properties"], _properties_of_goods(settings))
    second = await read_named(reader, _second_round(settings, offers, first))
    if offers:
        asking = partial(survey.properties_of_goods, offers)
        second["offers_properties"] = await _whole(reader, second["offers_properties"], asking)
    return Survey(offers_block=offers, **{"in_units": 0} | first | second)


def _first_round(settings: NativeSettings) -> dict[str, Operation[Any]]:
    return {
        "measures": survey.measures(),
        "stores": survey.stores(),
        "currencies": survey.currencies(),
        "in_stores": survey.in_stores(),
        "in_steps": survey.in_steps(),
        "by_quantity": survey.by_quantity(settings.price_type_id),
        "properties": _properties_of_goods(settings)(),
        "newest": survey.newest_order(settings.buyer_user_id),
        "discounted_lines": survey.discounted_lines(),
    }


def _properties_of_goods(settings: NativeSettings) -> Asking:
    """Ask for the property of articles, or for all to choose it from."""
    article = settings.article_property.removeprefix("property")
    return partial(survey.properties_of_goods, settings.iblock_id, article)


async def _whole(reader: Reader, page: Told[PropertyPage], asking: Asking) -> Told[Sequence[GoodsProperty]]:
    """Return the properties of this page and of those behind it."""
    found: list[GoodsProperty] = []
    start = 0
    while not isinstance(page, BitrixError):
        found += page.properties
        if page.next is None or page.next <= start:
            return found
        start = page.next
        (page,) = await reader.read([asking(start=start)])
    return page


def _second_round(settings: NativeSettings, offers: str, first: Mapping[str, Any]) -> dict[str, Operation[Any]]:
    """Return what hangs on the units, the currency, the block of variations and the newest order there are."""
    block = settings.iblock_id
    asked: dict[str, Operation[Any]] = {
        "in_stock": survey.in_stock(block),
        "vat_on_top": survey.vat_on_top(block),
        "in_other_currency": survey.in_other_currency(settings.price_type_id, settings.currency),
    }
    if units := _other_units(first["measures"]):
        asked["in_units"] = survey.in_units(block, [it.id for it in units])
    if offers:
        asked["variations"] = survey.variations(offers)
        asked["offers_properties"] = survey.properties_of_goods(offers)
    newest = first["newest"]
    if isinstance(newest, NewestOrder):
        asked["changed"] = NativePortal(settings).orders_changed_since(newest.changed)
        asked["deal"] = survey.has_deal(newest.id)
    return asked


def _other_units(measures: Told[Sequence[Entry]]) -> Sequence[Entry]:
    return [it for it in _known(measures) if it.kind != "Y"]


def _known(entries: Told[Sequence[Entry]]) -> Sequence[Entry]:
    return () if isinstance(entries, BitrixError) else entries
