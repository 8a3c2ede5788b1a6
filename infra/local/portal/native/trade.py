"""`catalog.*` about what goods cost and where they lie: prices, stock, stores, units, VAT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infra.local.portal.catalogue import Catalogue, Product, store_title
from infra.local.portal.catalogue.model import MEASURES, PIECE, STORE_PLACES, PriceRange, ProductType
from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.native.families import VIEW
from infra.local.portal.native.field_kinds import asked_ids
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.goods_rows import VATS
from infra.local.portal.native.listing import Listing
from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.reading import section, yes

_PRICES = Listing(
    "prices",
    kinds(ints="id productId catalogGroupId quantityFrom quantityTo extraId", floats="price", texts="currency"),
    VIEW,
)
_PRICE_TYPES = Listing("priceTypes", kinds(ints="id sort", texts="name xmlId", flags="base"), VIEW)
_STOCK = Listing("storeProducts", kinds(ints="id productId storeId", floats="amount quantityReserved"), VIEW)
_STORES = Listing(
    "stores",
    kinds(
        ints="id sort",
        floats="gpsN gpsS",
        texts="title address code phone schedule",
        flags="active issuingCenter",
    ),
    VIEW,
)
_MEASURES = Listing(
    "measures", kinds(ints="id code", texts="measureTitle symbol symbolIntl symbolLetterIntl", flags="isDefault"), VIEW
)
_RATIOS = Listing("ratios", kinds(ints="id productId", floats="ratio", flags="isDefault"), VIEW)
_VATS = Listing("vats", kinds(ints="id sort", floats="rate", texts="name", flags="active"), VIEW)

_PRICE_IDS, _WHOLESALE_IDS = 10_000, 30_000
_RANGE_IDS = 1_000_000
_STORE_IDS = 100


def _place(store: str) -> dict[str, Any]:
    """Return where a store is and when it is open; those that only hold goods have an address at most."""
    address, north, east, schedule = STORE_PLACES.get(store, (store_title(store), 0.0, 0.0, ""))
    phone = "+7 4822 00-00-00" if schedule else ""
    return {"address": address, "gpsN": north, "gpsS": east, "schedule": schedule, "phone": phone}


class TradeMethods:
    """The methods about prices, stock and units."""

    def __init__(self, options: NativeOptions, catalogue: Catalogue, ledger: Ledger) -> None:
        self._options = options
        self._catalogue = catalogue
        self._stockroom = ledger.stockroom
        self._price_lists = ledger.price_lists

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "catalog.price.list": Method(self.prices, scope="catalog"),
            "catalog.pricetype.list": Method(self.price_types, scope="catalog"),
            "catalog.storeproduct.list": Method(self.stock, scope="catalog"),
            "catalog.store.list": Method(self.stores, scope="catalog"),
            "catalog.measure.list": Method(self.measures, scope="catalog"),
            "catalog.ratio.list": Method(self.ratios, scope="catalog"),
            "catalog.vat.list": Method(self.vats, scope="catalog"),
        }

    def _sold(self, call: Call) -> list[Product]:
        """Return what has a price and a stock of its own, as far as it is asked for."""
        wanted = section(call.params, "filter")
        ids = asked_ids({key.removeprefix("@"): value for key, value in wanted.items()}, "productId")
        return [product for product in self._catalogue.all_or(ids) if product.type is not ProductType.PARENT]

    def prices(self, call: Call) -> Reply:
        """`catalog.price.list`: a base and a wholesale price of each product, or several by quantity."""
        sold = self._sold(call)
        kinds_of_price = ((_PRICE_IDS, self._price_lists.base), (_WHOLESALE_IDS, self._price_lists.wholesale))
        rows = (
            self._price(product, kind, first_id + place * _RANGE_IDS, one)
            for first_id, kind in kinds_of_price
            for product in sold
            for place, one in enumerate(self._price_lists.ranges(product, kind))
        )
        return _PRICES.under(self._options).reply(call.params, rows)

    def _price(self, product: Product, kind: int, first_id: int, one: PriceRange) -> dict[str, Any]:
        return {
            "id": first_id + int(product.id),
            "productId": int(product.id),
            "catalogGroupId": kind,
            "price": one.price,
            "currency": product.currency,
            "quantityFrom": one.least,
            "quantityTo": one.most,
            "priceScale": one.price,
            "extraId": None,
        }

    def price_types(self, call: Call) -> Reply:
        """`catalog.priceType.list`: the base price and the wholesale one."""
        rows = [
            {"id": self._price_lists.base, "name": "BASE", "base": "Y", "sort": 100, "xmlId": "BASE"},
            {"id": self._price_lists.wholesale, "name": "Оптовая", "base": "N", "sort": 200, "xmlId": "WHOLESALE"},
        ]
        return _PRICE_TYPES.under(self._options).reply(call.params, rows)

    def stock(self, call: Call) -> Reply:
        """`catalog.storeproduct.list`: what lies in each store, reserved pieces included."""
        rows = (
            (row for product in self._sold(call) for row in self._shelf(product)) if self._catalogue.inventory else ()
        )
        return _STOCK.under(self._options).reply(call.params, rows)

    def _shelf(self, product: Product) -> Iterable[dict[str, Any]]:
        for store, free in product.stock.items():
            reserved = self._stockroom.reserved(product.id, store)
            yield {
                "id": int(product.id) * _STORE_IDS + int(store),
                "productId": int(product.id),
                "storeId": int(store),
                "amount": free + reserved,
                "quantityReserved": reserved,
            }

    def stores(self, call: Call) -> Reply:
        """`catalog.store.list`."""
        rows = [
            {
                "id": int(store),
                "title": store_title(store),
                "active": "Y",
                "code": f"store-{store}",
                "sort": 100,
                "issuingCenter": yes(store in STORE_PLACES),
                **_place(store),
            }
            for store in self._catalogue.stores
        ]
        return _STORES.under(self._options).reply(call.params, rows)

    def measures(self, call: Call) -> Reply:
        """`catalog.measure.list`; a product names its unit by the id, a line of an order by the code."""
        rows = [
            {
                "id": one.id,
                "code": one.code,
                "measureTitle": one.title,
                "symbol": one.symbol,
                "symbolIntl": None,
                "symbolLetterIntl": None,
                "isDefault": yes(one is PIECE),
            }
            for one in MEASURES
        ]
        return _MEASURES.under(self._options).reply(call.params, rows)

    def ratios(self, call: Call) -> Reply:
        """`catalog.ratio.list`: the step each product is sold in."""
        rows = (
            {"id": int(product.id), "productId": int(product.id), "ratio": product.ratio, "isDefault": "Y"}
            for product in self._sold(call)
        )
        return _RATIOS.under(self._options).reply(call.params, rows)

    def vats(self, call: Call) -> Reply:
        """`catalog.vat.list`."""
        rows = [
            {"id": vat_id, "name": f"НДС {rate}%", "rate": rate, "active": "Y", "sort": 100}
            for rate, vat_id in VATS.items()
        ]
        return _VATS.under(self._options).reply(call.params, rows)
