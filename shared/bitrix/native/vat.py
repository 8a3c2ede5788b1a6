"""VAT that comes on top of a real portal's prices.

A product has a rate of its own or its information block's; a rate that is not active is none (shared/bitrix/CORE.md,
«5. Catalogue»).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.bitrix.fields import need_id
from shared.bitrix.native.answers import rows_of
from shared.bitrix.native.goods_state import GoodsState, id_or_none
from shared.bitrix.native.price_rows import bound
from shared.bitrix.paging import paged
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import Reader, sensible

_RATES, _BLOCKS = "catalog.vat.list", "catalog.catalog.list"


@dataclass(frozen=True)
class VatRates:
    """The active rates in per cent by their ids, and the usual one of each information block."""

    rates: Mapping[str, Decimal]
    usual: Mapping[str, str]

    def on_top(self, goods: GoodsState) -> Decimal:
        """Return how many per cent come on top of a product's prices."""
        vat_id = goods.vat_id or self.usual.get(goods.block, "")
        return self.rates.get(vat_id, Decimal(0)) if goods.net else Decimal(0)


def vat_lists() -> dict[str, Command]:
    """Ask for the rates, and for the information blocks of goods."""
    rates = {"select": ["id", "rate"], "filter": {"active": "Y"}, "order": {"id": "asc"}}
    blocks = {"select": ["id", "iblockId", "vatId"]}
    return {**paged("rates", Command(_RATES, rates), 1), **paged("blocks", Command(_BLOCKS, blocks), 1)}


def read_vat(answers: Mapping[str, Answer]) -> VatRates:
    """Read both lists."""
    rates = sensible(rows_of(answers, "rates", _RATES, "vats"), _RATES, {"rate": lambda row: bound(row, "rate")})
    blocks = sensible(rows_of(answers, "blocks", _BLOCKS, "catalogs"), _BLOCKS, _OF_BLOCK)
    usual = {need_id(row, "iblockId"): id_or_none(row, "vatId") for row in blocks}
    return VatRates({need_id(row, "id"): bound(row, "rate") for row in rates}, usual)


_OF_BLOCK: Mapping[str, Reader] = {
    "iblockId": lambda row: need_id(row, "iblockId"),
    "vatId": lambda row: id_or_none(row, "vatId"),
}
"""What a row is nothing without."""
