"""Contacts and companies of a native portal, and how it compares telephone numbers.

See shared/bitrix/CORE.md, «9. Contacts».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

CONTACT_TYPE, COMPANY_TYPE = 3, 4
"""`entityTypeId` of contacts and companies."""
SOURCES = {"CALL": "Звонок", "WEB": "Веб-сайт", "STORE": "Интернет-магазин", "OTHER": "Другое"}
"""The dictionary `SOURCE`, as far as it matters."""
TELEGRAM_SOURCE = {"UC_TG": "Telegram"}
_FIRST_CONTACT, _FIRST_COMPANY = 901, 701
_NOISE = re.compile(r"[^0-9#*,;]")
_EXTENSION = re.compile(r"([0-9]+)[;#]*[0-9,]*")
_LONG = 10


@dataclass
class CrmContact:
    """A person. `fields` has what was written in the portal's own names, such as `NAME` and `SOURCE_ID`."""

    id: int
    phones: tuple[str, ...] = ()
    company_id: int = 0
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class CrmCompany:
    """A company; `inn` stands in its requisites."""

    id: int
    title: str
    inn: str = ""


class ContactBook:
    """All contacts and companies."""

    def __init__(self) -> None:
        self._contacts: dict[int, CrmContact] = {}
        self._companies: dict[int, CrmCompany] = {}
        self.has_telegram = False
        """Whether the dictionary of sources has «Telegram»: a shop makes it by hand."""
        self._contact_ids, self._company_ids = count(_FIRST_CONTACT), count(_FIRST_COMPANY)

    def all(self) -> list[CrmContact]:
        """Return every contact, oldest first."""
        return list(self._contacts.values())

    def get(self, contact_id: int) -> CrmContact | None:
        """Return a contact, or None."""
        return self._contacts.get(contact_id)

    def companies(self) -> list[CrmCompany]:
        """Return every company, oldest first."""
        return list(self._companies.values())

    def company(self, company_id: int) -> CrmCompany | None:
        """Return a company, or None."""
        return self._companies.get(company_id)

    def add(self, fields: dict[str, str], phones: Sequence[str], company_id: int = 0) -> CrmContact:
        """Make a contact."""
        contact = CrmContact(next(self._contact_ids), tuple(phones), company_id, dict(fields))
        self._contacts[contact.id] = contact
        return contact

    @property
    def sources(self) -> dict[str, str]:
        """Names of where people come from, by code."""
        return {**SOURCES, **(TELEGRAM_SOURCE if self.has_telegram else {})}

    def add_company(self, title: str, inn: str = "") -> CrmCompany:
        """Make a company."""
        company = CrmCompany(next(self._company_ids), title, inn)
        self._companies[company.id] = company
        return company

    def by_phone(self, number: str) -> list[CrmContact]:
        """Return who has a number, oldest first."""
        wanted = normal_phone(number)
        return [one for one in self.all() if wanted in map(normal_phone, one.phones)]


def normal_phone(number: str) -> str:
    """Return what the portal compares: digits with the country, a leading 8 as 7, no extension."""
    digits = _NOISE.sub("", f"00{number[1:]}" if number.startswith("+8") else number)
    if len(digits) >= _LONG and not digits.startswith(("80", "81", "82")):
        digits = f"7{digits[1:]}" if digits.startswith("8") else re.sub(r"^(?:00|011|0)", "", digits)
    return _EXTENSION.sub(r"\1", digits, count=1)
