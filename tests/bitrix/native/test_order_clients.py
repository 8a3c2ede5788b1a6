"""Whom an order of a real portal is for."""

from __future__ import annotations

import pytest

from shared.bitrix.encoding import Reference
from shared.bitrix.errors import BadAnswer
from shared.domain.buyers import contact_of, is_user, of_contact
from shared.domain.orders import DealView
from shared.status import Status
from tests.bitrix.native.speaking import asked, heard, native


def test_a_contact_is_named_in_the_order_and_in_its_deal() -> None:
    operation = native().present_order("5121", of_contact("44"))
    assert operation is not None
    client = {"entityTypeId": 3, "entityId": 44, "isPrimary": "Y"}
    told = asked(operation)
    assert told["client"] == ("sale.order.modify", {"fields": {"order": {"id": 5121, "clients": [client]}}})
    assert told["link"] == ("crm.orderentity.list", {"filter": {"orderId": 5121, "ownerTypeId": 2}})
    method, params = told["deal"]
    assert (method, params["entityTypeId"], params["fields"]) == ("crm.item.update", 2, {"contactId": 44})
    assert operation.optional == {"deal"}
    assert heard(operation, {"order": {"id": 5121}}, {"orderEntity": []}, {}) == ""
    link = {"ownerId": 301, "ownerTypeId": 2, "orderId": 5121}
    assert heard(operation, {"order": {"id": 5121}}, {"orderEntity": [link]}, {}) == "301"
    with pytest.raises(BadAnswer):
        heard(operation, {"order": {}}, {"orderEntity": []}, {})


def test_his_company_is_a_client_beside_him() -> None:
    operation = native().present_order("5121", of_contact("44"), None, "7")
    assert operation is not None
    told = asked(operation)
    order = told["client"][1]["fields"]["order"]
    assert [(one["entityTypeId"], one["entityId"]) for one in order["clients"]] == [(3, 44), (4, 7)]
    assert told["deal"][1]["fields"] == {"contactId": 44, "companyId": 7}
    assert len(told) == len(asked_for_contact()), "no command more"


def asked_for_contact() -> dict[str, object]:
    operation = native().present_order("5121", of_contact("44"))
    assert operation is not None
    return dict(asked(operation))


def test_a_user_of_the_portal_is_named_when_the_order_is_made() -> None:
    assert native().present_order("5121", "17") is None


VIEW = DealView("Заказ № 5121", "Адрес: Тверь")
SHOWN = {"title": "Заказ № 5121", "comments": "Адрес: Тверь", "sourceDescription": "Telegram"}


@pytest.mark.parametrize(
    ("buyer", "commands", "fields"),
    [("17", ["link", "deal"], SHOWN), (of_contact("44"), ["client", "link", "deal"], {"contactId": 44, **SHOWN})],
)
def test_a_deal_shows_whose_order_it_is(buyer: str, commands: list[str], fields: dict[str, object]) -> None:
    operation = native(deal_stage_map={"WON": Status.FINISHED}).present_order("5121", buyer, VIEW)
    assert operation is not None
    told = asked(operation)
    assert list(told) == commands
    assert told["deal"][1]["fields"] == fields
    assert told["deal"][1]["id"] == Reference("link", ("orderEntity", 0, "ownerId"))


def test_where_deals_do_not_matter_only_the_client_is_named() -> None:
    assert native().present_order("5121", "17", VIEW) is None
    operation = native().present_order("5121", of_contact("44"), VIEW)
    assert operation is not None
    assert asked(operation)["deal"][1]["fields"] == {"contactId": 44}


@pytest.mark.parametrize(
    ("buyer", "contact", "user"),
    [("17", None, True), ("contact-44", "44", False), ("contact-", None, False), ("contact-0", None, False)],
)
def test_a_buyer_is_a_user_or_a_contact(buyer: str, contact: str | None, user: bool) -> None:
    assert (contact_of(buyer), is_user(buyer)) == (contact, user)
