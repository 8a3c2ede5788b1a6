"""Units and steps of a real portal's goods: measures, and the ratio that quantities are multiples of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, flag, need_id, text
from shared.bitrix.native.answers import rows_of
from shared.bitrix.native.price_rows import bound, rows_by_product
from shared.bitrix.paging import paged
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import Reader, left_out, sensible

_MEASURES, _RATIOS = "catalog.measure.list", "catalog.ratio.list"
_SYMBOLS: Mapping[str, str] = MappingProxyType({
    "6": "м",
    "55": "м²",
    "112": "л",
    "113": "м³",
    "163": "г",
    "166": "кг",
    "168": "т",
    "625": "лист",
    "715": "пара",
    "736": "рул",
    "778": "упак",
    "796": "шт",
    "839": "компл",
})  # fmt: skip
"""Symbols by the code of the state's classifier of units (ОКЕИ): a portal may keep none of its usual units'."""
_PIECE = "796"
_USUAL_STEP = Decimal(1)


@dataclass(frozen=True)
class Units:
    """The symbols of units by their ids, that of goods without a unit, and the steps of the goods that have one."""

    symbols: Mapping[str, str]
    usual: str
    steps: Mapping[str, Decimal]

    def symbol(self, measure: str) -> str:
        """Return the symbol of a unit by its id; the shop's usual one where there is none or nobody knows it."""
        if measure and measure not in self.symbols:
            left_out("catalog.product.list", "measure")
        return self.symbols.get(measure, self.usual)

    def step(self, product_id: str) -> Decimal:
        """Return what quantities of a product are multiples of."""
        return self.steps.get(product_id, _USUAL_STEP)


def unit_lists(product_ids: Sequence[str]) -> dict[str, Command]:
    """Ask for all units, and for the steps of up to 50 products."""
    ratios = {
        "select": ["id", "productId", "ratio"],
        "filter": {"@productId": [as_sent(one) for one in product_ids], "isDefault": "Y"},
        "order": {"id": "asc"},
    }
    measures = {"select": ["id", "code", "symbol", "symbolIntl", "isDefault"], "order": {"id": "asc"}}
    return {**paged("measures", Command(_MEASURES, measures), 1), **paged("ratios", Command(_RATIOS, ratios), 1)}


def read_units(answers: Mapping[str, Answer], product_ids: Sequence[str]) -> Units:
    """Read both lists. `BadAnswer` when the portal dropped the filter."""
    measures = sensible(rows_of(answers, "measures", _MEASURES, "measures"), _MEASURES, _OF_MEASURE)
    found = sensible(rows_of(answers, "ratios", _RATIOS, "ratios"), _RATIOS, _OF_RATIO)
    steps = {product_id: _ratio(rows[0]) for product_id, rows in rows_by_product(found, product_ids).items()}
    usual = [row for row in measures if _is_usual(row)] or [row for row in measures if text(row, "code") == _PIECE]
    symbols = {need_id(row, "id"): _symbol(row) for row in measures}
    return Units(symbols, _symbol(usual[0]) if usual else _SYMBOLS[_PIECE], steps)


def _symbol(row: Row) -> str:
    return text(row, "symbol") or _SYMBOLS.get(text(row, "code")) or text(row, "symbolIntl")


def _need_symbol(row: Row) -> None:
    if not _symbol(row):
        raise BadAnswer("symbol is missing")


def _is_usual(row: Row) -> bool:
    return flag(find(row, "isDefault") or "N", "isDefault")


def _ratio(row: Row) -> Decimal:
    return bound(row, "ratio") or _USUAL_STEP


def _need_ratio(row: Row) -> None:
    if bound(row, "ratio") < 0:
        raise BadAnswer("ratio is negative")


_OF_MEASURE: Mapping[str, Reader] = {"symbol": _need_symbol, "isDefault": _is_usual}
_OF_RATIO: Mapping[str, Reader] = {"productId": lambda row: need_id(row, "productId"), "ratio": _need_ratio}
"""What a row is nothing without."""
