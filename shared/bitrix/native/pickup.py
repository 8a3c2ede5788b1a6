"""The stores of a real portal where goods are fetched: where they are, when they are open, what they have.

See shared/bitrix/CORE.md, «12. Delivery».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from shared.bitrix.encoding import MOST_COMMANDS, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, need_id, text
from shared.bitrix.native.answers import rows_of
from shared.bitrix.native.price_rows import bound, rows_by_product
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.native.store_rows import STOCK_NEEDED
from shared.bitrix.paging import PAGE, paged
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import left_out, sensible
from shared.domain.deliveries import PickupPoint, StockedPoint

_STORES, _STOCK = "catalog.store.list", "catalog.storeproduct.list"
_FIELDS = ("id", "title", "address", "schedule", "gpsN", "gpsS", "issuingCenter")


def pickup_points(settings: NativeSettings, product_ids: Sequence[str]) -> Operation[Sequence[StockedPoint]]:
    """`catalog.store.list` of the active stores, `catalog.storeproduct.list` of these products if there are any."""
    stores = Command(
        _STORES, {"select": list(_FIELDS), "filter": {"active": "Y"}, "order": {"sort": "asc", "id": "asc"}}
    )
    commands = paged("stores", stores, settings.stores)
    if settings.inventory and product_ids:
        stock = {
            "select": ["id", "productId", "storeId", "amount", "quantityReserved"],
            "filter": {"@productId": [as_sent(one) for one in product_ids]},
            "order": {"id": "asc"},
        }
        room = PAGE * (MOST_COMMANDS - len(commands))
        commands |= paged("stock", Command(_STOCK, stock), min(room, len(product_ids) * settings.stores))
    return Operation(commands, partial(_read, settings, tuple(product_ids)), weight=len(commands))


def _read(
    settings: NativeSettings, product_ids: Sequence[str], answers: Mapping[str, Answer]
) -> Sequence[StockedPoint]:
    points = list(_points(answers))
    if not settings.inventory or not product_ids:
        return [StockedPoint(point) for point in points]
    found = sensible(rows_of(answers, "stock", _STOCK, "storeProducts"), _STOCK, STOCK_NEEDED)
    rows = rows_by_product(found, product_ids)
    return [StockedPoint(point, _amounts(point, rows)) for point in points]


def _amounts(point: PickupPoint, rows: Mapping[str, Sequence[Row]]) -> dict[str, Decimal]:
    here = ((product, row) for product, of_it in rows.items() for row in of_it if need_id(row, "storeId") == point.id)
    return {product: max(Decimal(0), bound(row, "amount") - bound(row, "quantityReserved")) for product, row in here}


def _points(answers: Mapping[str, Answer]) -> Iterator[PickupPoint]:
    """Return the stores that hand out orders, where the shop says so of any; else all that have an address."""
    rows = sensible(rows_of(answers, "stores", _STORES, "stores"), _STORES, {"id": lambda row: need_id(row, "id")})
    handing_out = [row for row in rows if text(row, "issuingCenter") == "Y"]
    for row in handing_out or rows:
        if address := " ".join(text(row, "address").split()):
            name = text(row, "title") or f"№ {need_id(row, 'id')}"
            yield PickupPoint(need_id(row, "id"), name, address, " ".join(text(row, "schedule").split()), _place(row))


def _place(row: Row) -> str:
    """Return where a store is on the map, "" where that makes no sense: it is only for showing."""
    try:
        north, east = bound(row, "gpsN"), bound(row, "gpsS")
    except BadAnswer:
        left_out(_STORES, "gpsN")
        return ""
    return f"{north:.5f}, {east:.5f}" if north and east else ""
