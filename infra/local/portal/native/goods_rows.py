"""How goods look over REST: products in their information block, variations in another."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from infra.local.portal.catalogue import Amount, Catalogue, Product, about, section_of
from infra.local.portal.catalogue.model import ProductType
from infra.local.portal.dialect import Caller
from infra.local.portal.native.field_kinds import Kind
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

Column = Callable[[Product], Any]


class GoodsRows:
    """Writes the rows of both information blocks."""

    def __init__(self, options: NativeOptions, catalogue: Catalogue, stockroom: Stockroom) -> None:
        self._options = options
        self._catalogue = catalogue
        self._stockroom = stockroom
        self._trait = f"property{options.trait_property}"
        self._analogues = f"property{options.analogues_property}"
        self._accessories = f"property{options.accessories_property}"
        self._columns = {offers: self._of_block(offers=offers) for offers in (False, True)}

    def article_field(self, *, offers: bool) -> str:
        """Return the name of the article's property: each block has its own."""
        return f"property{self._options.offers_article_property if offers else self._options.article_property}"

    def _ean_field(self, *, offers: bool) -> str:
        return f"property{self._options.offers_ean_property if offers else self._options.ean_property}"

    def fields(self, *, offers: bool) -> dict[str, Kind]:
        """Return the fields of a block's list."""
        kind = Kind.PROPERTIES if self._catalogue.many_articles else Kind.PROPERTY
        own = {"parentId": Kind.PROPERTY, self._trait: Kind.PROPERTY} if offers else {}
        kept = {
            self._analogues: self._catalogue.has_analogues,
            self._accessories: self._catalogue.has_accessories,
        }
        linked = {name: Kind.PROPERTIES for name, there in kept.items() if there and not offers}
        ean = {self._ean_field(offers=offers): Kind.PROPERTY} if self._catalogue.has_eans(offers=offers) else {}
        return {**_PRODUCT_FIELDS, self.article_field(offers=offers): kind, **own, **linked, **ean}

    def column(self, field: str) -> Column:
        """Return how a filter or an order reads a field: most goods of a large catalogue get no row."""
        plain, offered = (self._columns[offers].get(field, _nothing) for offers in (False, True))
        if plain is offered:
            return plain
        return lambda product: (offered if product.type is ProductType.OFFER else plain)(product)

    def row(self, product: Product, caller: Caller) -> dict[str, Any]:
        """Return a product's row, with its picture's addresses for this caller."""
        columns = self._columns[product.type is ProductType.OFFER]
        return {
            **{name: column(product) for name, column in columns.items()},
            "weight": 0,
            "bundle": "N",
            "detailTextType": "html",
            "previewTextType": "text",
            "detailPicture": picture_field(product, caller),
        }

    def _of_block(self, *, offers: bool) -> Mapping[str, Column]:
        block = self._options.offers_iblock_id if offers else self._options.iblock_id
        return {
            **_COLUMNS,
            "iblockId": lambda _: block,
            "quantityReserved": self._reserved,
            self.article_field(offers=offers): self._articles,
            self._ean_field(offers=offers): _ean_of,
            **(
                {"parentId": _parent_of, self._trait: _trait_of}
                if offers
                else {
                    self._analogues: lambda product: _linked(product, product.analogues, 90_000),
                    self._accessories: lambda product: _linked(product, product.accessories, 95_000),
                }
            ),
        }

    def _reserved(self, product: Product) -> Amount:
        return sum(self._stockroom.reserved(product.id, store) for store in product.stock)

    def _articles(self, product: Product) -> object:
        first_id = int(product.id) + _VALUE_IDS
        values = [
            {"value": article, "valueId": str(first_id + place * 100_000)}
            for place, article in enumerate(product.articles)
            if article
        ]
        return (values or None) if self._catalogue.many_articles else next(iter(values), None)


def _nothing(_: Product) -> None:
    """Read a field that no row of the block has."""


def _parent_of(product: Product) -> dict[str, str]:
    return {"value": product.parent, "valueId": str(int(product.id) + _VALUE_IDS + 50_000)}


def _linked(product: Product, ids: Sequence[str], beside: int) -> list[dict[str, str]] | None:
    """Return the values of a property of the kind «E»: ids of elements as texts, and nothing else of them."""
    first_id = int(product.id) + _VALUE_IDS + beside
    return [{"value": linked, "valueId": str(first_id + place * 100_000)} for place, linked in enumerate(ids)] or None


def _ean_of(product: Product) -> dict[str, str] | None:
    return {"value": product.ean, "valueId": str(int(product.id) + _VALUE_IDS + 80_000)} if product.ean else None


def _trait_of(product: Product) -> dict[str, str] | None:
    """Return the value of a property of the kind «list»: the number of its value, and what that says."""
    if not product.trait:
        return None
    number = str(zlib.crc32(product.trait.encode()) % 10_000)
    return {"value": number, "valueEnum": product.trait, "valueId": str(int(product.id) + _VALUE_IDS + 70_000)}


def _vat_id(product: Product) -> int:
    return 0 if product.vat_rate is None else VATS[product.vat_rate]


_COLUMNS: Mapping[str, Column] = {
    "id": lambda product: int(product.id),
    "iblockSectionId": lambda product: section_of(product) or None,
    "name": lambda product: product.name,
    "code": lambda product: f"product-{product.id}",
    "xmlId": lambda product: f"a-{product.id}",
    "active": lambda product: yes(product.active),
    "dateActiveFrom": lambda product: product.active_from,
    "dateActiveTo": lambda product: product.active_to,
    "available": lambda product: yes(product.on_order or product.available > 0),
    "quantity": lambda product: product.available,
    "quantityTrace": lambda _: "Y",
    "canBuyZero": lambda product: yes(product.on_order),
    "measure": lambda product: product.measure.id,
    "type": lambda product: int(product.type),
    "sort": lambda _: 500,
    "vatId": _vat_id,
    "vatIncluded": lambda product: yes(product.vat_included),
    "detailText": about,
    "previewText": lambda _: None,
}
"""What both blocks have."""
