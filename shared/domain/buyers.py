"""Ids of buyers: a user of the portal (`17`), or a contact of its CRM (`contact-44`), whom masters order as."""

from __future__ import annotations

import re

_CONTACT = "contact-"
_NUMBER = re.compile(r"[1-9][0-9]{0,19}")


def of_contact(contact_id: str) -> str:
    """Return the buyer's id of a contact."""
    return f"{_CONTACT}{contact_id}"


def contact_of(buyer_id: str) -> str | None:
    """Return the contact's id; None when the buyer is a user of the portal."""
    number = buyer_id.removeprefix(_CONTACT)
    return number if number != buyer_id and _NUMBER.fullmatch(number) else None


def is_user(buyer_id: str) -> bool:
    """Whether the buyer is a user of the portal."""
    return _NUMBER.fullmatch(buyer_id) is not None
