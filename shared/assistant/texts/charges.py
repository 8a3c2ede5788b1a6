"""The texts of an order that costs something else at the portal than its master confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shared.domain.charges import TotalDifference
from shared.telegram.formatting import escape, money, number_sign


def agree_or_leave() -> str:
    """Ask whether another sum suits."""
    return "Подходит — нажмите «Согласен». Не подходит — отмените заказ: платить ничего не нужно."


def total_differs(number: str, differs: TotalDifference, lines: Sequence[str], currency: str) -> str:
    """Say that the portal counts another sum than was confirmed, and of what it is made; `lines` are new prices."""
    parts = (f"   {part}" for part in (*lines, *_parts(differs, currency)))
    sums = f"Вы подтверждали {money(differs.confirmed, currency)}, магазин посчитал "
    return "\n".join([
        f"<b>Заказ {number_sign(escape(number))} создан, но сумма другая.</b>",
        f"{sums}<b>{money(differs.total, currency)}</b>:",
        *parts,
    ])  # fmt: skip


def _parts(differs: TotalDifference, currency: str) -> Iterator[str]:
    """Name what is in the difference besides the prices of goods."""
    if differs.delivery:
        yield f"доставка {_signed(differs.delivery, currency)}"
    if differs.rest:
        yield f"{'скидка' if differs.rest < 0 else 'наценка'} магазина {_signed(differs.rest, currency)}"


def _signed(amount: Decimal, currency: str) -> str:
    return f"{'−' if amount < 0 else '+'}{money(abs(amount), currency)}"
