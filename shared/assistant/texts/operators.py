"""What the operators' chat is told."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.masters import Master
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


def who(master: Master) -> str:
    """Who a master is."""
    lines = [
        f"👤 <b>{escape(shorten(master.name, 100))}</b>",
        f"Телеграм: <code>{master.telegram_id}</code>",
        f"Покупатель в Битриксе: <code>{escape(master.bitrix_user_id)}</code>",
    ]
    return "\n".join(lines)


def not_reached() -> str:
    """Say that an answer did not reach the master."""
    return "⚠️ Мастеру не доставлено: он заблокировал бота, или такое сообщение нельзя переслать."


def trouble() -> str:
    """Say that a bug of ours stopped something in the operators' chat."""
    return "⚠️ Не получилось: ошибка у нас, она записана. Попробуйте ещё раз позже."
