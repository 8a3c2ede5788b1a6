"""`catalog.*`: products, prices, stock, pictures (bitrix24 reference §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from infra.local.portal.catalogue import CURRENCY, STORES, Catalogue, Product
from infra.local.portal.dialect import Call, Caller, Method, Reply
from infra.local.portal.errors import RestError, missing
from infra.local.portal.native.filters import split_key
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.reading import fields_of, names_of, object_id, php_int, section
from infra.local.portal.native.stockroom import Stockroom
from infra.local.portal.options import PortalOptions
from infra.local.portal.pictures import Pictures

_PRODUCT_FIELDS = frozenset(
    {
        "id",
        "iblockId",
        "name",
        "code",
        "xmlId",
        "active",
        "available",
        "quantity",
        "quantityReserved",
        "quantityTrace",
        "canBuyZero",
        "type",
        "sort",
    }
)
_CATALOGS = Listing("catalogs", frozenset({"id", "iblockId", "name", "productIblockId", "skuPropertyId"}))
_PRICES = Listing(
    "prices", frozenset({"id", "productId", "catalogGroupId", "price", "currency", "quantityFrom", "quantityTo"})
)
_PRICE_TYPES = Listing("priceTypes", frozenset({"id", "name", "base", "sort", "xmlId"}))
_STOCK = Listing("storeProducts", frozenset({"id", "productId", "storeId", "amount", "quantityReserved"}))
_STORES = Listing("stores", frozenset({"id", "title", "active", "address", "code", "sort"}))

_PRICE_IDS = 10_000
_PICTURE_IDS = 20_000


class CatalogMethods:
    """The methods about goods."""

    def __init__(self, options: PortalOptions, catalogue: Catalogue, stockroom: Stockroom, pictures: Pictures) -> None:
        self._options = options
        self._catalogue = catalogue
        self._stockroom = stockroom
        self._pictures = pictures
        self._article = f"property{options.native.article_property}"
        self._products = Listing("products", _PRODUCT_FIELDS | {self._article})

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "catalog.catalog.list": Method(self.catalogs, scope="catalog"),
            "catalog.product.list": Method(self.products, scope="catalog"),
            "catalog.product.get": Method(self.product, scope="catalog"),
            "catalog.product.download": Method(self.download, scope="catalog", in_batch=False),
            "catalog.productimage.list": Method(self.images, scope="catalog"),
            "catalog.price.list": Method(self.prices, scope="catalog"),
            "catalog.pricetype.list": Method(self.price_types, scope="catalog"),
            "catalog.storeproduct.list": Method(self.stock, scope="catalog"),
            "catalog.store.list": Method(self.stores, scope="catalog"),
        }

    def catalogs(self, call: Call) -> Reply:
        """`catalog.catalog.list`: one catalogue without variations."""
        row = {
            "id": self._options.native.iblock_id,
            "iblockId": self._options.native.iblock_id,
            "iblockTypeId": "CRM_PRODUCT_CATALOG",
            "lid": self._options.native.site,
            "name": "Товарный каталог",
            "productIblockId": None,
            "skuPropertyId": None,
            "subscription": "N",
            "yandexExport": "N",
            "vatId": 0,
        }
        return _CATALOGS.reply(call.params, [row])

    def products(self, call: Call) -> Reply:
        """`catalog.product.list`: `select` and `filter` must hold what makes a product one of a catalogue."""
        if not {"id", "iblockId"} <= names_of(call.params, "select"):
            raise RestError(0, "Required select fields: id, iblockId")
        wanted = section(call.params, "filter")
        if not any(split_key(key)[1] == "iblockId" for key in wanted):
            raise RestError(0, "Required filter fields: iblockId")
        if any(split_key(key)[0] in ("@", "!@") for key in wanted):
            raise RestError(0, "Wrong filter operation: a list of values needs no prefix here")
        params = call.params.replacing("filter", self._known(wanted))
        return self._products.reply(params, (self._row(product, call.caller) for product in self._catalogue.all()))

    def _known(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Drop a substring of the article's property where the portal does not know how to look for one."""
        if self._options.native.property_substring:
            return dict(wanted)
        return {key: value for key, value in wanted.items() if not ("%" in key and key.endswith(self._article))}

    def product(self, call: Call) -> Reply:
        """`catalog.product.get`."""
        return Reply({"product": render(self._row(self._find(object_id(call.params)), call.caller))})

    def _find(self, product_id: int) -> Product:
        product = self._catalogue.get(str(product_id))
        if product is None:
            raise RestError(0, "product does not exist")
        return product

    def _row(self, product: Product, caller: Caller) -> dict[str, Any]:
        number = int(product.id)
        return {
            "id": number,
            "iblockId": self._options.native.iblock_id,
            "iblockSectionId": None,
            "name": product.name,
            "code": f"product-{product.id}",
            "xmlId": f"a-{product.id}",
            "active": "Y",
            "available": "Y",
            "quantity": product.available,
            "quantityReserved": sum(self._stockroom.reserved(product.id, store) for store in STORES),
            "quantityTrace": "Y",
            "canBuyZero": "Y",
            "measure": 5,
            "type": 1,
            "sort": 500,
            "weight": 0,
            "vatId": 0,
            "vatIncluded": "Y",
            "bundle": "N",
            "detailText": None,
            "previewText": None,
            "detailPicture": _picture(product, caller),
            self._article: {"value": product.article, "valueId": str(number + 8000)},
        }

    def images(self, call: Call) -> Reply:
        """`catalog.productImage.list`: the one picture of a product, if it has one."""
        if not call.params.has("productId"):
            raise missing("productId")
        product = self._find(php_int(call.params.raw("productId")))
        picture = _picture(product, call.caller)
        if picture is None:
            return Reply({"productImages": []}, total=0)
        image = {
            "id": int(picture["id"]),
            "name": f"{product.id}.jpg",
            "productId": int(product.id),
            "type": "DETAIL_PICTURE",
            "createTime": "2026-01-12T10:00:00+03:00",
            "downloadUrl": f"{call.host}{picture['urlMachine']}",
            "detailUrl": f"{call.host}/upload/{product.id}.jpg",
        }
        return Reply({"productImages": [image]}, total=1)

    def download(self, call: Call) -> Reply:
        """`catalog.product.download`: the bytes of a picture."""
        fields = fields_of(call.params)
        product = self._find(php_int(fields.raw("productId")))
        if not product.has_picture or php_int(fields.raw("fileId")) != _picture_id(product):
            raise RestError("ERROR_NOT_FOUND", "file does not exist")
        return Reply(None, content=lambda: self._pictures.get(product))

    def prices(self, call: Call) -> Reply:
        """`catalog.price.list`: one price a product."""
        rows = (
            {
                "id": _PRICE_IDS + int(product.id),
                "productId": int(product.id),
                "catalogGroupId": self._options.native.price_type_id,
                "price": product.price,
                "currency": CURRENCY,
                "quantityFrom": None,
                "quantityTo": None,
                "priceScale": product.price,
                "extraId": None,
            }
            for product in self._catalogue.all()
        )
        return _PRICES.reply(call.params, rows)

    def price_types(self, call: Call) -> Reply:
        """`catalog.priceType.list`: the base price."""
        row = {"id": self._options.native.price_type_id, "name": "BASE", "base": "Y", "sort": 100, "xmlId": "BASE"}
        return _PRICE_TYPES.reply(call.params, [row])

    def stock(self, call: Call) -> Reply:
        """`catalog.storeproduct.list`: what lies in each store, reserved pieces included."""
        return _STOCK.reply(call.params, [row for product in self._catalogue.all() for row in self._shelf(product)])

    def _shelf(self, product: Product) -> Iterable[dict[str, Any]]:
        for store, free in product.stock.items():
            reserved = self._stockroom.reserved(product.id, store)
            yield {
                "id": int(product.id) * 10 + int(store),
                "productId": int(product.id),
                "storeId": int(store),
                "amount": free + reserved,
                "quantityReserved": reserved,
            }

    def stores(self, call: Call) -> Reply:
        """`catalog.store.list`."""
        rows = [
            {"id": int(store), "title": title, "active": "Y", "address": title, "code": f"store-{store}", "sort": 100}
            for store, title in STORES.items()
        ]
        return _STORES.reply(call.params, rows)


def _picture_id(product: Product) -> int:
    return _PICTURE_IDS + int(product.id)


def _picture(product: Product, caller: Caller) -> dict[str, str] | None:
    """Return the picture as a product's field has it; the machine's address holds the caller's secret."""
    if not product.has_picture:
        return None
    fields = {"fieldName": "detailPicture", "fileId": _picture_id(product), "productId": product.id}
    query = {f"fields[{name}]": value for name, value in fields.items()}
    machine = {**query, "auth": caller.token} if caller.token else query
    method = "catalog.product.download"
    return {
        "id": str(_picture_id(product)),
        "url": f"/rest/{method}?{urlencode(query)}",
        "urlMachine": f"{caller.path}{method}?{urlencode(machine)}",
    }
