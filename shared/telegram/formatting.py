"""The forms of numbers, days, phones and names in a Russian message. Pure functions.

Money and quantities are Decimal; times are aware and shown in the zone that is given. Nothing here rounds through a
float, and nothing depends on the machine's locale.

See shared/assistant/README.md, «Typography».
"""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from shared.domain.money import rounded
from shared.domain.quantities import symbol
from shared.domain.text import NBSP

MINUS: Final = "\u2212"

_SIGNS: Final = {"RUB": "₽"}
_MONTHS: Final = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_TAG: Final = re.compile(
    r"</?(?:b|strong|i|em|u|ins|s|strike|del|code|pre|a|span|blockquote|tg-spoiler|tg-emoji|tg-time)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BOT_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


def money(amount: Decimal, currency: str = "RUB") -> str:
    """Return «1 234,50 ₽»: no-break spaces, no or two decimals, half a kopeck up; other currencies by their code.

    ValueError for what is not a finite number.
    """
    if not amount.is_finite():
        raise ValueError("not a finite number")
    cents = rounded(amount)
    number = _number(cents if cents % 1 else cents.to_integral_value())
    return f"{number}{NBSP}{_SIGNS.get(currency, currency)}"


def quantity(amount: Decimal) -> str:
    """Return «1 200», «1,5»: all the decimals there are and no zeros after them. ValueError as `money`."""
    if not amount.is_finite():
        raise ValueError("not a finite number")
    return _number(amount.normalize())


def measured(amount: Decimal, unit: str) -> str:
    """Return «2,5 м», «3 уп.»: the quantity and the unit's symbol, kept together. ValueError as `money`."""
    return f"{quantity(amount)}{NBSP}{symbol(unit).replace(' ', NBSP)}"


def _number(value: Decimal) -> str:
    """Return a number with a comma, groups of three, and U+2212 if it is below zero."""
    digits = f"{abs(value):,f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS if value < 0 else ''}{digits}"


def plural(count: Decimal | int, one: str, few: str, many: str) -> str:
    """Return the form of a noun: 1 товар, 2 товара, 5 товаров, 21 товар; a fraction takes `few` (1,5 товара)."""
    if count % 1:
        return few
    last, teens = abs(int(count)) % 10, abs(int(count)) % 100
    if last == 1 and teens != 11:  # noqa: PLR2004 - the rule of the language
        return one
    if last in {2, 3, 4} and teens not in {12, 13, 14}:
        return few
    return many


def counted(count: Decimal | int, one: str, few: str, many: str) -> str:
    """Return the number with its noun: «23 товара», kept together."""
    return f"{quantity(Decimal(count))}{NBSP}{plural(count, one, few, many)}"


def date_text(value: date, *, today: date) -> str:
    """Return «3 ноября», or «3 ноября 2027» when it is not this year."""
    year = "" if value.year == today.year else f" {value.year}"
    return f"{value.day} {_MONTHS[value.month - 1]}{year}"


def day(value: date, *, today: date) -> str:
    """Return «сегодня», «завтра» or the date."""
    near = {today: "сегодня", today + timedelta(days=1): "завтра"}
    return near.get(value) or date_text(value, today=today)


def moment(value: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Return «3 ноября, 09:05» as the clock in `zone` shows it. ValueError for times without a zone."""
    local = local_time(value, zone)
    return f"{date_text(local.date(), today=local_time(now, zone).date())}, {local:%H:%M}"


def local_time(value: datetime, zone: tzinfo) -> datetime:
    """Return the time in `zone`. ValueError for a time without a zone: nobody knows what it means."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(zone)


def escape(text: str) -> str:
    """Return `text` safe between the tags of a message in HTML."""
    return html.escape(text, quote=False)


def strip_markup(text: str) -> str:
    """Return a message in HTML as plain text, also where its tags are not in order."""
    return html.unescape(_TAG.sub("", text))


def number_sign(value: object) -> str:
    """Return «№ 5121», kept together."""
    return f"№{NBSP}{value}"


def deep_link(bot_name: str, payload: str) -> str:
    """Return the address that opens the bot and sends `/start payload`.

    ValueError if the payload is not 1–64 of `A-Za-z0-9_-` (shared/telegram/README.md, «Sizes») or the name is no user
    name.
    """
    name = bot_name.removeprefix("@")
    if not _BOT_NAME.fullmatch(name):
        raise ValueError("not the user name of a bot")
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError("a start payload is 1–64 of A-Z, a-z, 0-9, _ and -")
    return f"https://t.me/{name}?start={payload}"
