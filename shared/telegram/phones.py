"""Telephone numbers as people write them and as they are stored: E.164, `+79123456789`.

See shared/assistant/README.md, «Typography».
"""

from __future__ import annotations

import re
from typing import Final

# Spaces and dashes of all kinds, and the invisible marks that come along when a number is copied from a phone.
_SEPARATORS: Final = re.compile(r"[\s().\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060\ufeff-]")
_RUSSIAN: Final = re.compile(r"(?:\+?7|8)?([3489][0-9]{9})")
_KAZAKH: Final = re.compile(r"(?:\+?7|8)([67][0-9]{9})")
# «+8 912…» is a slip of the pen: no country begins with 89.
_FOREIGN: Final = re.compile(r"\+(?!89)[1-689][0-9]{7,14}")


def parse_phone(text: str) -> str | None:
    """Return the number in E.164, or None if `text` is no phone.

    Takes `8 (912) 345-67-89`, `+7…`, `9123456789`, with any spaces and dashes. A number without «+» is Russian (or
    Kazakh): that is where the masters are. Other countries need the «+».
    """
    digits = _SEPARATORS.sub("", text)
    if home := _RUSSIAN.fullmatch(digits) or _KAZAKH.fullmatch(digits):
        return f"+7{home.group(1)}"
    return digits if _FOREIGN.fullmatch(digits) else None


def card_phone(number: str) -> str | None:
    """Return the number of a contact's card: Telegram writes it with a plus or without, always with the country."""
    return parse_phone(f"+{number.removeprefix('+')}")


def phone(number: str) -> str:
    """Return a stored number as it is shown: `+7 912 345-67-89`; foreign ones stay as they are."""
    if home := re.fullmatch(r"\+7([0-9]{3})([0-9]{3})([0-9]{2})([0-9]{2})", number):
        return "+7 {} {}-{}-{}".format(*home.groups())
    return number
