"""What the operators' chat is told."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.texts import checkout
from shared.bitrix.model import NewOrder
from shared.telegram.formatting import escape, number_sign, shorten


def job_failed(kind: str, code: str, job: str, details: str = "") -> str:
    """What the operators are told; `details` is HTML."""
    head = f"⚠️ Нужен человек: {escape(kind)} — {escape(shorten(code, 100))}\nзадание <code>{escape(job)}</code>"
    return f"{head}\n\n{details}" if details else head


def order_by_hand(order: NewOrder, lines: Sequence[str], master: int, *, found_by_key: bool) -> str:
    """Everything the operators need to find the order at the portal, or to make it by hand."""
    known = [
        *lines,
        f"📍 {escape(shorten(order.address, 300))}",
        checkout.payment_name(order.payment),
        f"Покупатель в Битриксе: {escape(order.buyer_id)}. Мастер в Телеграме: {master}.",
    ]
    key = [f"Внешний код заказа: <code>{escape(order.key)}</code>"] if found_by_key else []
    return "\n".join([*known, *key])


def order_to_cancel(order_id: str) -> str:
    """What is left to do about an order nobody wants."""
    return f"Отмените в Битриксе заказ {number_sign(escape(order_id))}: он оформлен не до конца или второй раз."
