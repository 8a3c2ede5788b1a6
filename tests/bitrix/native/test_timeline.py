"""Comments in the CRM's timeline."""

from __future__ import annotations

import pytest

from shared.bitrix.encoding import Reference
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.portal import Answer, Operation
from shared.domain.buyers import of_contact
from tests.bitrix.native.speaking import asked, native

ADD, LINK = "crm.timeline.comment.add", {"ownerId": 301, "ownerTypeId": 2, "orderId": 5121}


def commenting(buyer: str, order: str = "5121") -> Operation[None]:
    operation = native().comment(buyer, order, "Где заказ?")
    assert operation is not None
    return operation


def test_a_contact_is_commented_on() -> None:
    operation = commenting(of_contact("44"))
    fields = {"ENTITY_TYPE": "contact", "ENTITY_ID": 44, "COMMENT": "Где заказ?"}
    assert asked(operation) == {"comment": (ADD, {"fields": fields})}
    operation.read({"comment": Answer(7001)})
    with pytest.raises(BadAnswer):
        operation.read({"comment": Answer(None)})


def test_of_a_user_the_deal_of_his_order_is() -> None:
    operation = commenting("17")
    owner = Reference("link", ("orderEntity", 0, "ownerId"))
    assert asked(operation) == {
        "link": ("crm.orderentity.list", {"filter": {"orderId": 5121, "ownerTypeId": 2}}),
        "comment": (ADD, {"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": owner, "COMMENT": "Где заказ?"}}),
    }
    linked = Answer({"orderEntity": [LINK]})
    operation.read({"link": linked, "comment": Answer(7001)})
    refusal = Answer(None, error=NotFound("no owner"))
    operation.read({"link": Answer({"orderEntity": []}), "comment": refusal})
    with pytest.raises(NotFound):
        operation.read({"link": linked, "comment": refusal})


def test_of_nobody_nothing_is_said() -> None:
    assert native().comment("17", "", "Где заказ?") is None
