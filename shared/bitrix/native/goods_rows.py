"""Goods as a real portal's lists tell them: products and variations, one row each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.bitrix.articles import alike
from shared.bitrix.descriptions import on_order
from shared.bitrix.fields import Row, find, listed, need_id, need_text, text
from shared.bitrix.native.blocks import Block
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.pictures import picture_reference
from shared.bitrix.portal import Answer
from shared.bitrix.sensible import sensible
from shared.domain.catalogue import Product
from shared.domain.ids import clean_id

_PARENT, _EMPTY_PARENT = "3", "6"
"""Types of products that only hold variations; the second kind holds none yet."""


def products_in(answer: Answer, wrapper: str = "products") -> Sequence[Row]:
    """Return the rows of a list of goods that have an id and a name."""
    needed = {"id": lambda row: need_id(row, "id"), "name": lambda row: need_text(row, "name")}
    return sensible(listed(answer, wrapper), "catalog.product.list", needed)


def has_variations(row: Row) -> bool:
    """Tell whether a product only holds variations."""
    return text(row, "type") == _PARENT


def is_shown(settings: NativeSettings, row: Row) -> bool:
    """Tell whether there is anything to order of a product: of a parent only where variations can be read."""
    kind = text(row, "type")
    return kind != _EMPTY_PARENT and (kind != _PARENT or bool(settings.offers_iblock_id))


def read_product(block: Block, row: Row) -> Product:
    """Read what a list tells of one product."""
    product_id = need_id(row, "id")
    article = next(iter(articles_of(block, row)), "")
    picture = _picture(product_id, find(row, "detailPicture"))
    name = with_traits(block, need_text(row, "name"), row)
    return Product(product_id, name, article, picture, on_order(row), has_variations(row))


def articles_of(block: Block, row: Row) -> Sequence[str]:
    """Return the articles of a product."""
    return values_of(find(row, block.article)) if block.article else ()


def parent_of(row: Row) -> str | None:
    """Return the id of the product that a variation is one of."""
    return clean_id(next(iter(values_of(find(row, "parentId"))), None))


def section_of(row: Row) -> str | None:
    """Return the id of the section that a product lies in."""
    return clean_id(find(row, "iblockSectionId"))


def with_traits(block: Block, name: str, row: Row) -> str:
    """Return the name with what tells a variation apart, unless it says so itself.

    A variation that nobody named has its parent's name (core: catalog/lib/v2/Sku/SkuCollection.php).
    """
    told = alike(name)
    traits = [value for trait in block.traits for value in values_of(find(row, trait)) if alike(value) not in told]
    return ", ".join([name, *traits])


def values_of(field: object) -> Sequence[str]:
    """Return a property's values: `{value, valueId}`, of a list property the words of it, a list of these, or none."""
    if isinstance(field, list):
        return [value for item in field for value in values_of(item)]
    if isinstance(field, Mapping):
        field = find(field, "valueEnum", "value")
    value = text({"value": field}, "value")
    return [value] if value else []


def _picture(product_id: str, field: object) -> str | None:
    file_id = clean_id(find(field, "id") if isinstance(field, Mapping) else None)
    return picture_reference(product_id, file_id) if file_id else None
