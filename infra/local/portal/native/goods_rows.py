"""How goods look over REST: products in their information block, variations in another."""

from __future__ import annotations

from typing import Any

from infra.local.portal.catalogue import Catalogue, Product, about, section_of
from infra.local.portal.catalogue.model import ProductType
from infra.local.portal.dialect import Caller
from infra.local.portal.native.field_kinds import Kind, Row
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.goods_pictures import picture_field
from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.reading import yes
from infra.local.portal.native.stockroom import Stockroom

VATS = {20: 1, 10: 2, 0: 3}
"""The portal's rates of VAT in per cent, and their ids."""

_PRODUCT_FIELDS = kinds(
    ints="id iblockId iblockSectionId sort type measure vatId",
    floats="quantity quantityReserved",
    texts="name code xmlId previewText detailText",
    flags="active available quantityTrace canBuyZero vatIncluded",
    moments="dateActiveFrom dateActiveTo",
)
_VALUE_IDS = 8000


class GoodsRows:
    """Writes the rows of both information blocks."""

    def __init__(self, options: NativeOptions, catalogue: Catalogue, stockroom: Stockroom) -> None:
        self._options = options
        self._catalogue = catalogue
        self._stockroom = stockroom

    def article_field(self, *, offers: bool) -> str:
        """Return the name of the article's property: each block has its own."""
        return f"property{self._options.offers_article_property if offers else self._options.article_property}"

    def fields(self, *, offers: bool) -> dict[str, Kind]:
        """Return the fields of a block's list."""
        kind = Kind.PROPERTIES if self._catalogue.many_articles else Kind.PROPERTY
        parent = {"parentId": Kind.PROPERTY} if offers else {}
        return {**_PRODUCT_FIELDS, self.article_field(offers=offers): kind, **parent}

    def row(self, product: Product) -> dict[str, Any]:
        """Return a product without its picture, whose addresses belong to the caller (`with_picture`)."""
        number, offer = int(product.id), product.type is ProductType.OFFER
        return {
            "id": number,
            "iblockId": self._options.offers_iblock_id if offer else self._options.iblock_id,
            "iblockSectionId": section_of(product) or None,
            "name": product.name,
            "code": f"product-{product.id}",
            "xmlId": f"a-{product.id}",
            "active": yes(product.active),
            "dateActiveFrom": product.active_from,
            "dateActiveTo": product.active_to,
            "available": yes(product.on_order or product.available > 0),
            "quantity": product.available,
            "quantityReserved": sum(self._stockroom.reserved(product.id, store) for store in product.stock),
            "quantityTrace": "Y",
            "canBuyZero": yes(product.on_order),
            "measure": product.measure.id,
            "type": int(product.type),
            "sort": 500,
            "weight": 0,
            "vatId": VATS.get(product.vat_rate or 0) if product.vat_rate is not None else 0,
            "vatIncluded": yes(product.vat_included),
            "bundle": "N",
            "detailText": about(product),
            "detailTextType": "html",
            "previewText": None,
            "previewTextType": "text",
            "detailPicture": None,
            **self._properties(product, offer=offer),
        }

    def _properties(self, product: Product, *, offer: bool) -> dict[str, Any]:
        first_id = int(product.id) + _VALUE_IDS
        values = [
            {"value": article, "valueId": str(first_id + place * 100_000)}
            for place, article in enumerate(product.articles)
            if article
        ]
        many = self._catalogue.many_articles
        articles = (values or None) if many else next(iter(values), None)
        parent = {"parentId": {"value": product.parent, "valueId": str(first_id + 50_000)}} if offer else {}
        return {self.article_field(offers=offer): articles, **parent}

    def with_picture(self, row: Row, caller: Caller) -> dict[str, Any]:
        """Return a row with the picture's addresses for this caller."""
        product = self._catalogue.get(str(row["id"]))
        return {**row, "detailPicture": picture_field(product, caller)} if product is not None else {**row}
