"""The ten statuses of the spec's §3: texts verbatim, categories, and which of them are news.

One table is the single source: screens, pages and tests read it.

See shared/assistant/README.md, «Statuses».
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.orders import Order, PaymentKind
from shared.domain.preferences import Importance
from shared.log_events import LogEvent, log_event
from shared.status import Status

log = logging.getLogger(__name__)


class Category(StrEnum):
    """Which orders a status is for (spec §3)."""

    PREPAID = "Prepaid"
    PREPAID_COD = "Prepaid/COD"
    ANY = "Любой"
    RMA = "RMA"


@dataclass(frozen=True)
class StatusText:
    """How a status reads. `reason` = the text ends in a reason, which must be there.

    `news` says how much it matters: whoever wants sound for what is important only hears of money, of the parcel, of
    the end of an order or a decision about a return.
    """

    text: str
    category: Category
    icon: str
    reason: bool = False
    news: Importance = Importance.IMPORTANT


STATUSES = {
    Status.NEW: StatusText("Заказ принят, ждём оплату", Category.PREPAID_COD, "🕓", news=Importance.USUAL),
    Status.PAYED: StatusText("Оплата получена", Category.PREPAID, "✅"),
    Status.WAITING_FOR_DELIVERY: StatusText(
        "Собираем заказ, готовим к отправке", Category.PREPAID_COD, "📦", news=Importance.USUAL
    ),
    Status.SHIPPED: StatusText("Курьер уже в пути", Category.PREPAID_COD, "🚚"),
    Status.DELIVERED: StatusText("Заказ доставлен", Category.PREPAID_COD, "🏁"),
    Status.FINISHED: StatusText("Заказ закрыт", Category.PREPAID_COD, "☑️", news=Importance.USUAL),
    Status.CANCELED: StatusText("Заказ отменён. Причина: ", Category.ANY, "✖️", reason=True),
    Status.RETURN_IN_PROGRESS: StatusText("Возврат на рассмотрении", Category.RMA, "↩️", news=Importance.USUAL),
    Status.RETURN_COMPLETED: StatusText("Возврат принят, средства будут возвращены", Category.RMA, "↩️"),
    Status.RETURN_REJECTED: StatusText("Возврат отклонён: ", Category.RMA, "↩️", reason=True),
}

NO_REASON = "не указана"

_ORDER_OF_LIFE = (
    Status.NEW,
    Status.PAYED,
    Status.WAITING_FOR_DELIVERY,
    Status.SHIPPED,
    Status.DELIVERED,
    Status.FINISHED,
    Status.CANCELED,
)
_FINAL = frozenset({Status.FINISHED, Status.CANCELED})


def status_text(status: Status, reason: str = "") -> str:
    """Return the status's sentence; a missing reason is said to be missing, and logged.

    See shared/assistant/README.md, «Statuses».
    """
    entry = STATUSES[status]
    if not entry.reason:
        return entry.text
    if not reason.strip():
        log_event(log, logging.WARNING, LogEvent.NO_REASON, "status without reason", status=str(status))
    unsaid = NO_REASON if "Причина" in entry.text else f"причина {NO_REASON}"
    return entry.text + (reason.strip() or unsaid)


def short_status(status: Status) -> str:
    """Return the sentence without the place for a reason, for lists."""
    return STATUSES[status].text.split(". ")[0].rstrip(": ")


def in_work(order: Order) -> bool:
    """Whether the portal works on the order: it is not over, and no return stands in its place."""
    return order.status in _ORDER_OF_LIFE and order.status not in _FINAL


def can_cancel(order: Order) -> bool:
    """Whether its master may still cancel it himself: nothing is paid, nothing has left the store."""
    waits = order.status in (Status.NEW, Status.WAITING_FOR_DELIVERY)
    return waits and not order.has_money and not order.handed_over


def news(order: Order, payment: PaymentKind, shown: Iterable[Status]) -> list[Status]:
    """Return the statuses to tell now: each once, never backwards, none after the end.

    An order that was paid and moved on between two looks tells both: the master waits for «Оплата получена».
    """
    seen = set(shown)
    if seen & _FINAL or order.status not in _ORDER_OF_LIFE:
        return []
    furthest = max((_ORDER_OF_LIFE.index(status) for status in seen), default=-1)
    fresh = [order.status]
    prepaid = payment is PaymentKind.PREPAID
    if order.paid and prepaid and order.status not in (Status.NEW, Status.PAYED, Status.CANCELED):
        fresh.insert(0, Status.PAYED)
    if order.status is Status.NEW and order.paid and prepaid:
        fresh = [Status.PAYED]
    told = [status for status in fresh if _ORDER_OF_LIFE.index(status) > furthest]
    return [status for status in told if prepaid or status is not Status.PAYED]
