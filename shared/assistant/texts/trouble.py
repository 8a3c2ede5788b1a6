"""Trouble: what happened, whether the order is safe, what to do (VOICE.md)."""

from __future__ import annotations


def stale_button() -> str:
    """Toast for a button of an old screen."""
    return "Эта кнопка устарела. Вот свежий экран."


def apology() -> str:
    """Say that a bug of ours stopped the work."""
    return (
        "Что-то сломалось у нас, мы уже разбираемся. "
        "Новый заказ из-за этого не создан, корзина на месте. Попробуйте ещё раз или напишите менеджеру."
    )


def portal_silent() -> str:
    """A read that did not work out."""
    return "Битрикс не отвечает. Корзина и заказы на месте. Попробуйте ещё раз через минуту."


def portal_silent_checkout() -> str:
    """A check before the order that did not work out."""
    return "Битрикс не отвечает. Заказ не создан, деньги не списаны. Попробуйте ещё раз через минуту."
