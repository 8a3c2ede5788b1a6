"""Saved lists."""

from __future__ import annotations

from typing import Final

from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import counted

SAVE_CART: Final = "💾 Сохранить корзину списком"
DROP: Final = "✖️ Убрать"


def head(lists: int) -> str:
    """Head of all lists, or how to make the first one."""
    if not lists:
        return (
            "Списков пока нет. Соберите корзину и сохраните её списком: в следующий раз всё добавится "
            "одной кнопкой, по свежим ценам."
        )
    return "📋 Ваши списки. Нажмите на список: покажем цены и наличие на сейчас."


def open_list(name: str, goods: int) -> str:
    """Button: «Ванная · 12 товаров»"""
    return f"{shorten(name, 30)} · {counted(goods, 'товар', 'товара', 'товаров')}"


def ask_name() -> str:
    """Ask what to call the list."""
    return "Как назвать список? Если такой уже есть, он станет таким, как корзина. Передумали — /cancel."


def name_odd(longest: int) -> str:
    """Say how long a name may be."""
    return f"Название — до {longest}{NBSP}знаков. Напишите покороче."


def cart_empty() -> str:
    """Say that there is nothing to save."""
    return "Корзина пуста, сохранять нечего. Добавьте товары и нажмите ещё раз."


def too_many(most: int) -> str:
    """Say that there is no room for another."""
    return f"У вас уже {most}{NBSP}списков, больше нельзя. Уберите лишние: команда /lists."


def dropped() -> str:
    """Toast for a list that was dropped."""
    return "Список убран."
