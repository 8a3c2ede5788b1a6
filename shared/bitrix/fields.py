"""Reads fields out of a portal's answers: tolerant in form, strict in meaning.

Tolerant: `PRICE`, `price` and `Price` are one field, `ORDER_ID` and `orderId` too; numbers come as numbers or text,
flags as Y/N, 1/0 or booleans. Strict: what must be there and is not, or cannot be understood, is a `BadAnswer` that
names the field, never a silent zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shared.bitrix.errors import BadAnswer
from shared.domain.ids import clean_id

if TYPE_CHECKING:
    from shared.bitrix.portal import Answer

Row = Mapping[str, Any]

MOST_MONEY = Decimal(10) ** 12
"""Larger amounts are nonsense, and would take memory to print."""
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_RUSSIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YES = frozenset({"y", "1", "true"})
_NO = frozenset({"n", "0", "false", ""})


def find(row: Row, *names: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the first present field that has one of the names (case and underscores do not matter), else None."""
    for name in map(_plain, names):
        value = next((value for key, value in row.items() if _plain(key) == name), None)
        if value is not None:
            return value
    return None


def has(row: Row, name: str) -> bool:
    """Tell whether the field is there at all, even empty."""
    return _plain(name) in map(_plain, row)


@lru_cache(maxsize=4096)
def _plain(name: object) -> str:
    return str(name).replace("_", "").casefold()


def need_row(value: object, what: str) -> Row:
    """Return the value as a mapping."""
    if isinstance(value, Mapping):
        return value
    raise BadAnswer(f"{what} must be an object")


def rows(value: object, what: str) -> Sequence[Row]:
    """Return a list of rows that may have come as a list, a map, a single object, or not at all."""
    if value is None or value in ("", False):
        return ()
    if isinstance(value, Mapping):
        inner = list(value.values())
        alone = any(not isinstance(item, Mapping) for item in inner)
        return (value,) if alone else tuple(inner)
    if isinstance(value, list):
        return tuple(need_row(item, what) for item in value)
    raise BadAnswer(f"{what} must be a list")


def listed(answer: Answer, *wrappers: str) -> Sequence[Row]:
    """Return the rows of a list: `{wrapper: […]}` under one of these names, or the list itself."""
    return rows(unwrapped(answer, *wrappers), wrappers[0])


def listed_if_any(answer: Answer, *wrappers: str) -> Sequence[Row]:
    """Return the same, where a proxy may write null for an empty list."""
    return () if answer.result is None else listed(answer, *wrappers)


def unwrapped(answer: Answer, *wrappers: str) -> object:
    """Return what is under one of these names, or the list itself. PHP writes an empty map as `[]`."""
    result = answer.result
    if isinstance(result, Mapping) and any(has(result, name) for name in wrappers):
        return find(result, *wrappers)
    if isinstance(result, list):
        return result
    raise BadAnswer(f"{wrappers[0]} is missing")


def one(answer: Answer, wrapper: str) -> Row:
    """Return one record: `{wrapper: {…}}` or the record itself."""
    result = need_row(answer.result, wrapper)
    inner = find(result, wrapper)
    return inner if isinstance(inner, Mapping) else result


def need_id(row: Row, *names: str) -> str:
    """Return an id as text."""
    found = clean_id(find(row, *names))
    if found is None:
        raise BadAnswer(f"{names[0]} is missing or is no id")
    return found


def text(row: Row, *names: str) -> str:
    """Return a text, "" when there is none."""
    value = find(row, *names)
    return str(value).strip() if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""


def need_text(row: Row, *names: str) -> str:
    """Return a text that is not empty."""
    found = text(row, *names)
    if not found:
        raise BadAnswer(f"{names[0]} is missing")
    return found


_LONGEST_NUMBER = 100
"""What a portal's own table of orders has room for (`sale/install/db/mysql/install.sql`, `ACCOUNT_NUMBER`)."""


def account_number(row: Row, order_id: str) -> str:
    """Return what people call an order, "" where that is its id or cannot be told."""
    found = " ".join(text(row, "ACCOUNT_NUMBER").split())
    return found if found != order_id and len(found) <= _LONGEST_NUMBER else ""


def number(value: object, what: str) -> Decimal:
    """Return a finite number of sensible size."""
    found = _decimal(value)
    if found is None or not found.is_finite() or not -MOST_MONEY <= found <= MOST_MONEY:
        raise BadAnswer(f"{what} is missing or is no number")
    return found


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        return Decimal(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except InvalidOperation:
        return None


def need_amount(row: Row, name: str) -> Decimal:
    """Return a number that is not negative: a price, a sum, a quantity."""
    found = number(find(row, name), name)
    if found < 0:
        raise BadAnswer(f"{name} is negative")
    return found


def need_currency(row: Row, name: str = "CURRENCY") -> str:
    """Return a currency's three letters."""
    found = text(row, name)
    if not _CURRENCY.fullmatch(found):
        raise BadAnswer(f"{name} is missing or is no currency")
    return found.upper()


def flag(value: object, what: str) -> bool:
    """Return a flag given as Y/N, 1/0 or a boolean."""
    word = str(value).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadAnswer(f"{what} is neither yes nor no")


def moment(row: Row, *names: str) -> datetime | None:
    """Return an aware time; None when it is absent, unreadable or without an offset (nobody could place it)."""
    try:
        found = datetime.fromisoformat(text(row, *names))
    except ValueError:
        return None
    return found if found.tzinfo else None


def day(row: Row, *names: str) -> date | None:
    """Return a day given as 2026-09-01 (with or without a time) or 01.09.2026; None when absent or unreadable."""
    found = text(row, *names)
    try:
        if russian := _RUSSIAN_DAY.match(found):
            return date(int(russian[3]), int(russian[2]), int(russian[1]))
        return date.fromisoformat(found[:10])
    except ValueError:
        return None


def web_address(value: object) -> str | None:
    """Return an http(s) address without spaces, or None."""
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s/?#]+\S*", value.strip(), re.IGNORECASE):
        return value.strip()
    return None
