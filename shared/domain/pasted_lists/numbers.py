"""Numbers as people and sheets write them: «2», «2,0», «2,000», «7 990,00», «2 шт», «2,5 м», «5990 руб». Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.domain.spelling.words import UNIT

UNITS: Final = (
    rf"(?:{UNIT}|(?:(?:к-т|пач(?:к[аиу]|ек)?|рул(?:он(?:а|ов)?)?|бухт[аыу]?|кор(?:обк[аиу]|обок)?|меш(?:ок|ка|ков)|"
    r"наб(?:ор(?:а|ов)?)?|лист(?:а|ов)?|ед(?:иниц[аыу]?)?|pcs|pc|штуч(?:к[аиу]|ек))\b\.?))"
)
"""Everything that pieces are counted in, as a part of a pattern that takes no notice of case."""

MEASURE: Final = (
    r"(?P<measure>(?:п(?:ог)?\.?\s?)?м(?:етр(?:а|ов)?)?|кг|килограмм(?:а|ов)?|л(?:итр(?:а|ов)?)?)(?![\w²³])\.?"
)
"""Metres, kilograms, litres."""

GROUPED: Final = r"\d{1,3}(?: \d{3})+(?!\d)"
"""Thousands parted by spaces."""

NUMBER: Final = rf"(?:{GROUPED}|\d{{1,9}}(?:[.,]\d{{1,3}})?(?!\d))"

CURRENCY: Final = r"(?:руб(?:лей|ля|ль)?\b\.?|р\b\.?|₽|rub\b|rur\b)"

_CELL: Final = re.compile(
    rf"[xх×*]?\s?(?P<number>\d{{1,3}}(?:[ '’]\d{{3}})+(?:[.,]\d{{1,3}})?|\d{{1,12}}(?:[.,]\d{{1,3}})?)"
    rf"\s?(?:(?P<money>{CURRENCY})|(?P<unit>{UNITS})|{MEASURE})?",
    re.IGNORECASE,
)
_REMARK: Final = re.compile(r"^\+\s?(?=\d)|\s?\([^()\d]{1,40}\)$")
_UNIT_CELL: Final = re.compile(rf"(?:{UNITS}|{MEASURE})", re.IGNORECASE)
_KOPECKS: Final = 2


@dataclass(frozen=True)
class CellNumber:
    """The number that a cell is. `money`: by its currency or its kopecks; `counted`: it names what it counts."""

    value: Decimal
    money: bool = False
    currency: bool = False
    counted: bool = False
    measure: str = ""


def number(text: str) -> Decimal:
    """Return what digits say, with spaces or apostrophes between thousands and a comma or a dot before decimals."""
    value = Decimal(re.sub(r"[ '’]", "", text).replace(",", "."))
    return value.to_integral_value() if value == value.to_integral_value() else value


def measure_of(word: str | None) -> str:
    """Return the symbol of a measure that was written, "" where there is none."""
    bare = (word or "").casefold()
    if bare.startswith(("п", "м")):
        return "м"
    return next((symbol for symbol in ("кг", "л") if bare.startswith(symbol[0])), "")


def of_cell(cell: str) -> CellNumber | None:
    """Return the number that a cell is; None when it is something else."""
    found = _CELL.fullmatch(_REMARK.sub("", cell))
    if found is None:
        return None
    digits, measure = found["number"], measure_of(found["measure"])
    kopecks = len(digits) > _KOPECKS and digits[-1 - _KOPECKS] in ".,"
    counted = found["unit"] is not None or measure != ""
    currency = found["money"] is not None
    return CellNumber(number(digits), (kopecks and not counted) or currency, currency, counted, measure)


def is_unit(cell: str) -> bool:
    """Tell whether a cell only names what is counted."""
    return _UNIT_CELL.fullmatch(cell) is not None


def measure_in(cell: str) -> str:
    """Return the symbol of the measure that such a cell names, "" for pieces."""
    found = _UNIT_CELL.fullmatch(cell)
    return measure_of(found["measure"]) if found else ""
