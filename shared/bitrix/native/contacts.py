"""Contacts of a real portal's CRM: found by phone, by the key they were made with, or by id; made; their companies.

See shared/bitrix/CORE.md, «9. Contacts».
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, need_id, need_row, rows, text
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import left_out
from shared.domain import buyers
from shared.domain.contacts import Contact, FoundContacts, NewContact
from shared.domain.ids import clean_id

ORIGINATOR = "assistant-mastera"
"""What the bot calls itself among the outer systems that contacts come from."""
_COMPANY = 4
"""`entityTypeId` of companies."""
_TELEGRAM = "telegram"
_HOME = "+7"
"""A number of the country is kept in the CRM without its code as well, and the portal takes that for another one."""


def find_contacts(phone: str, key: str = "") -> Operation[FoundContacts]:
    """`crm.duplicate.findbycomm`, with `crm.contact.list` for what was made with a key.

    And with `crm.status.list` for the code of those who come from Telegram, which is the shop's own; without it a
    contact is made with the portal's usual one.
    """
    numbers = [phone, *([phone.removeprefix(_HOME)] if phone.startswith(_HOME) else [])]
    by_phone = {"type": "PHONE", "entity_type": "CONTACT", "values": numbers}
    commands = {"phone": Command("crm.duplicate.findbycomm", by_phone)}
    if key:
        wanted = {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": key}
        commands["made"] = Command("crm.contact.list", {"filter": wanted, "select": ["ID", "ORIGIN_ID"]})
    # In a request for a change only the last command may fail.
    commands["sources"] = Command("crm.status.list", {"filter": {"ENTITY_ID": "SOURCE"}})
    read = partial(_found, key)
    return Operation(commands, read, weight=len(commands), optional=frozenset({"sources"}))


def _found(key: str, answers: Mapping[str, Answer]) -> FoundContacts:
    by_phone = _ids(answers["phone"])
    made = rows(answers["made"].result, "contacts") if "made" in answers else ()
    # A filter that a portal does not know is dropped, and everybody comes back.
    ours = [need_id(row, "ID") for row in made if text(row, "ORIGIN_ID") == key]
    return FoundContacts(tuple(sorted({*by_phone, *ours}, key=_age)), _source(answers["sources"]))


def _ids(answer: Answer) -> list[str]:
    """Return who has the number: `{"CONTACT": [ids]}`, or PHP's empty list for nobody."""
    found = find(need_row(answer.result, "result"), "CONTACT") if answer.result != [] else []
    ids = [clean_id(one) or "" for one in found] if isinstance(found, list) else [""]
    if any(buyers.contact_of(buyers.of_contact(one)) is None for one in ids):
        raise BadAnswer("CONTACT is no list of ids")
    return ids


def _age(contact_id: str) -> int:
    return int(contact_id)


def _source(answer: Answer) -> str:
    if answer.error is not None:
        left_out("crm.status.list", "SOURCE")
        return ""
    known = {text(row, "NAME").casefold(): text(row, "STATUS_ID") for row in rows(answer.result, "statuses")}
    return known.get(_TELEGRAM, "")


def add_contact(wanted: NewContact) -> Operation[str]:
    """`crm.contact.add`; return the contact's id."""
    told = {
        "NAME": wanted.first_name,
        "LAST_NAME": wanted.last_name or None,
        "PHONE": [{"VALUE": wanted.phone, "VALUE_TYPE": "MOBILE"}],
        "SOURCE_ID": wanted.source or None,
        "SOURCE_DESCRIPTION": "Telegram",
        "ORIGINATOR_ID": ORIGINATOR,
        "ORIGIN_ID": wanted.key,
    }
    return Operation({"contact": Command("crm.contact.add", {"fields": told})}, _made)


def _made(answers: Mapping[str, Answer]) -> str:
    return need_id({"ID": answers["contact"].result}, "ID")


def contact(contact_id: str) -> Operation[Contact | None]:
    """`crm.contact.list` of one, with `crm.company.list` and `crm.requisite.list` for his company.

    None when it is not there, which `crm.contact.get` says like any other refusal.
    """
    params = {"filter": {"ID": as_sent(contact_id)}, "select": ["ID", "NAME", "LAST_NAME", "COMPANY_ID"]}
    company = Reference("contact", (0, "COMPANY_ID"))
    owner = {"ENTITY_TYPE_ID": _COMPANY, "ENTITY_ID": company}
    commands = {
        "contact": Command("crm.contact.list", params),
        "company": Command("crm.company.list", {"filter": {"ID": company}, "select": ["ID", "TITLE"]}),
        "requisites": Command("crm.requisite.list", {"filter": owner, "select": ["ID", "ENTITY_ID", "RQ_INN"]}),
    }
    beside = frozenset({"company", "requisites"})
    return Operation(commands, partial(_one, contact_id), weight=len(commands), optional=beside)


def _one(contact_id: str, answers: Mapping[str, Answer]) -> Contact | None:
    found = (row for row in rows(answers["contact"].result, "contacts") if need_id(row, "ID") == contact_id)
    row = next(found, None)
    if row is None:
        return None
    company_id = text(row, "COMPANY_ID")
    company = _company(company_id, answers)
    return Contact(contact_id, _name(row), company, company_id if company else "")


def _company(company_id: str, answers: Mapping[str, Answer]) -> str:
    """Return what the company is called. Without one the reference leads nowhere, and what came is anybody's."""
    cards = (row for row in rows(answers["company"].result, "companies") if text(row, "ID") == company_id)
    card = next(cards, None)
    if company_id in ("", "0") or card is None:
        return ""
    listed = rows(answers["requisites"].result, "requisites")
    numbers = [text(row, "RQ_INN") for row in listed if text(row, "ENTITY_ID") == company_id]
    taxpayer = next(filter(None, numbers), "")
    return ", ".join(filter(None, (text(card, "TITLE"), f"ИНН {taxpayer}" if taxpayer else "")))


def _name(row: Row) -> str:
    return " ".join(filter(None, (text(row, "NAME"), text(row, "LAST_NAME"))))
