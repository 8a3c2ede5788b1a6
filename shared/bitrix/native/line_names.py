"""The names of an order's lines: what tells variations apart that nobody named, and that have their parent's name.

An order's line has the name alone (shared/bitrix/README.md, «Variations»), so the catalogue is asked in the same
request, by the ids that the portal takes from its own answer. It is only for showing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, need_id
from shared.bitrix.native.answers import listed_rows
from shared.bitrix.native.blocks import Block, offers_block
from shared.bitrix.native.goods_rows import articles_of, with_traits
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.paging import PAGE
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import left_out, sensible
from shared.domain.orders import OrderLine

VARIATIONS = "variations"
_METHOD = "catalog.product.list"


def variations_of(settings: NativeSettings, key: str) -> dict[str, Command]:
    """Ask which of the order's first 50 lines are variations; `key` is that of its `sale.order.get`.

    Those that are not active any more are told of too. Nothing is asked where nothing would tell them apart.
    """
    block = offers_block(settings)
    if block is None or not (block.traits or block.article):
        return {}
    own = (block.article,) if block.article else ()
    ids = [Reference(key, ("order", "basketItems", place, "productId"), lead="0") for place in range(PAGE)]
    params = {"select": ["id", "iblockId", *own, *block.traits], "filter": {"iblockId": as_sent(block.id), "id": ids}}
    return {VARIATIONS: Command(_METHOD, params)}


def told_apart(
    settings: NativeSettings, lines: Sequence[OrderLine], answers: Mapping[str, Answer]
) -> tuple[OrderLine, ...]:
    """Return the lines with what their variations are by, and by article those that are called alike even so."""
    block, answer = offers_block(settings), answers.get(VARIATIONS)
    rows = {} if answer is None or answer.error is not None else _by_id(answer)
    if block is None or not rows:
        return tuple(lines)
    named = [_named(block, line, rows) for line in lines]
    alike = Counter(name for name, _ in {(line.name, line.product_id) for line in named})
    return tuple(_by_article(block, line, rows) if alike[line.name] > 1 else line for line in named)


def _named(block: Block, line: OrderLine, rows: Mapping[str, Row]) -> OrderLine:
    row = rows.get(line.product_id)
    return replace(line, name=with_traits(block, line.name, row)) if row is not None else line


def _by_article(block: Block, line: OrderLine, rows: Mapping[str, Row]) -> OrderLine:
    row = rows.get(line.product_id)
    article = next(iter(articles_of(block, row)), "") if row is not None else ""
    return replace(line, name=f"{line.name}, {article}") if article else line


def _by_id(answer: Answer) -> Mapping[str, Row]:
    try:
        rows = listed_rows(answer, "products", _METHOD)
    except BadAnswer:
        left_out(_METHOD, "products")
        return {}
    return {need_id(row, "id"): row for row in sensible(rows, _METHOD, {"id": lambda row: need_id(row, "id")})}
