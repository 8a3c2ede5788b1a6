"""`catalog.*`: products, prices, stock, pictures (shared/bitrix/README.md, «Goods»)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from infra.local.portal.catalogue import CURRENCY, SECTION_OF, SECTIONS, STORES, Catalogue, Product, Section, about
from infra.local.portal.dialect import Call, Caller, Method, Reply
from infra.local.portal.errors import RestError, missing
from infra.local.portal.native.families import GOODS, VIEW
from infra.local.portal.native.field_kinds import Kind
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.reading import fields_of, names_of, object_id, php_int, section, text_of, yes
from infra.local.portal.options import PortalOptions
from infra.local.portal.pictures import Pictures

_PRODUCT_FIELDS = kinds(
    ints="id iblockId iblockSectionId sort type measure vatId",
    floats="quantity quantityReserved",
    texts="name code xmlId previewText detailText",
    flags="active available quantityTrace canBuyZero vatIncluded",
)
_SECTIONS = Listing(
    "sections", kinds(ints="id iblockId iblockSectionId sort", texts="name code", flags="active"), GOODS
)
_CATALOGS = Listing("catalogs", kinds(ints="id iblockId productIblockId skuPropertyId", texts="name"), VIEW)
_PRICES = Listing(
    "prices",
    kinds(ints="id productId catalogGroupId quantityFrom quantityTo extraId", floats="price", texts="currency"),
    VIEW,
)
_PRICE_TYPES = Listing("priceTypes", kinds(ints="id sort", texts="name xmlId", flags="base"), VIEW)
_STOCK = Listing("storeProducts", kinds(ints="id productId storeId", floats="amount quantityReserved"), VIEW)
_STORES = Listing("stores", kinds(ints="id sort", texts="title address code", flags="active"), VIEW)

_PRICE_IDS, _WHOLESALE_IDS = 10_000, 30_000
_PICTURE_IDS = 20_000
_DETAIL, _MORE = "detailPicture", "propertyMorePhoto"
"""Fields that hold pictures (`catalog-product-download.md` of b24restdocs)."""


class CatalogMethods:
    """The methods about goods."""

    def __init__(self, options: PortalOptions, catalogue: Catalogue, ledger: Ledger, pictures: Pictures) -> None:
        self._options = options
        self._catalogue = catalogue
        self._stockroom = ledger.stockroom
        self._price_lists = ledger.price_lists
        self._pictures = pictures
        self._article = f"property{options.native.article_property}"
        self._products = Listing("products", {**_PRODUCT_FIELDS, self._article: Kind.PROPERTY}, GOODS).under(
            options.native
        )

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "catalog.catalog.list": Method(self.catalogs, scope="catalog"),
            "catalog.product.list": Method(self.products, scope="catalog"),
            "catalog.section.list": Method(self.sections, scope="catalog"),
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
        return _CATALOGS.under(self._options.native).reply(call.params, [row])

    def products(self, call: Call) -> Reply:
        """`catalog.product.list`: `select` and `filter` must hold what makes a product one of a catalogue."""
        if not {"id", "iblockId"} <= names_of(call.params, "select"):
            raise RestError(0, "Required select fields: id, iblockId")
        wanted = section(call.params, "filter")
        if "iblockId" not in wanted:
            raise RestError(0, "Required filter fields: iblockId")
        params = call.params.replacing("filter", self._known(wanted))
        return self._products.reply(params, (self._row(product, call.caller) for product in self._catalogue.all()))

    def _known(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Drop a substring of the article's property where the portal does not know how to look for one."""
        if self._options.native.property_substring:
            return dict(wanted)
        return {key: value for key, value in wanted.items() if not ("%" in key and key.endswith(self._article))}

    def sections(self, call: Call) -> Reply:
        """`catalog.section.list`; at the top a section has no parent, and a filter finds it by 0.

        Source: `catalog/section/catalog-section-list.md` of b24restdocs; the filter by 0 is the core's
        `CIBlockSection::GetList`.
        """
        if "iblockId" not in section(call.params, "filter"):
            raise RestError(0, "Required filter fields: iblockId")
        reply = _SECTIONS.under(self._options.native).reply(call.params, [self._section(one) for one in SECTIONS])
        for row in reply.result["sections"]:
            if row.get("iblockSectionId") == 0:
                row["iblockSectionId"] = None
        return reply

    def _section(self, one: Section) -> dict[str, Any]:
        return {
            "id": one.id,
            "iblockId": self._options.native.iblock_id,
            "iblockSectionId": one.parent,
            "name": one.name,
            "active": yes(one.active),
            "code": f"section-{one.id}",
            "sort": one.sort,
            "xmlId": str(one.id),
            "description": None,
            "descriptionType": "text",
        }

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
            "iblockSectionId": SECTION_OF[product.category],
            "name": product.name,
            "code": f"product-{product.id}",
            "xmlId": f"a-{product.id}",
            "active": "Y",
            "available": "Y",
            "quantity": product.available,
            "quantityReserved": sum(self._stockroom.reserved(product.id, store) for store in STORES),
            "quantityTrace": "Y",
            "canBuyZero": yes(product.on_order),
            "measure": 5,
            "type": 1,
            "sort": 500,
            "weight": 0,
            "vatId": 0,
            "vatIncluded": "Y",
            "bundle": "N",
            "detailText": about(product),
            "detailTextType": "html",
            "previewText": None,
            "previewTextType": "text",
            "detailPicture": _picture(product, caller),
            self._article: {"value": product.article, "valueId": str(number + 8000)},
        }

    def images(self, call: Call) -> Reply:
        """`catalog.productImage.list`: the pictures of a product, if it has any, the first one first."""
        if not call.params.has("productId"):
            raise missing("productId")
        product = self._find(php_int(call.params.raw("productId")))
        wanted = names_of(call.params, "select")
        images = [self._image(product, number, call) for number in _pictures_of(product)]
        shown = [{name: row[name] for name in row if not wanted or name in wanted} for row in images]
        return Reply({"productImages": shown}, total=len(shown))

    def _image(self, product: Product, number: int, call: Call) -> dict[str, Any]:
        picture = _picture(product, call.caller, number) or {}
        return {
            "id": int(picture["id"]),
            "name": f"{product.id}-{number}.jpg",
            "productId": int(product.id),
            "type": "MORE_PHOTO" if number else "DETAIL_PICTURE",
            "createTime": "2026-01-12T10:00:00+03:00",
            "downloadUrl": f"{call.host}{picture['urlMachine']}",
            "detailUrl": f"/upload/{product.id}.jpg",
        }

    def download(self, call: Call) -> Reply:
        """`catalog.product.download`: the bytes of a picture."""
        fields = fields_of(call.params)
        product = self._find(php_int(fields.raw("productId")))
        name, file_id = text_of(fields, "fieldName"), php_int(fields.raw("fileId"))
        if name not in (_DETAIL, _MORE):
            raise RestError(0, "Name file field is not available")
        known = {_picture_id(product, number): number for number in _pictures_of(product)}
        number = known.get(file_id)
        if number is None or (number == 0) is not (name == _DETAIL):
            raise RestError(0, "Product file wrong")
        return Reply(None, content=lambda: self._pictures.get(product, number))

    def prices(self, call: Call) -> Reply:
        """`catalog.price.list`: a base and a wholesale price of each product."""
        kinds = (self._price_lists.base, self._price_lists.wholesale)
        return _PRICES.under(self._options.native).reply(
            call.params,
            (
                self._price(product, kind, first_id)
                for first_id, kind in zip((_PRICE_IDS, _WHOLESALE_IDS), kinds, strict=True)
                for product in self._catalogue.all()
            ),
        )

    def _price(self, product: Product, kind: int, first_id: int) -> dict[str, Any]:
        price = self._price_lists.price(product, kind)
        return {
            "id": first_id + int(product.id),
            "productId": int(product.id),
            "catalogGroupId": kind,
            "price": price,
            "currency": CURRENCY,
            "quantityFrom": None,
            "quantityTo": None,
            "priceScale": price,
            "extraId": None,
        }

    def price_types(self, call: Call) -> Reply:
        """`catalog.priceType.list`: the base price and the wholesale one."""
        rows = [
            {"id": self._price_lists.base, "name": "BASE", "base": "Y", "sort": 100, "xmlId": "BASE"},
            {"id": self._price_lists.wholesale, "name": "Оптовая", "base": "N", "sort": 200, "xmlId": "WHOLESALE"},
        ]
        return _PRICE_TYPES.under(self._options.native).reply(call.params, rows)

    def stock(self, call: Call) -> Reply:
        """`catalog.storeproduct.list`: what lies in each store, reserved pieces included."""
        return _STOCK.under(self._options.native).reply(
            call.params, [row for product in self._catalogue.all() for row in self._shelf(product)]
        )

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
        return _STORES.under(self._options.native).reply(call.params, rows)


def _pictures_of(product: Product) -> range:
    """Return the numbers of a product's pictures; 0 is the first."""
    return range(product.more_pictures + 1 if product.has_picture else 0)


def _picture_id(product: Product, number: int = 0) -> int:
    return _PICTURE_IDS * (number + 1) + int(product.id)


def _picture(product: Product, caller: Caller, number: int = 0) -> dict[str, str] | None:
    """Return a picture as a product's field has it; the machine's address holds the caller's secret."""
    if not product.has_picture:
        return None
    file_id = _picture_id(product, number)
    url, machine = _addresses(_MORE if number else _DETAIL, file_id, product.id, caller.path, caller.token)
    return {"id": str(file_id), "url": url, "urlMachine": machine}


# Every list goes through all products, whatever it is asked for.
@lru_cache(maxsize=10_000)
def _addresses(name: str, file_id: int, product_id: str, path: str, token: str) -> tuple[str, str]:
    fields = {"fieldName": name, "fileId": file_id, "productId": product_id}
    query = {f"fields[{name}]": value for name, value in fields.items()}
    machine = {**query, "auth": token} if token else query
    method = "catalog.product.download"
    return f"/rest/{method}?{urlencode(query)}", f"{path}{method}?{urlencode(machine)}"
