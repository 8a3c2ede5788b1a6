"""Cash on delivery: whether the courier was paid, and who is told.

See shared/assistant/README.md, «How the bot speaks».
"""

from __future__ import annotations

from decimal import Decimal

from shared.telegram.formatting import escape, money, number_sign


def question(number: str, amount: Decimal | None, currency: str, *, fetched: bool = False) -> str:
    """«Оплатили курьеру 8 440 ₽?», without the sum where nobody knows it; `fetched`: there is no courier"""
    whom = "при получении" if fetched else "курьеру"
    asked = f"Оплатили заказ {whom}" if amount is None else f"Оплатили {whom} {money(amount, currency)}"
    return f"<b>Заказ {number_sign(escape(number))}</b>\n{asked}?"


def passing_on(number: str) -> str:
    """What stands in the question's place until the answer has been passed on."""
    return f"⏳ Заказ {number_sign(escape(number))}: передаём ваш ответ…"


def answered_before() -> str:
    """Toast for a second tap."""
    return "Этот ответ мы уже получили."


def paid_told(number: str) -> str:
    """The operators are told that he paid."""
    return f"💵 Заказ {number_sign(escape(number))}: передаём менеджеру, что курьеру оплачено. Спасибо."


def question_told(number: str) -> str:
    """The operators are told that there is a question. If that does not go, he is told so after it."""
    return f"❓ Заказ {number_sign(escape(number))}: передаём менеджеру, что по оплате есть вопрос. Заказ на месте."


def tell_yourself(number: str) -> str:
    """Nobody could be told: this bot has no operators' chat."""
    return (
        f"Заказ {number_sign(escape(number))}: ответ записан, но передать его отсюда некому. "
        "Сообщите об оплате вашему менеджеру. Заказ на месте."
    )


def marked(number: str) -> str:
    """The portal has the payment."""
    return f"✅ Заказ {number_sign(escape(number))}: оплата отмечена. Спасибо."


def marking_slow(number: str) -> str:
    """Nobody knows yet whether the portal took it."""
    return (
        f"⏳ Заказ {number_sign(escape(number))}: магазин пока не подтвердил оплату. "
        "Уточним и напишем здесь. Платить второй раз не нужно."
    )


def marking_failed(number: str) -> str:
    """The portal did not take it; the operators are being told."""
    return (
        f"Заказ {number_sign(escape(number))}: магазин не подтвердил оплату. "
        "Передаём менеджеру: он проверит и отметит сам. Платить второй раз не нужно."
    )


def operators_paid(number: str, amount: Decimal | None, currency: str) -> str:
    """What the operators do about «Да, оплачено»."""
    return (
        f"💵 Заказ {number_sign(escape(number))}: мастер оплатил курьеру {_sum(amount, currency)}. "
        "Отметьте оплату в Битриксе."
    )


def operators_question(number: str, amount: Decimal | None, currency: str) -> str:
    """What the operators do about «Нет, есть вопрос»."""
    return (
        f"❓ Заказ {number_sign(escape(number))}: доставлен, но по оплате {_sum(amount, currency)} "
        "у мастера вопрос. Свяжитесь с ним."
    )


def _sum(amount: Decimal | None, currency: str) -> str:
    return "(сумма заказа и платежей не совпадает)" if amount is None else money(amount, currency)
