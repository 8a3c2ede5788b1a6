"""Goods by the number under their barcode, on a real portal (shared/bitrix/README.md, «Variations»)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.bitrix.fields import find
from shared.bitrix.native.blocks import Block, blocks
from shared.bitrix.native.goods_rows import is_shown, parent_of, products_in, read_product, values_of
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command
from shared.domain import barcodes
from shared.domain.catalogue import Product


@dataclass(frozen=True)
class GoodsByEan:
    """The goods with a number; `parents` have variations with it, beside which they are no other choice."""

    goods: Sequence[Product] = ()
    parents: frozenset[str] = frozenset()

    def beside(self, others: Sequence[Product]) -> list[Product]:
        """Return these and others, each once, but no parent."""
        known = {one.id: one for one in (*self.goods, *others)}
        return [one for one in known.values() if one.id not in self.parents]


def key(block: Block) -> str:
    """Return what a block's list of them is called among the commands."""
    return f"{block.prefix}ean"


def commands(block: Block, queries: Sequence[str]) -> dict[str, Command]:
    """Return the list of goods whose barcode has the number that one of the queries is; none where none is one."""
    spelt = [one for query in queries if barcodes.is_ean(query) for one in barcodes.spellings(query)]
    if not block.ean or not spelt:
        return {}
    asked = {f"={block.ean}": list(dict.fromkeys(spelt))}
    return {key(block): block.page(asked, 0, more=(block.ean,))}


def found(settings: NativeSettings, query: str, answers: Mapping[str, Answer]) -> GoodsByEan:
    """Return the goods whose barcode has the number of the query; another row is another query's, or nobody's."""
    rows = [row for block in blocks(settings) for row in _of_block(settings, block, query, answers.get(key(block)))]
    return GoodsByEan([one for one, _ in rows], frozenset(parent for _, parent in rows if parent))


def _of_block(
    settings: NativeSettings, block: Block, query: str, answer: Answer | None
) -> Iterator[tuple[Product, str | None]]:
    if answer is None or not barcodes.is_ean(query):
        return
    for row in products_in(answer):
        if is_shown(settings, row) and not set(barcodes.spellings(query)).isdisjoint(values_of(find(row, block.ean))):
            yield read_product(block, row), parent_of(row)
