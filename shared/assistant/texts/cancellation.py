"""The texts of an order's cancellation by its master."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.statuses import STATUSES, status_text
from shared.domain.text import shorten
from shared.status import Status
from shared.telegram.formatting import escape, money, number_sign

REASON_LIMIT = 300


def ask_call_off(number: str, amount: Decimal, currency: str) -> str:
    """Ask whether an order shall really be canceled."""
    return (
        f"Отменить заказ {number_sign(escape(number))} на {money(amount, currency)}?\n"
        "Вернуть его не получится, но такой же можно заказать заново."
    )


def calling_off() -> str:
    """Toast for a tap while the order is being canceled."""
    return "Уже отменяем, подождите немного."


def call_off_left(number: str) -> str:
    """Say that an order is not canceled after all."""
    return f"Заказ {number_sign(escape(number))} остаётся в силе."


def order_canceled(number: str, reason: str) -> str:
    """The spec's sentence about a canceled order, under its number."""
    canceled = status_text(Status.CANCELED, shorten(reason, REASON_LIMIT))
    return f"<b>Заказ {number_sign(escape(number))}</b>\n{STATUSES[Status.CANCELED].icon} {escape(canceled)}"


def called_off(number: str) -> str:
    """The same when the news was told already."""
    return f"Заказ {number_sign(escape(number))} отменён."


def too_late_to_call_off(number: str) -> str:
    """Say that an order has gone too far."""
    return (
        f"Заказ {number_sign(escape(number))} уже нельзя отменить здесь: он оплачен или передан в доставку. "
        "Заказ остаётся в силе. Напишите менеджеру, он поможет."
    )


def call_off_silent() -> str:
    """Say that the portal was silent before anything was canceled."""
    return "Магазин не отвечает. Заказ не отменён и остаётся в силе. Попробуйте ещё раз через минуту."


def call_off_refused() -> str:
    """Say that the portal did not cancel the order."""
    return "Магазин не принял отмену. Заказ не отменён и остаётся в силе. Напишите менеджеру, он поможет."


def call_off_unsure() -> str:
    """Say that nobody knows yet whether the order is canceled."""
    return (
        "Не удалось проверить, отменён ли заказ. Мы уточняем это у системы и напишем в течение 10 минут. "
        "Пока не оплачивайте его, второй раз отменять не нужно."
    )


def call_off_lost(*, people: bool) -> str:
    """Say that people have to find out whether the order is canceled; `people`: they are being told."""
    who = "Передаём это менеджеру, он свяжется с вами." if people else "Позвоните менеджеру — он проверит."
    return f"Так и не удалось узнать, отменён ли заказ. {who} Пока не оплачивайте его."
