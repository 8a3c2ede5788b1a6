"""Products of a real portal: one alone with its variations, those of a section (shared/bitrix/README.md, «Goods»)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from shared.bitrix.descriptions import description
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.fields import Row, find, listed, text
from shared.bitrix.native.blocks import Block, goods_block, has_page, offers_block
from shared.bitrix.native.goods_rows import (
    has_variations,
    is_shown,
    parent_of,
    products_in,
    read_product,
    section_of,
    values_of,
)
from shared.bitrix.native.goods_state import is_in_time, parents_list, parents_off_sale
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.pictures import MORE_PICTURES, photo_reference
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import left_out
from shared.domain.catalogue import ACCESSORIES, ANALOGUES, ProductDetails, ProductPage
from shared.domain.ids import clean_id

_IN_WORDS = ("iblockSectionId", "previewText", "previewTextType", "detailText", "detailTextType")
_IN_TIME = ("dateActiveFrom", "dateActiveTo")
"""Days outside which an active product is not sold: no filter asks for them (shared/bitrix/CORE.md, «5. Catalogue»)."""


def product(settings: NativeSettings, product_id: str, start: int, now: datetime) -> Operation[ProductDetails]:
    """`catalog.product.list` narrowed to one id: unlike `catalog.product.get` it needs no administrator.

    `catalog.productImage.list` beside it does need one; where it fails the product goes without more pictures. Where
    goods have variations the id may be one's, or have some: `catalog.product.offer.list` from `start`.
    """
    sent = as_sent(product_id)
    images = Command("catalog.productImage.list", {"productId": sent, "select": ["id", "type"]})
    own = tuple(filter(None, (settings.analogues_property, settings.accessories_property)))
    alone = goods_block(settings).page({"id": sent}, 0, more=(*_IN_WORDS, *_IN_TIME, *own))
    commands = {"list": alone, "images": images}
    offers = offers_block(settings)
    if offers is not None:
        commands["offer"] = offers.page({"id": sent}, 0, more=(*_IN_WORDS, *_IN_TIME))
        commands["parents"] = parents_list(settings, "offer", 1, own)
        commands["variations"] = offers.page({"parentId": sent}, start, method="catalog.product.offer.list")
    read = partial(_details, settings, product_id, start, now)
    return Operation(commands, read, weight=len(commands), optional=frozenset({"images", "parents"} & commands.keys()))


def products_of(settings: NativeSettings, section_id: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` by the section; products of sections inside it are not among them."""
    narrowed = {"iblockSectionId": as_sent(section_id)}
    command = goods_block(settings).page(narrowed, start, {"name": "asc"}, ("iblockSectionId",))
    return Operation({"list": command}, partial(_of_section, settings, section_id, start))


def _of_section(settings: NativeSettings, section_id: str, start: int, answers: Mapping[str, Answer]) -> ProductPage:
    answer = answers["list"]
    found = _only_of(section_id, "iblockSectionId", section_of, products_in(answer) if has_page(answer, start) else ())
    block = goods_block(settings)
    products = tuple(read_product(block, row) for row in found if is_shown(settings, row))
    total = answer.total if answer.total is not None else start + len(products)
    return ProductPage(products, total, answer.next if found else None)


def _details(
    settings: NativeSettings, product_id: str, start: int, now: datetime, answers: Mapping[str, Answer]
) -> ProductDetails:
    block, row = _only(settings, product_id, answers)
    if not is_in_time(row, now) or parent_of(row) in parents_off_sale(answers.get("parents"), now):
        raise NotFound("the product is not sold today")
    only = read_product(block, row)
    pictures = () if answers["images"].error else _photos(product_id, listed(answers["images"], "productImages"))
    offers = offers_block(settings)
    variations = _variations(offers, product_id, start, answers) if offers and has_variations(row) else None
    details = ProductDetails(only, description(row), pictures, section_of(row), variations, parent_of(row))
    linking = [row, *_parent_rows(row, answers)]
    analogues = _linked(linking, settings.analogues_property)[:ANALOGUES]
    return replace(
        details, analogues=analogues, accessories=_linked(linking, settings.accessories_property)[:ACCESSORIES]
    )


def _parent_rows(row: Row, answers: Mapping[str, Answer]) -> Sequence[Row]:
    """Return the row of the product that a variation is one of, where it is told."""
    parent, told = parent_of(row), answers.get("parents")
    if parent is None or told is None or told.error is not None:
        return ()
    return [one for one in listed(told, "products") if clean_id(find(one, "id")) == parent]


def _linked(rows: Sequence[Row], property_name: str) -> tuple[str, ...]:
    """Return what a property of these rows leads to, in the shop's order, each once and none of the rows themselves.

    Ids of elements are numbers.
    """
    if not property_name:
        return ()
    own = {clean_id(find(row, "id")) for row in rows}
    values = [clean_id(value) for row in rows for value in values_of(find(row, property_name))]
    return tuple(dict.fromkeys(one for one in values if one and one.isdecimal() and one not in own))


def _variations(block: Block, product_id: str, start: int, answers: Mapping[str, Answer]) -> ProductPage:
    """Read a page of the variations of a product."""
    answer = answers["variations"]
    found = _only_of(
        product_id, "parentId", parent_of, products_in(answer, "offers") if has_page(answer, start) else ()
    )
    products = tuple(read_product(block, row) for row in found)
    total = answer.total if answer.total is not None else start + len(products)
    return ProductPage(products, total, answer.next if found else None)


def _only_of(owner: str, field: str, read: Callable[[Row], str | None], rows: Sequence[Row]) -> list[Row]:
    """Return the rows that belong to a section or to a product; one that does not say whose it is, is left out.

    `BadAnswer` for a row of another one: a portal drops a filter it does not know.
    """
    kept = []
    for row in rows:
        whose = read(row)
        if whose is None:
            left_out("catalog.product.list", field)
        elif whose != owner:
            raise BadAnswer(f"{field} is another one: the portal dropped the filter")
        else:
            kept.append(row)
    return kept


def _photos(product_id: str, images: Sequence[Row]) -> tuple[str, ...]:
    """Return references to the first of the more pictures; the portal's addresses of them hold its key."""
    more = (clean_id(find(row, "id")) or "" for row in images if text(row, "type") == "MORE_PHOTO")
    known = (photo_reference(product_id, file_id) for file_id in more)
    return tuple(reference for reference in known if reference)[:MORE_PICTURES]


def _only(settings: NativeSettings, product_id: str, answers: Mapping[str, Answer]) -> tuple[Block, Row]:
    """Return the one row that was asked for, and the block it lies in."""
    asked = {"list": goods_block(settings), "offer": offers_block(settings)}
    found = [(block, row) for key, block in asked.items() if block for row in listed(answers[key], "products")]
    for block, row in found:
        if clean_id(find(row, "id")) == product_id:
            return block, row
    if found:
        raise BadAnswer("the products are other ones than asked")
    raise NotFound("there is no such product")
