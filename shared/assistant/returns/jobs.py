"""What a return asks of Bitrix: what may come back, the photos, the return itself, and how it stands.

```mermaid
sequenceDiagram
    participant M as master
    participant W as worker
    participant T as Telegram
    participant B as Bitrix24
    M->>W: «Вернуть товар» (job list_goods)
    W->>B: the order, and its returns
    W->>M: Что возвращаем?
    M->>W: «Оформить возврат» (a job upload_photo:<draft>:<n> per photo)
    par each photo
        W->>T: its bytes
        W->>B: to the Disk, under a name of its own
    end
    W->>B: register the return (job register_return:<draft>, Idempotency-Key)
    W->>M: Возврат № … зарегистрирован
```

The jobs of a draft have its id in theirs, so a step cannot be wanted twice.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.masters import Master
from shared.assistant.returns import draft as drafts
from shared.assistant.returns import screens
from shared.assistant.returns.draft import Draft, goods_of
from shared.assistant.returns.media import DELETE_PHOTO
from shared.assistant.returns.registering import REGISTER_RETURN, RegisterReturn
from shared.assistant.returns.sync import DeletePhoto, SyncReturn
from shared.assistant.returns.uploading import UPLOAD_PHOTO, UploadPhoto, upload_jobs
from shared.assistant.returns.wishes import SYNC_RETURN
from shared.bitrix.errors import BitrixError
from shared.bitrix.model import Order, ReturnState, Status
from shared.bitrix.portal import Operation, Portal
from shared.bitrix.returning import returnable
from shared.bitrix.together import together
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.turn import Turn

log = logging.getLogger(__name__)

__all__ = ["HANDED_OVER", "kinds", "list_job", "upload_jobs"]

LIST_GOODS = "list_goods"

HANDED_OVER = frozenset({Status.SHIPPED, Status.DELIVERED, Status.FINISHED})
"""Orders in these statuses are offered; whether the goods have left the store the portal is asked again."""


def list_job(where: Place, master: Master, order_id: str) -> Job:
    """Return the job that shows what of an order may come back; its id becomes the draft's."""
    payload = {**address_of(where), "user_id": master.telegram_id, "order": order_id}
    return Job(LIST_GOODS, Lane.READ, payload)


class ListGoods(Kind):
    """The order and its returns, read together."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for both at once."""
        order_id = job.payload["order"]
        return together([self._portal.order(order_id), self._portal.returns_of(order_id)])

    def trouble(self, job: Job) -> Screen:
        """Say that nothing was begun."""
        return screens.impossible(texts.returns.silent(), job.payload["order"])

    async def done(self, job: Job, value: tuple[Order, Sequence[ReturnState] | BitrixError], turn: Turn) -> None:
        """Show what may come back, or say why nothing may.

        The spec's contract has no list of returns. Where there is none all that was bought may be asked for: whether it
        has come back the portal's people see.
        """
        order, returns = value
        if isinstance(returns, BitrixError):
            log.warning("no list of returns", extra={"fields": {"event": "returns_unlisted", "code": returns.code}})
            returns = ()
        desk = Desk(turn, place(job))
        goods = goods_of(order, returnable(order, returns))
        if not order.handed_over:
            desk.show(screens.impossible(texts.returns.not_handed_over(order.id), order.id))
        elif not goods:
            desk.show(screens.impossible(texts.returns.nothing_left(order.id), order.id))
        else:
            draft = Draft(job.id, job.payload["user_id"], desk.chat_id, order.id, goods, desk.place.message_id)
            await turn.unit.get(drafts.key(draft.id))
            draft.save(turn.unit)
            desk.show(screens.goods(draft))


def kinds(portal: Portal, operators_chat_id: int | None, zone: ZoneInfo) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (LIST_GOODS, ListGoods(portal, operators_chat_id)),
        (UPLOAD_PHOTO, UploadPhoto(portal, operators_chat_id)),
        (REGISTER_RETURN, RegisterReturn(portal, operators_chat_id)),
        (SYNC_RETURN, SyncReturn(portal, operators_chat_id, zone)),
        (DELETE_PHOTO, DeletePhoto(portal, operators_chat_id)),
    )
