"""Deals over REST: `crm.orderentity.list` and the methods of `crm.item.*` for `entityTypeId` 2.

Which of the two modes a portal is in no method tells (shared/bitrix/CORE.md, «6. Deals, payments, refusals»).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, out_of_range
from infra.local.portal.native.deal_book import DEAL_TYPE, OTHER_FUNNEL, Deal, stage_of
from infra.local.portal.native.families import CRM_ITEM, VIEW
from infra.local.portal.native.field_kinds import fields
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.reading import fields_of, object_id, php_int, text_of

_LINKS = Listing("orderEntity", fields(ints="ownerId ownerTypeId orderId"), VIEW)
_KEPT = ("title", "contactId", "companyId", "comments", "sourceId", "sourceDescription", "additionalInfo")
_DEALS = Listing(
    "items",
    fields(
        ints="id entityTypeId categoryId",
        floats="opportunity",
        texts=f"stageId previousStageId stageSemanticId currencyId {' '.join(_KEPT)}",
        moments="createdTime movedTime",
    ),
    CRM_ITEM,
)


class DealMethods:
    """The methods about deals."""

    def __init__(self, options: NativeOptions, ledger: Ledger) -> None:
        self._options = options
        self._deals = ledger.deals

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {"crm.orderentity.list": Method(self.links, scope="crm")}

    def items(self) -> dict[str, Method]:
        """Return the methods of `crm.item.*` by name, for calls about deals."""
        return {
            "crm.item.get": Method(self.get, scope="crm"),
            "crm.item.list": Method(self.list, scope="crm"),
            "crm.item.update": Method(self.update, modifies=True, scope="crm"),
            "crm.category.list": Method(self.categories, scope="crm"),
        }

    def links(self, call: Call) -> Reply:
        """`crm.orderentity.list`: the deal of each order that has one."""
        bound = [it for it in self._deals.all() if it.order_id]
        rows = [{"ownerId": it.id, "ownerTypeId": DEAL_TYPE, "orderId": it.order_id} for it in bound]
        return _LINKS.under(self._options).reply(call.params, rows)

    def categories(self, _call: Call) -> Reply:
        """`crm.category.list`: the funnels."""
        names = {0: "Общая", **({OTHER_FUNNEL: "Доставка"} if self._deals.two_funnels else {})}
        rows = [
            {"id": number, "name": name, "sort": 100, "entityTypeId": DEAL_TYPE, "isDefault": "N" if number else "Y"}
            for number, name in names.items()
        ]
        return Reply({"categories": rows}, total=len(rows))

    def get(self, call: Call) -> Reply:
        """`crm.item.get`."""
        return Reply({"item": render(_row(self._find(call)))})

    def list(self, call: Call) -> Reply:
        """`crm.item.list`."""
        return _DEALS.reply(call.params, map(_row, self._deals.all()))

    def update(self, call: Call) -> Reply:
        """`crm.item.update`."""
        deal, given = self._find(call), fields_of(call.params)
        stage = text_of(given, "stageId")
        if stage and stage_of(stage) is None:
            raise out_of_range("fields[stageId]", "there is no such stage")
        self._deals.update(deal, {name: text_of(given, name) for name in _KEPT if given.has(name)}, stage)
        return Reply({"item": render(_row(deal))})

    def _find(self, call: Call) -> Deal:
        deal = self._deals.get(object_id(call.params))
        if deal is None:
            raise RestError("NOT_FOUND", "Элемент не найден")
        return deal


def by_type(deals: Mapping[str, Method], others: Mapping[str, Method]) -> dict[str, Method]:
    """Return the methods of `crm.item.*` that look at `entityTypeId` first: those of deals, or the others."""
    return {name: _either(method, deals[name]) if name in deals else method for name, method in others.items()}


def _either(other: Method, of_deals: Method) -> Method:
    def run(call: Call) -> Reply:
        chosen = of_deals if php_int(call.params.raw("entityTypeId")) == DEAL_TYPE else other
        return chosen.run(call)

    return Method(run, modifies=other.modifies, scope=other.scope)


def _row(deal: Deal) -> dict[str, Any]:
    return {
        "id": deal.id,
        "entityTypeId": DEAL_TYPE,
        "categoryId": deal.category,
        "stageId": deal.stage,
        "previousStageId": deal.previous,
        "stageSemanticId": known.semantics if (known := stage_of(deal.stage)) and known.semantics else "P",
        "opportunity": deal.amount,
        "currencyId": deal.currency,
        "createdTime": deal.made_at,
        "movedTime": deal.moved_at,
        **{name: deal.fields.get(name, "") for name in _KEPT},
    }
