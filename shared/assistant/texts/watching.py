"""Watching a product."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.assistant.texts import common, search
from shared.domain.offers import Offer
from shared.domain.text import NBSP, shorten
from shared.domain.watches import Watch, WatchAim
from shared.telegram.formatting import date_text, escape, money


def will_tell_of_stock(until: date) -> str:
    """Toast: «Сообщим о поступлении. Следим до 21 февраля.»"""
    return f"Сообщим о поступлении. Следим {_until(until)}."


def will_tell_of_price(price: Decimal, currency: str, until: date) -> str:
    """Toast: «Сообщим, если станет дешевле 7 990 ₽. Следим до 21 февраля.»"""
    return f"Сообщим, если станет дешевле {money(price, currency)}. Следим {_until(until)}."


def ended() -> str:
    """Toast for a watch that was ended."""
    return "Больше не следим за этим товаром."


def too_many(most: int) -> str:
    """Say that there is no room for another."""
    return f"Следим уже за {most}{NBSP}товарами, больше нельзя. Уберите лишние из списка: команда /watches."


def back_in_stock(name: str, offer: Offer) -> str:
    """News: some store holds it again."""
    price = "по запросу" if offer.on_request else escape(search.price(offer))
    return f"🔔 Снова в наличии: {common.told(offer.available, offer.unit)}\n{_name(name)}\nЦена: {price}"


def cheaper(name: str, before: Decimal, offer: Offer) -> str:
    """News: «🔔 Подешевело: 7 990 → 7 490 ₽»"""
    old = money(before, offer.currency).rsplit(NBSP, 1)[0]
    return f"🔔 Подешевело: {old} → {escape(search.price(offer))}\n{_name(name)}"


def gone(name: str) -> str:
    """News: it has left the shop."""
    head = "🔕 Больше не продаётся, следить перестали:"
    return f"{head}\n{_name(name)}\nПоищите похожий: напишите название короче."


def _name(name: str) -> str:
    return f"<b>{escape(shorten(name, common.NAME_LIMIT))}</b>"


def nothing_watched() -> str:
    """Say how to begin."""
    return (
        "🔔 Пока ни за чем не следим. Найдите товар и нажмите под ним «Сообщить…»: "
        "напишем, когда он появится или подешевеет."
    )


def list_head(count: int) -> str:
    """Head of the list."""
    return f"🔔 <b>Следим за товарами</b> — {count}"


def watch_line(number: int, watch: Watch, until: date) -> str:
    """Two lines of the list: name, what is waited for and until when."""
    price = money(watch.price, watch.currency)
    what = "сообщим о поступлении" if watch.aim is WatchAim.STOCK else f"сообщим, если дешевле {price}"
    return f"{number}. {escape(shorten(watch.name, common.NAME_LIMIT))}\n   {what} · {_until(until)}"


def _until(end: date) -> str:
    """Return «до 21 февраля»: no watch is so long that the year had to be said."""
    return f"до{NBSP}{date_text(end, today=end)}"


def list_foot() -> str:
    """Say what the buttons of the list do."""
    return "Номер откроет товар, 🔕 — больше не следить."
