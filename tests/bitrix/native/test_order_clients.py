"""Whom an order of a real portal is for."""

from __future__ import annotations

import pytest

from shared.bitrix.errors import BadAnswer
from shared.domain.buyers import contact_of, is_user, of_contact
from tests.bitrix.native.speaking import asked, heard, native


def test_a_contact_is_named_in_the_order_and_in_its_deal() -> None:
    operation = native().name_client("5121", of_contact("44"))
    assert operation is not None
    client = {"entityTypeId": 3, "entityId": 44, "isPrimary": "Y"}
    told = asked(operation)
    assert told["client"] == ("sale.order.modify", {"fields": {"order": {"id": 5121, "clients": [client]}}})
    assert told["link"] == ("crm.orderentity.list", {"filter": {"orderId": 5121, "ownerTypeId": 2}})
    method, params = told["deal"]
    assert (method, params["entityTypeId"], params["fields"]) == ("crm.item.update", 2, {"contactId": 44})
    assert operation.optional == {"deal"}
    heard(operation, {"order": {"id": 5121}}, {"orderEntity": []}, {})
    with pytest.raises(BadAnswer):
        heard(operation, {"order": {}}, {"orderEntity": []}, {})


def test_a_user_of_the_portal_is_named_when_the_order_is_made() -> None:
    assert native().name_client("5121", "17") is None


@pytest.mark.parametrize(
    ("buyer", "contact", "user"),
    [("17", None, True), ("contact-44", "44", False), ("contact-", None, False), ("contact-0", None, False)],
)
def test_a_buyer_is_a_user_or_a_contact(buyer: str, contact: str | None, user: bool) -> None:
    assert (contact_of(buyer), is_user(buyer)) == (contact, user)
