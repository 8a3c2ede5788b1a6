"""What managers make of a native portal: the states that its control end points and its pages set up alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from infra.local.portal.changes import read_lines, read_order_change, read_sum
from infra.local.portal.errors import RestError, mistyped, out_of_range
from infra.local.portal.goods_changes import add_product, fill_up
from infra.local.portal.hits import one_hit
from infra.local.portal.native.contact_book import CONTACT_TYPE, ContactBook, CrmContact
from infra.local.portal.native.deal_book import STAGES, Deal, stage_of
from infra.local.portal.native.manager_acts import SENT, THERE
from infra.local.portal.native.model import Payment, SaleOrder, Shipment
from infra.local.portal.native.setup import Setup
from infra.local.portal.native.shop import NativeShop
from infra.local.portal.native.timeline import TimelineComment
from infra.local.portal.operating import OperatingBudget
from infra.local.portal.params import Params
from infra.local.portal.parts_page import parts_cards

PARTS = ("order", "line", "payment", "shipment")
"""What of an order may answer oddly."""

PARCEL_ACTS = {"send": SENT, "deliver": THERE}
BACK_THE_WAY_IT_CAME = "P"

Part = TypeVar("Part", Shipment, Payment)


class NativeStates:
    """Brings the portal into a state. Everything raises `RestError` 400 for what makes no sense, 404 for what is not there.

    A change that makes no sense in one part changes nothing.
    """  # noqa: E501 - one sentence

    def __init__(self, shop: NativeShop, budget: OperatingBudget) -> None:
        self._shop = shop
        self._budget = budget
        self.catalogue = shop.catalogue

    @property
    def setup(self) -> Setup:
        """The portal's settings as a whole."""
        return self._shop.setup

    def add_product(self, params: Params) -> str:
        """Add a product, or a variation of one; return its id."""
        return add_product(self.catalogue, params).id

    def fill_up(self, params: Params) -> int:
        """Let the catalogue have so many goods; return how many it has."""
        fill_up(self.catalogue, params)
        return len(self.catalogue)

    def change_orders(self, params: Params) -> list[str]:
        """Change many orders in one request of the portal, as a manager does in the list of orders; return the ids."""
        ids = params.id_values("ids")
        orders = [order for order_id in ids if (order := self._shop.orders.get(order_id)) is not None]
        change = read_order_change(params)
        if len(orders) < len(ids):
            raise not_found("order")
        with one_hit():
            for order in orders:
                self._shop.change_order(order, change)
        return [order.id for order in orders]

    def deals(self) -> list[Deal]:
        """Return the deals, oldest first."""
        return self._shop.ledger.deals.all()

    def change_deal(self, deal_id: int, params: Params) -> None:
        """Move a deal to a `stage`, or `delete` it with its order."""
        ledger = self._shop.ledger
        deal = ledger.deals.get(deal_id)
        if deal is None:
            raise not_found("deal")
        if params.flag("delete"):
            ledger.delete_deal(deal)
            return
        stage = params.text("stage")
        if stage_of(stage) is None:
            raise out_of_range("stage", f"one of {', '.join(STAGES)}")
        ledger.deals.update(deal, {}, stage)

    @property
    def contacts(self) -> ContactBook:
        """The people of the CRM."""
        return self._shop.contacts

    @property
    def comments(self) -> list[TimelineComment]:
        """What is said in the timelines of the CRM."""
        return self._shop.timeline.comments

    def add_contact(self, params: Params) -> CrmContact:
        """Add a contact with a `name` and `phones`, in a `company` with an `inn` where that is given."""
        company = params.optional_text("company")
        made = self.contacts.add_company(company, params.optional_text("inn")).id if company else 0
        return self.contacts.add({"NAME": params.text("name")}, params.texts("phones"), made)

    def orders_of(self, contact: CrmContact) -> list[str]:
        """Return the ids of the orders a contact is a client of."""
        client = (CONTACT_TYPE, contact.id)
        orders = self._shop.ledger.all()
        return [str(it.id) for it in orders if client in [(one.entity_type_id, one.entity_id) for one in it.clients]]

    def parts_of(self, order_id: str) -> str:
        """Return the parcels and bills of an order as the desk shows them."""
        return parts_cards(self._order(int(order_id)), self._shop.options.native.delivered_status)

    def change_part(self, order_id: int, act: str, params: Params) -> None:
        """Do to a parcel or a bill what its `act` says: split, send, deliver; divide, renew, settle, refund."""
        order, acts = self._order(order_id), self._shop.managers
        if act == "split":
            acts.split(order, read_lines(params))
        elif act in PARCEL_ACTS:
            tracking = params.optional_text("tracking") if act == "send" else None
            acts.move_parcel(order, _part(order.own_shipments, params.id("shipment")), PARCEL_ACTS[act], tracking)
        elif act == "divide":
            acts.divide_bill(order, read_sum(params, "sum"))
        elif act == "renew":
            acts.renew_bill(order)
        elif act == "settle":
            acts.settle(order, _part(order.payments, params.id("payment")), paid=True)
        elif act == "refund":
            acts.give_back(order, _part(order.payments, params.id("payment")), BACK_THE_WAY_IT_CAME)
        else:
            raise not_found("act")

    def make_odd(self, order_id: int, params: Params) -> dict[str, dict[str, Any]]:
        """Let an order and its parts answer with other values, whatever they are, in place of what was odd before."""
        order = self._order(order_id)
        odd: dict[str, dict[str, Any]] = {}
        for part in filter(params.has, PARTS):
            fields = params.raw(part)
            if not isinstance(fields, Mapping):
                raise mistyped(part, "array")
            odd[part] = dict(fields)
        order.odd = odd
        return odd

    def make_field_odd(self, order_id: int, params: Params) -> None:
        """Let one field of an order or its parts answer with another value, JSON or a text."""
        order, part = self._order(order_id), params.text("part")
        if part not in PARTS:
            raise out_of_range("part", f"one of {', '.join(PARTS)}")
        changed = {**order.odd.get(part, {}), params.text("field"): _any_value(params.text("value", blank=True))}
        order.odd = {**order.odd, part: changed}

    def exhaust(self, params: Params) -> dict[str, Any]:
        """Use up a method's time, for whoever calls it; return when it may be called again."""
        method = params.text("method").lower()
        return {"method": method, "reset_at": self._budget.exhaust(method)}

    def charge(self, buyer: int, params: Params) -> None:
        """Charge a buyer another kind of price, as the groups of a real portal's user would."""
        try:
            self._shop.ledger.price_lists.charge(buyer, params.integer("price_type"))
        except ValueError as error:
            raise out_of_range("price_type", str(error)) from error

    def _order(self, order_id: int) -> SaleOrder:
        order = self._shop.ledger.get(order_id)
        if order is None:
            raise not_found("order")
        return order


def _part(parts: Sequence[Part], wanted: str) -> Part:
    """Return the parcel or the bill of an order that has this id."""
    found = next((one for one in parts if str(one.id) == wanted), None)
    if found is None:
        raise not_found("part")
    return found


def not_found(what: str) -> RestError:
    """Return the refusal of what is not there."""
    return RestError("ERROR_NOT_FOUND", f"There is no such {what}", 404)


def _any_value(text: str) -> object:
    """Return what somebody typed: JSON where it is JSON, nothing as null."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
