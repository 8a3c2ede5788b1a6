"""Contacts over REST: `crm.contact.*`, `crm.duplicate.findbycomm`, `crm.company.get`, `crm.requisite.list`.

They are of the oldest kind: fields in capitals, ids as text, refusals with an empty code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError
from infra.local.portal.native.contact_book import COMPANY_TYPE, CONTACT_TYPE, ContactBook, CrmContact
from infra.local.portal.native.families import ENTITY
from infra.local.portal.native.field_kinds import Row, fields, many
from infra.local.portal.native.listing import Listing
from infra.local.portal.native.reading import php_int, text_of
from infra.local.portal.params import Params

_KEPT = ("NAME", "LAST_NAME", "SOURCE_ID", "SOURCE_DESCRIPTION", "COMMENTS", "ORIGINATOR_ID", "ORIGIN_ID")
_CONTACTS = Listing("", fields(ints="ID COMPANY_ID", texts=" ".join(_KEPT)), ENTITY)
_COMPANIES = Listing("", fields(ints="ID", texts="TITLE"), ENTITY)
_REQUISITES = Listing("", fields(ints="ID ENTITY_TYPE_ID ENTITY_ID", texts="NAME RQ_INN"), ENTITY)
_MOST_VALUES = 20
_FOUND = {"CONTACT": CONTACT_TYPE, "COMPANY": COMPANY_TYPE, "LEAD": 1}


class ContactMethods:
    """The methods about people and companies."""

    def __init__(self, book: ContactBook) -> None:
        self._book = book

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "crm.contact.get": Method(self.get, scope="crm"),
            "crm.contact.list": Method(self.list, scope="crm"),
            "crm.contact.add": Method(self.add, modifies=True, scope="crm"),
            "crm.contact.update": Method(self.update, modifies=True, scope="crm"),
            "crm.duplicate.findbycomm": Method(self.find, scope="crm"),
            "crm.company.get": Method(self.company, scope="crm"),
            "crm.company.list": Method(self.companies, scope="crm"),
            "crm.requisite.list": Method(self.requisites, scope="crm"),
        }

    def get(self, call: Call) -> Reply:
        """`crm.contact.get`."""
        return Reply(_card(self._find(call.params)))

    def list(self, call: Call) -> Reply:
        """`crm.contact.list`: bare rows, without phones."""
        rows = (
            {"COMPANY_ID": one.company_id, **dict.fromkeys(_KEPT), "ID": one.id, **one.fields}
            for one in self._book.all()
        )
        return _CONTACTS.reply(call.params, rows, _row)

    def add(self, call: Call) -> Reply:
        """`crm.contact.add`: answers the bare id."""
        given = _fields(call.params)
        contact = self._book.add({}, ())
        self._write(contact, given)
        return Reply(contact.id)

    def update(self, call: Call) -> Reply:
        """`crm.contact.update`: a phone with an `ID` is changed, one without is added."""
        contact = self._find(call.params)
        self._write(contact, _fields(call.params))
        return Reply(result=True)

    def _write(self, contact: CrmContact, given: Params) -> None:
        contact.fields.update({name: text_of(given, name) for name in _KEPT if given.has(name)})
        if given.has("COMPANY_ID"):
            contact.company_id = php_int(given.raw("COMPANY_ID"))
        phones = list(contact.phones)
        for one in given.sections("PHONE") if given.has("PHONE") else ():
            value, place = text_of(one, "VALUE"), php_int(one.raw("ID")) - contact.id * 10 - 1
            if 0 <= place < len(phones):
                phones[place] = value
            elif value:
                phones.append(value)
        contact.phones = tuple(filter(None, phones))

    def find(self, call: Call) -> Reply:
        """`crm.duplicate.findbycomm`: an empty list where nobody has the number, else ids by kind."""
        if text_of(call.params, "type").upper() != "PHONE":
            raise RestError("", "Communication type is not defined.")
        values = [one for one in many(call.params.raw("values")) or [] if isinstance(one, str) and one]
        if not values:
            raise RestError("", "Communication values is not defined.")
        if _FOUND.get(text_of(call.params, "entity_type").upper(), CONTACT_TYPE) != CONTACT_TYPE:
            return Reply([])
        ids = dict.fromkeys(one.id for value in values[:_MOST_VALUES] for one in self._book.by_phone(value)[:20])
        return Reply({"CONTACT": list(ids)} if ids else [])

    def company(self, call: Call) -> Reply:
        """`crm.company.get`."""
        company = self._book.company(_id(call.params))
        if company is None:
            raise RestError("", "Not found")
        return Reply({"ID": str(company.id), "TITLE": company.title, "COMPANY_TYPE": "CUSTOMER"})

    def companies(self, call: Call) -> Reply:
        """`crm.company.list`: bare rows."""
        rows = ({"ID": one.id, "TITLE": one.title} for one in self._book.companies())
        return _COMPANIES.reply(call.params, rows, _as_text)

    def requisites(self, call: Call) -> Reply:
        """`crm.requisite.list`: those of the companies that have any."""
        return _REQUISITES.reply(call.params, self._rows(), _as_text)

    def _rows(self) -> Iterable[dict[str, Any]]:
        companies = {one.company_id: self._book.company(one.company_id) for one in self._book.all() if one.company_id}
        for company in filter(None, companies.values()):
            if company.inn:
                owner = {"ENTITY_TYPE_ID": COMPANY_TYPE, "ENTITY_ID": company.id}
                yield {"ID": company.id, **owner, "NAME": "Организация", "RQ_INN": company.inn}

    def _find(self, params: Params) -> CrmContact:
        contact = self._book.get(_id(params))
        if contact is None:
            raise RestError("", "Not found")
        return contact


def _as_text(row: Row) -> dict[str, Any]:
    return {name: str(value) for name, value in row.items()}


def _row(row: Row) -> dict[str, Any]:
    return {name: str(value) if value else None for name, value in row.items()}


def _id(params: Params) -> int:
    found = php_int(params.raw("id"))
    if found <= 0:
        raise RestError("", "ID is not defined or invalid.")
    return found


def _fields(params: Params) -> Params:
    if not isinstance(params.raw("fields"), dict):
        raise RestError("", "Parameter 'fields' must be array.")
    return params.section("fields")


def _card(contact: CrmContact) -> dict[str, Any]:
    card: dict[str, Any] = {"ID": str(contact.id), **{name: contact.fields.get(name) or None for name in _KEPT}}
    card["COMPANY_ID"] = str(contact.company_id) if contact.company_id else None
    card["HAS_PHONE"] = "Y" if contact.phones else "N"
    if contact.phones:
        card["PHONE"] = [
            {"ID": str(contact.id * 10 + place), "VALUE_TYPE": "MOBILE", "VALUE": phone, "TYPE_ID": "PHONE"}
            for place, phone in enumerate(contact.phones, 1)
        ]
    return card
