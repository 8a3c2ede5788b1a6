"""The texts about an order's phone, for the courier, and its comment."""

from __future__ import annotations

from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import escape
from shared.telegram.phones import phone

COMMENT_LIMIT = 150
"""Characters of a comment that are shown: the master knows it, and 20 lines of goods stand beside it."""


def _unbroken(number: str) -> str:
    return phone(number).replace(" ", NBSP)


def phone_line(number: str) -> str:
    """Whom the courier calls, on the confirmation."""
    return f"📞 {_unbroken(number)}"


def comment_line(comment: str) -> str:
    """What the master wants to have known, on the confirmation."""
    return f"💬 {escape(shorten(comment, COMMENT_LIMIT))}"


def ask_phone() -> str:
    """Ask whom the courier shall call."""
    return "📞 По какому номеру звонить курьеру? Нажмите кнопку под строкой ввода или напишите номер."


def offer_phone() -> str:
    """Ask for the phone once, below a confirmation that does well without it."""
    return "📞 Оставите номер для курьера? Нажмите кнопку под строкой ввода. Заказать можно и без него."


def phone_skipped() -> str:
    """Say that it does without a phone, and where to add one."""
    return "Хорошо, без номера. Добавить его можно, когда проверяете заказ: кнопка «📞 Телефон»."


def phone_odd() -> str:
    """Say that this is no phone."""
    return f"Не похоже на телефон. Напишите номер так: {_unbroken('+79123456789')}, или /cancel."


def phone_not_his() -> str:
    """Say that somebody else's card was sent."""
    return "Это карточка другого человека. Нажмите кнопку, чтобы отправить свой номер, или напишите номер цифрами."


def phone_kept(number: str) -> str:
    """Say that the phone is remembered."""
    return f"📞 {_unbroken(number)} — запомнили для следующих заказов."


def phone_added(number: str) -> str:
    """Say that the phone goes with the order that waits for its confirmation, and with the next ones."""
    return f"📞 {_unbroken(number)} — передадим курьеру с заказами, которые вы подтвердите."


def ask_comment() -> str:
    """Ask what shall be known about the order."""
    return "💬 Напишите комментарий к заказу: до 500 знаков. Передумали — /cancel."


def question_left(*, phone: bool, waits: bool) -> str:
    """Say that a question about an order ends without an answer, and whether the order still waits."""
    kept = "Телефон не меняем." if phone else "Комментарий не меняем."
    return f"{kept} Заказ ждёт вас выше: «Заказать» или «Отмена»." if waits else kept


def comment_odd() -> str:
    """Say that a comment is too long, or empty."""
    return "Комментарий не поместился. Напишите короче — до 500 знаков."


def amended_too_late() -> str:
    """Say that a confirmation does not wait for an answer any more."""
    return "Этот заказ уже не изменить: он оформлен, отменён или устарел. Корзина и заказы — по кнопкам ниже."
