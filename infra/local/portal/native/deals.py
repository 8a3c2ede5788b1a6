"""`crm.orderentity.list`: the deals that orders belong to, on a portal whose orders make deals.

Which of the two modes a portal is in no method tells (shared/bitrix/CORE.md, «6. Deals, payments, refusals»).
"""

from __future__ import annotations

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.native.families import VIEW
from infra.local.portal.native.field_kinds import fields
from infra.local.portal.native.listing import Listing
from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.order_repository import Ledger

_LINKS = Listing("orderEntity", fields(ints="ownerId ownerTypeId orderId"), VIEW)
_DEAL, _FIRST_DEAL = 2, 300


class DealMethods:
    """The methods about deals."""

    def __init__(self, options: NativeOptions, ledger: Ledger) -> None:
        self._options = options
        self._ledger = ledger

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {"crm.orderentity.list": Method(self.links, scope="crm")}

    def links(self, call: Call) -> Reply:
        """`crm.orderentity.list`: a deal for each order, none where orders stand alone."""
        orders = self._ledger.all() if self._ledger.deals else ()
        rows = [{"ownerId": _FIRST_DEAL + one.id, "ownerTypeId": _DEAL, "orderId": one.id} for one in orders]
        return _LINKS.under(self._options).reply(call.params, rows)
