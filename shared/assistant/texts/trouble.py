"""Trouble: what happened, whether the order is safe, what to do (shared/assistant/README.md, «Trouble»)."""

from __future__ import annotations

from datetime import timedelta

from shared.telegram.formatting import counted

_MINUTE = 60


def stale_button() -> str:
    """Toast for a button of an old screen."""
    return "Эта кнопка устарела. Вот свежий экран."


def in_queue(wait: timedelta) -> str:
    """Say how long the queue is."""
    return f"Сервис перегружен, вы в очереди: примерно {_about(wait)}."


def portal_slow(wait: timedelta) -> str:
    """Say how long the portal keeps him waiting, which may be minutes."""
    return f"Магазин отвечает медленно. Ответим сами, ждать примерно {_about(wait)}. Повторять не нужно."


def _about(wait: timedelta) -> str:
    """Say a time to five seconds, upwards; from a minute on in minutes."""
    seconds = max(-(-int(wait.total_seconds()) // 5) * 5, 5)
    if seconds < _MINUTE:
        return counted(seconds, "секунду", "секунды", "секунд")
    return counted(-(-seconds // _MINUTE), "минуту", "минуты", "минут")


def apology() -> str:
    """Say that a bug of ours stopped the work."""
    return (
        "Что-то сломалось у нас, мы уже разбираемся. "
        "Новый заказ из-за этого не создан, корзина на месте. Попробуйте ещё раз или напишите менеджеру."
    )


def portal_silent() -> str:
    """A read that did not work out."""
    return "Магазин не отвечает. Корзина и заказы на месте. Попробуйте ещё раз через минуту."


def misread() -> str:
    """An answer that the bot could not make sense of: its own fault, or a setting's; another try is of no use."""
    return f"{_MISREAD} Корзина и заказы на месте. {_WAYS_ON}"


def misread_checkout() -> str:
    """The same, of a check before the order."""
    return f"{_MISREAD} Заказ не создан, деньги не списаны. {_WAYS_ON}"


_MISREAD = "Ошибка у нас: не смогли разобрать ответ магазина. Уже разбираемся."
_WAYS_ON = "Попробуйте позже или напишите менеджеру."


def portal_silent_checkout() -> str:
    """A check before the order that did not work out."""
    return "Магазин не отвечает. Заказ не создан, деньги не списаны. Попробуйте ещё раз через минуту."
