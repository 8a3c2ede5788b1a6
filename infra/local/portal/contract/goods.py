"""Rows 1 and 2 of the spec's §2: searching the catalogue, prices and stock of up to 50 products."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from infra.local.portal.catalogue import SECTIONS, Product, Section, about, section_of, store_title
from infra.local.portal.catalogue.model import normalise
from infra.local.portal.commands import command_texts, read_command
from infra.local.portal.dialect import Call, Reply, php_map
from infra.local.portal.errors import RestError, method_not_found, missing, out_of_range
from infra.local.portal.figures import money
from infra.local.portal.native.reading import yes
from infra.local.portal.params import Params, as_id
from infra.local.portal.shop import Shop

PAGE = 50
MAX_SKU = 50

_FIELDS = ("ID", "NAME", "PRICE", "DETAIL_PICTURE")
_MORE_FIELDS = (
    "IBLOCK_SECTION_ID",
    "PREVIEW_TEXT",
    "PREVIEW_TEXT_TYPE",
    "DETAIL_TEXT",
    "DETAIL_TEXT_TYPE",
    "MORE_PHOTO",
)
"""What the spec does not name; a proxy knows it from Bitrix24's own products."""
_ALWAYS = ("SKU", "CURRENCY", "CAN_BUY_ZERO")
_FILTERS = ("q", "ID", "IBLOCK_SECTION_ID", "ACTIVE")
_SKU_KEY = re.compile(r"sku_[0-9]+")


class Goods:
    """The methods about products."""

    def __init__(self, shop: Shop) -> None:
        self._catalogue = shop.catalogue

    def product_list(self, call: Call) -> Reply:
        """`catalog.product.list`: one page of at most 50 products that have every word of `filter[q]`."""
        params = call.params
        fits = _read_filter(params.section("filter"))
        fields = _read_select(params)
        start = params.integer("start") // PAGE * PAGE
        found = [product for product in self._catalogue.search(fits.query) if fits.passes(product)]
        if "NAME" in params.optional_section("order").names():
            found.sort(key=lambda product: normalise(product.name))
        items = [_item(product, fields, call.host) for product in found[start : start + PAGE]]
        following = start + PAGE if start + PAGE < len(found) else None
        return Reply({"items": items}, total=len(found), next=following)

    def section_list(self, call: Call) -> Reply:
        """`catalog.section.list`, as Bitrix24 has it, in the contract's spelling: one page of at most 50 sections."""
        active = call.params.optional_section("filter").optional_text("ACTIVE")
        start = call.params.integer("start") // PAGE * PAGE
        rows = [_section_view(one) for one in SECTIONS if not active or active == yes(one.active)]
        following = start + PAGE if start + PAGE < len(rows) else None
        return Reply({"sections": rows[start : start + PAGE]}, total=len(rows), next=following)

    def product_batch(self, call: Call) -> Reply:
        """`crm.product.batch`: price and stock by `sku_<n>`; an unknown product goes to `result_error`."""
        texts = list(command_texts(call.params))
        if len(texts) > MAX_SKU:
            raise RestError("ERROR_BATCH_LENGTH_EXCEEDED", f"Parameter {{cmd}}: more than {MAX_SKU} commands")
        offers: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for key, text in texts:
            if not _SKU_KEY.fullmatch(key):
                raise out_of_range(f"cmd[{key}]", "the key must look like sku_1001")
            try:
                offers[key] = self._offer(key, text)
            except RestError as error:
                errors[key] = error.in_batch()
        return Reply({"result": php_map(offers), "result_error": php_map(errors)})

    def _offer(self, key: str, text: str) -> dict[str, Any]:
        command = read_command(key, text)
        if command.method != "catalog.product.get":
            raise method_not_found()
        product_id = as_id(command.params.get("id"), f"cmd[{key}]: id")
        product = self._catalogue.get(product_id)
        if product is None:
            raise RestError("ERROR_NOT_FOUND", f"Товар {product_id} не найден")
        stores = [
            {"STORE_ID": store, "STORE_NAME": store_title(store), "AMOUNT": str(amount)}
            for store, amount in product.stock.items()
        ]
        return {"PRICE": money(product.price), "CURRENCY": product.currency, "STORE_AMOUNT": stores}


@dataclass(frozen=True)
class _Filter:
    """What products are asked for; None leaves a thing open."""

    query: str
    ids: frozenset[str] | None
    section: str | None

    def passes(self, product: Product) -> bool:
        """Say whether a product that has the words is among those asked for."""
        in_section = self.section is None or self.section == str(section_of(product))
        return in_section and (self.ids is None or product.id in self.ids)


def _read_filter(params: Params) -> _Filter:
    for key in params.names():
        if key not in _FILTERS:
            raise out_of_range(params.name(key), "there is no such filter")
    query = params.text("q", blank=True)
    ids = frozenset(params.id_values("ID")) if params.has("ID") else None
    section = params.id("IBLOCK_SECTION_ID") if params.has("IBLOCK_SECTION_ID") else None
    if not query.strip() and ids is None and section is None:
        raise missing(params.name("q"))
    return _Filter(query, ids, section)


def _section_view(one: Section) -> dict[str, Any]:
    return {
        "ID": str(one.id),
        "IBLOCK_SECTION_ID": str(one.parent) if one.parent else None,
        "NAME": one.name,
        "SORT": str(one.sort),
        "ACTIVE": yes(one.active),
    }


def _read_select(params: Params) -> tuple[str, ...]:
    """Return the fields asked for; `select[]=ID,NAME` in one string is understood, as the spec writes it."""
    names = [name.strip() for text in params.texts("select") for name in text.split(",") if name.strip()]
    if not names:
        raise missing("select")
    for name in names:
        if name not in (*_FIELDS, *_MORE_FIELDS, *_ALWAYS):
            raise out_of_range("select", f"there is no field {name[:40]}")
    return ("ID", *names, *_ALWAYS)


def _item(product: Product, fields: Iterable[str], host: str) -> dict[str, Any]:
    values = {
        "ID": product.id,
        "NAME": product.name,
        "SKU": product.article,
        "PRICE": money(product.price),
        "CURRENCY": product.currency,
        "DETAIL_PICTURE": f"{host}/upload/{product.id}.jpg" if product.has_picture else None,
        "CAN_BUY_ZERO": yes(product.on_order),
        "IBLOCK_SECTION_ID": str(section_of(product)),
        "PREVIEW_TEXT": "",
        "PREVIEW_TEXT_TYPE": "text",
        "DETAIL_TEXT": about(product),
        "DETAIL_TEXT_TYPE": "html",
        "MORE_PHOTO": [f"{host}/upload/{product.id}-{number + 1}.jpg" for number in range(product.more_pictures)],
    }
    return {name: values[name] for name in values if name in fields}
