"""The jobs of a return: what may come back, the photos, the return itself, and how it stands.

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

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import JobHandlers, MasterJobHandler, again, is_misread
from shared.assistant.returns import screens
from shared.assistant.returns.media import DELETE_PHOTO
from shared.assistant.returns.payloads import ListGoodsPayload
from shared.assistant.returns.registering import REGISTER_RETURN, RegisterReturnHandler
from shared.assistant.returns.scheduling import SYNC_RETURN
from shared.assistant.returns.sync import DeletePhotoHandler, SyncReturnHandler
from shared.assistant.returns.uploading import UPLOAD_PHOTO, UploadPhotoHandler, upload_jobs
from shared.bitrix.combine import combine
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Operation
from shared.domain import return_drafts as drafts
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order
from shared.domain.return_drafts import ReturnDraft, goods_of
from shared.domain.returns import ReturnState, returnable
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.status import Status

log = logging.getLogger(__name__)

__all__ = ["HANDED_OVER", "JOB_HANDLERS", "list_job", "upload_jobs"]

LIST_GOODS = "list_goods"

HANDED_OVER = frozenset({Status.SHIPPED, Status.DELIVERED, Status.FINISHED})
"""Orders in these statuses are offered; whether the goods have left the store the portal is asked again."""


def list_job(where: ChatTarget, master: Master, known: OrderRecord) -> Job:
    """Return the job that shows what of an order may come back; its id becomes the draft's."""
    payload = ListGoodsPayload(where, master.telegram_id, known.id, known.account_number)
    return Job(LIST_GOODS, Lane.READ, payload.as_data())


class ListGoodsHandler(MasterJobHandler):
    """The order and its returns, read together."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for both at once."""
        order_id = ListGoodsPayload.from_data(job.payload).order
        return combine([self._portal.order(order_id), self._portal.returns_of(order_id)])

    def trouble(self, job: Job, reason: Refusal) -> Screen:
        """Say that nothing was begun."""
        asked = ListGoodsPayload.from_data(job.payload)
        if is_misread(reason):
            return screens.impossible(texts.trouble.misread(), asked.ref)
        return screens.impossible(texts.returns.silent(), asked.ref, again(job))

    async def done(
        self, job: Job, value: tuple[Order, Sequence[ReturnState] | BitrixError], decision: Decision
    ) -> None:
        """Show what may come back, or say why nothing may.

        The spec's contract has no list of returns. Where there is none all that was bought may be asked for: whether it
        has come back the portal's people see.
        """
        payload = ListGoodsPayload.from_data(job.payload)
        order, returns = value
        if isinstance(returns, BitrixError):
            log_event(log, logging.WARNING, LogEvent.RETURNS_UNLISTED, "no list of returns", code=returns.code)
            returns = ()
        view = ChatView(decision, payload.target)
        goods = goods_of(order, returnable(order, returns))
        if not order.handed_over:
            view.show(screens.impossible(texts.returns.not_handed_over(order.number), order))
        elif not goods:
            view.show(screens.impossible(texts.returns.nothing_left(order.number), order))
        else:
            draft = ReturnDraft(
                job.id,
                payload.user_id,
                view.chat_id,
                order.id,
                goods,
                view.target.message_id,
                account_number=order.account_number,
            )
            await decision.unit.get(drafts.key(draft.id))
            draft.save(decision.unit)
            view.show(screens.goods(draft))


JOB_HANDLERS: JobHandlers = {
    LIST_GOODS: ListGoodsHandler,
    UPLOAD_PHOTO: UploadPhotoHandler,
    REGISTER_RETURN: RegisterReturnHandler,
    SYNC_RETURN: SyncReturnHandler,
    DELETE_PHOTO: DeletePhotoHandler,
}
