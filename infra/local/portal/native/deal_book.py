"""Deals of a native portal whose orders make deals, and the stages that people move them through.

See shared/bitrix/CORE.md, «8. A deal of an order».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count

from infra.local.clock import Clock
from infra.local.portal.native.events import NativeEvents
from infra.local.portal.native.model import SaleOrder

DEAL_TYPE = 2
"""`entityTypeId` and `ownerTypeId` of deals."""
FUNNEL = "DEAL_STAGE"
"""The dictionary that has the stages of the general funnel; those of others are in `DEAL_STAGE_<number>`."""
_FIRST_DEAL = 301


@dataclass(frozen=True)
class DealStage:
    """A stage: its name, and the letter for success or failure, "" while the deal is under way."""

    name: str
    semantics: str = ""


STAGES: Mapping[str, DealStage] = {
    "NEW": DealStage("Новая"),
    "PREPARATION": DealStage("Подготовка документов"),
    "PREPAYMENT_INVOICE": DealStage("Счёт на предоплату"),
    "EXECUTING": DealStage("В работе"),
    "UC_PACKED": DealStage("Собираем заказ"),
    "UC_COURIER": DealStage("Передан курьеру"),
    "UC_HANDED": DealStage("Вручён клиенту"),
    "FINAL_INVOICE": DealStage("Финальный счёт"),
    "WON": DealStage("Сделка успешна", "S"),
    "LOSE": DealStage("Сделка провалена", "F"),
    "APOLOGY": DealStage("Анализ причины провала", "F"),
}
"""The stages every portal starts with, and three of this shop's own."""


OTHER_FUNNEL = 5
"""The number of a second funnel, where managers have one; it has no stage but its own."""

STAGES_OF_OTHER: Mapping[str, DealStage] = {
    "C5:NEW": DealStage("Новая"),
    "C5:UC_READY": DealStage("Комплектация"),
    "C5:UC_ROUTE": DealStage("Заказ в пути"),
    "C5:WON": DealStage("Выдан", "S"),
    "C5:LOSE": DealStage("Отказ", "F"),
}
"""Codes of another funnel than the general one begin with its number."""


def stage_of(code: str) -> DealStage | None:
    """Return a stage of any funnel, or None."""
    return STAGES.get(code) or STAGES_OF_OTHER.get(code)


@dataclass
class Deal:
    """A deal; people make some by hand, which are of no order (`order_id` 0).

    `fields` holds what is only kept and shown: title, comments, where it is from.
    """

    id: int
    order_id: int
    amount: Decimal
    currency: str
    made_at: datetime
    moved_at: datetime
    stage: str = "NEW"
    previous: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def category(self) -> int:
        """The number of its funnel, 0 for the general one."""
        return OTHER_FUNNEL if self.stage in STAGES_OF_OTHER else 0


class DealBook:
    """All deals. `on` says whether each new order makes one, `two_funnels` whether there is a second funnel."""

    def __init__(self, clock: Clock, events: NativeEvents) -> None:
        self._clock = clock
        self._events = events
        self._deals: dict[int, Deal] = {}
        self._ids = count(_FIRST_DEAL)
        self.on = False
        self.two_funnels = False

    def all(self) -> list[Deal]:
        """Return every deal, oldest first."""
        return list(self._deals.values())

    def get(self, deal_id: int) -> Deal | None:
        """Return a deal, or None."""
        return self._deals.get(deal_id)

    def of_order(self, order_id: int) -> Deal | None:
        """Return the deal of an order, or None."""
        return next((deal for deal in self.all() if deal.order_id == order_id), None)

    def make(self, order: SaleOrder) -> None:
        """Make the deal of a new order, as the portal does when the order is saved."""
        now = self._now()
        deal = Deal(next(self._ids), order.id, order.price, order.currency, now, now)
        deal.fields["title"] = f"Сделка по заказу {order.id}"
        self._deals[deal.id] = deal

    def order_saved(self, order: SaleOrder) -> None:
        """Let a deal follow its order's sum."""
        if deal := self.of_order(order.id):
            deal.amount = order.price

    def paid(self, order: SaleOrder) -> None:
        """Note a payment, made or taken back, in the deal of its order: that changes the deal, not its stage."""
        if deal := self.of_order(order.id):
            self._events.deal_updated(deal.id)

    def update(self, deal: Deal, fields: Mapping[str, str], stage: str = "") -> None:
        """Change what a deal holds, or its stage."""
        deal.fields.update(fields)
        if stage and stage != deal.stage:
            deal.previous, deal.stage = deal.stage, stage
            deal.moved_at = self._now()
        self._events.deal_updated(deal.id)

    def forget(self, deal: Deal) -> None:
        """Remove a deal for good."""
        del self._deals[deal.id]
        self._events.deal_deleted(deal.id)

    def _now(self) -> datetime:
        return self._clock.now().replace(microsecond=0)
