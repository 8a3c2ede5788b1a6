"""The texts that ask where to deliver."""

from __future__ import annotations

from shared.telegram.formatting import escape

_OR_POINT = "Можно отправить точку на карте: скрепка, «Геопозиция»."


def ask_address() -> str:
    """Ask where to deliver."""
    return f"📍 Куда доставить? Напишите город, улицу, дом.\n{_OR_POINT}"


def ask_address_or_choose() -> str:
    """Ask where to deliver when there are saved addresses."""
    return f"📍 Куда доставить? Выберите адрес или напишите новый: город, улицу, дом.\n{_OR_POINT}"


def address_forgotten() -> str:
    """Toast: a saved address is not offered any more."""
    return "Адрес удалён из сохранённых."


def choose_to_name() -> str:
    """Ask which saved address shall get a name."""
    return "Какому адресу дать название?"


def ask_address_name(address: str) -> str:
    """Ask what an address shall be called."""
    return f"{address_line(address)}\n\nКак назвать этот адрес? Например: «Гараж» или «Объект на Мира»."


def address_name_odd() -> str:
    """Say that a name is too long for a button."""
    return "Название не поместится на кнопку. Напишите короче — до 25 знаков."


def ask_words(point: str) -> str:
    """Ask for words to a point on the map."""
    return (
        f"{address_line(point)}\n\nДопишите для курьера город, улицу и дом — или подъезд и этаж, если точка у дверей."
    )


def words_odd() -> str:
    """Say that the words to a point are too few or too many."""
    return "Напишите коротко, куда подойти курьеру, — от 2 до 250 знаков."


def pointed(words: str, point: str) -> str:
    """«Тверь, ул. Советская, 10 (точка на карте: 56.85870, 35.91760)», as the portal gets it."""
    return f"{words} (точка на карте: {point})" if words else f"Точка на карте: {point}"


def address_odd() -> str:
    """Say that this is no address."""
    return "Не похоже на адрес. Напишите город, улицу и дом — от 5 до 300 знаков."


def no_address() -> str:
    """Say on the confirmation that nobody knows as yet where the order goes."""
    return "📍 Адрес пока не указан."


def address_line(address: str) -> str:
    """Where to deliver, on the confirmation."""
    return f"📍 {escape(address)}"
