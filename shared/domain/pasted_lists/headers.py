"""The names of columns, and what each column is by its name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a column holds. `WANTED`: how many are ordered, beside a column that counts something else."""

    OTHER = "other"
    ARTICLE = "article"
    BARCODE = "barcode"
    NAME = "name"
    WANTED = "wanted"
    COUNT = "count"
    UNIT = "unit"
    PRICE = "price"
    SUM = "sum"
    ROW = "row"


_ROLES: Final = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (Role.OTHER, (r"остат|налич|склад|ндс|скидк|вес\b|бренд|произв|резерв|стран|гарант|примеч|коммент|срок|"
                     r"кол\S*\sв\s|в\sупак|кратн|мин\.|stock|фото")),
        (Role.BARCODE, r"штрих|шк\b|ш/к|ean|gtin|upc|barcode"),
        (Role.ARTICLE, r"арт\b|артикул|код\b|sku\b|каталож|part|парт|номенклатурный|article|code|обознач|модел"),
        (Role.SUM, r"сумм|итог|всего|стоим|total|amount|sum\b"),
        (Role.PRICE, r"цен|price|руб|опт|розн"),
        (Role.WANTED, r"заказ|нужно|надо|потребн|требует|order|заявк"),
        (Role.COUNT, r"кол(?:\b|-|\.|ич|во)|к-во|qty|quantity|шт\b|count|штук"),
        (Role.UNIT, r"ед\b|ед\.|един|unit"),
        (Role.NAME, r"наимен|назван|товар|номенкл|descr|name|позиц|продук|матери|опис|издел|деталь|запчаст"),
        (Role.ROW, r"№|п/п|поз\b|n\b|no\b|#|п\.п"),
    )
)  # fmt: skip
_DIGIT: Final = re.compile(r"\d")
_KIND_OF_BARCODE: Final = re.compile(r"(?:ean|gtin|upc)\W?(?:8|1[234])", re.IGNORECASE)
_LONGEST: Final = 40
_ENOUGH: Final = 2


def _role(cell: str) -> Role | None:
    if len(cell) > _LONGEST or (_DIGIT.search(cell) and not _KIND_OF_BARCODE.fullmatch(cell)):
        return None
    return next((role for role, pattern in _ROLES if pattern.match(cell)), None)


def roles_of(cells: Sequence[str]) -> tuple[Role, ...] | None:
    """Return what the columns are, if these cells are their names; a column without a known name is `OTHER`."""
    known = [_role(cell) if cell else None for cell in cells]
    named = [role for role in known if role is not None]
    said = sum(bool(cell) for cell in cells)
    telling = any(
        role in {Role.ARTICLE, Role.BARCODE, Role.COUNT, Role.WANTED, Role.PRICE, Role.ROW, Role.UNIT} for role in named
    )
    if len(named) < _ENOUGH or not telling or 2 * len(named) < said:
        return None
    return tuple(role or Role.OTHER for role in known)
