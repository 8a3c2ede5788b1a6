"""Contacts of a real portal: by phone, by key, by id; made."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from shared.bitrix.errors import BadAnswer, MethodMissing
from shared.bitrix.native.contacts import ORIGINATOR, add_contact, contact, find_contacts
from shared.bitrix.portal import Answer
from shared.domain.contacts import Contact, FoundContacts, NewContact
from tests.bitrix.native.speaking import ODD, asked, heard, lines_of

PHONE, KEY = "+79123456789", "0b0f3c5e-6f0e-4c40-9df6-6d3c7f0f2a11"
NOBODY: list[Any] = []


def test_a_number_of_the_country_is_looked_up_without_its_code_too() -> None:
    method, params = asked(find_contacts(PHONE))["phone"]
    assert method == "crm.duplicate.findbycomm"
    assert params == {"type": "PHONE", "entity_type": "CONTACT", "values": [PHONE, "9123456789"]}
    assert asked(find_contacts("+375291234567"))["phone"][1]["values"] == ["+375291234567"]


def test_who_has_a_number_comes_by_age_and_nobody_is_a_list_of_none() -> None:
    operation = find_contacts(PHONE)
    assert heard(operation, {"CONTACT": [1000, 44, 905]}, NOBODY).ids == ("44", "905", "1000")
    assert heard(operation, NOBODY, NOBODY) == FoundContacts()


def test_what_was_made_is_found_by_its_key_though_the_portal_drops_the_filter() -> None:
    operation = find_contacts(PHONE, KEY)
    wanted = {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": KEY}
    assert asked(operation)["made"][1]["filter"] == wanted
    everybody = [{"ID": "9", "ORIGIN_ID": None}, {"ID": "12", "ORIGIN_ID": KEY}]
    assert heard(operation, NOBODY, everybody, NOBODY).ids == ("12",)
    assert heard(operation, {"CONTACT": [12]}, everybody, NOBODY).ids == ("12",)


def test_the_source_is_the_shops_own_telegram_if_it_has_one() -> None:
    operation = find_contacts(PHONE)
    sources = [{"NAME": "Звонок", "STATUS_ID": "CALL"}, {"NAME": "Telegram", "STATUS_ID": "UC_TG"}]
    assert heard(operation, NOBODY, sources).source == "UC_TG"
    assert heard(operation, NOBODY, sources[:1]).source == ""
    assert operation.optional == {"sources"}
    assert list(operation.commands)[-1] == "sources"
    refused = Answer(None, error=MethodMissing("no such method"))
    assert heard(operation, NOBODY, refused) == FoundContacts()


@given(ODD)
def test_an_answer_that_makes_no_sense_is_nobodys(odd: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(find_contacts(PHONE), {"CONTACT": [odd]}, NOBODY)


def test_a_contact_is_made_with_its_key() -> None:
    operation = add_contact(NewContact(KEY, PHONE, "Иван", "Петров", "UC_TG"))
    (method, params) = asked(operation)["contact"]
    assert method == "crm.contact.add"
    assert params["fields"] == {
        "NAME": "Иван",
        "LAST_NAME": "Петров",
        "PHONE": [{"VALUE": PHONE, "VALUE_TYPE": "MOBILE"}],
        "SOURCE_ID": "UC_TG",
        "SOURCE_DESCRIPTION": "Telegram",
        "ORIGINATOR_ID": ORIGINATOR,
        "ORIGIN_ID": KEY,
    }
    assert heard(operation, 44) == "44"
    with pytest.raises(BadAnswer):
        heard(operation, False)


NO_ANSWER = Answer(None, error=MethodMissing("no such method"))
ROW = {"ID": "44", "NAME": "Иван", "LAST_NAME": None, "COMPANY_ID": "7"}


def test_a_contact_is_there_or_is_not() -> None:
    operation = contact("44")
    assert heard(operation, [{**ROW, "COMPANY_ID": None}], NO_ANSWER, NO_ANSWER) == Contact("44", "Иван")
    assert heard(operation, [], NO_ANSWER, NO_ANSWER) is None
    assert heard(operation, [{**ROW, "ID": "45"}], NO_ANSWER, NO_ANSWER) is None


def test_his_company_comes_with_its_taxpayers_number() -> None:
    operation = contact("44")
    assert operation.optional == {"company", "requisites"}
    reference = "$result[contact][0][COMPANY_ID]"
    assert reference in lines_of(operation)["company"]
    assert reference in lines_of(operation)["requisites"]
    company, inn = [{"ID": "7", "TITLE": "ООО «Ремонт»"}], {"ENTITY_ID": "7", "RQ_INN": "7701234567"}
    whole = "ООО «Ремонт», ИНН 7701234567"
    assert heard(operation, [ROW], company, [{"ENTITY_ID": "7", "RQ_INN": None}, inn]) == Contact(
        "44", "Иван", whole, "7"
    )
    assert heard(operation, [ROW], company, NO_ANSWER) == Contact("44", "Иван", "ООО «Ремонт»", "7")


@pytest.mark.parametrize("company_id", [None, "0", "8"])
def test_what_a_reference_that_leads_nowhere_brings_is_nobodys(company_id: str | None) -> None:
    company, inn = [{"ID": "7", "TITLE": "ООО «Ремонт»"}], {"ENTITY_ID": "7", "RQ_INN": "7701234567"}
    told = heard(contact("44"), [{**ROW, "COMPANY_ID": company_id}], company, [inn])
    assert told == Contact("44", "Иван")
