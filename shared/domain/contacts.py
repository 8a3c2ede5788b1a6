"""Contacts of the portal's CRM: the people whom masters order as (`shared.domain.buyers`)."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_NAME = 50
"""Characters of each of a contact's names; Telegram's may have 64."""


@dataclass(frozen=True)
class Contact:
    """A contact that is there. `name` is "" where the portal knows none.

    `company` is what people call his company, with its taxpayer's number (ИНН) if the portal has it; `company_id` is
    its id. Both are "" without one.
    """

    id: str
    name: str = ""
    company: str = ""
    company_id: str = ""


@dataclass(frozen=True)
class NewContact:
    """A contact to be made. `key` is its own for ever: it is found by it when nobody knows whether it was made.

    `phone` is in E.164. `source` is the portal's code for where people come from, "" for its usual one.
    """

    key: str
    phone: str = field(repr=False)
    first_name: str
    last_name: str = ""
    source: str = ""


@dataclass(frozen=True)
class FoundContacts:
    """The contacts that have a phone, by id: the first one made is the first.

    `source` is the portal's code for people who come from Telegram, "" where it has none.
    """

    ids: tuple[str, ...] = ()
    source: str = ""
