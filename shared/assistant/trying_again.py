"""The button beside «магазин не отвечает»: the same question once more."""

from __future__ import annotations

from shared.assistant.chat_view import ChatView
from shared.assistant.common_screens import answer_stale
from shared.assistant.job_handler import target_of
from shared.assistant.navigation import TryAgain
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.store.collections import JOBS
from shared.telegram.api import CallbackQuery, Router


def router() -> Router:
    """Return the handler."""
    router = Router(name="trying_again")
    router.callback_query.register(ask_again, TryAgain.filter())
    return router


async def ask_again(
    callback: CallbackQuery, callback_data: TryAgain, decision: Decision, view: ChatView, master: Master
) -> None:
    """Want the same read once more, answered in the message of the tap. A job is kept for three days."""
    data = await decision.unit.get(JOBS.key(callback_data.job))
    before = None if data is None else Job.from_data(data)
    if before is None or before.lane is not Lane.READ or target_of(before).chat_id != view.chat_id:
        answer_stale(view, master)
        return
    view.toast()
    here = {**before.payload, "message_id": view.target.message_id}
    await decision.enqueue(Job(before.kind, Lane.READ, here))
