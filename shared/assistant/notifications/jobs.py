"""«Look again»: read an order once more and tell its master what is new.

Whatever happens at the portal, there is one job per order (`sync_order:<id>`): ten events of a second are one look.
No screens here beyond what the worker needs: `bitrix_webhook` imports `wanted` and must not load aiogram.
"""

from __future__ import annotations

from shared.pipeline.jobs import Job, Lane

SYNC_ORDER = "sync_order"
FIND_ORDER = "find_order"
CASH_ANSWER = "cash_answer"
MARK_CASH = "mark_cash"


def sync_job(order_id: str) -> Job:
    """Return the job that looks at an order again."""
    return Job(SYNC_ORDER, Lane.READ, {"order": order_id}, id=f"{SYNC_ORDER}:{order_id}")


def find_job(what: str, part_id: str) -> Job:
    """Return the job that finds the order of a `payment` or `shipment`: a real portal's event names only the part."""
    return Job(FIND_ORDER, Lane.READ, {"what": what, "part": part_id}, id=f"{FIND_ORDER}:{what}:{part_id}")


def cash_job(chat_id: int, message_id: int | None, order_id: str, *, paid: bool) -> Job:
    """Return the job that passes on what a master says about cash; the answer goes into that message of his chat."""
    payload = {"chat_id": chat_id, "message_id": message_id, "order": order_id, "paid": paid}
    return Job(CASH_ANSWER, Lane.READ, payload, id=f"{CASH_ANSWER}:{order_id}:{'paid' if paid else 'question'}")
