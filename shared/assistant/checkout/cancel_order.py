"""The cancellation of an order by its master, while it is allowed: asked once more, read once more, then one write.

```mermaid
stateDiagram-v2
    [*] --> asked: «Отменить заказ»
    asked --> checking: «Да, отменить» (job check_call_off:<order>)
    checking --> canceling: unpaid and still in the store (job call_off:<order>)
    checking --> told: it is too late, or done already
    canceling --> told
    told --> [*]
```

While one of the two jobs is under way every further tap is answered by a toast. The write may be sent again after a
doubt: the portal does nothing to a canceled order, and refuses one that was paid meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import ending_screens
from shared.assistant.checkout.buttons import AgreeToCancelOrder
from shared.assistant.checkout.payloads import KnownOrderPayload
from shared.assistant.common_screens import unknown_order
from shared.assistant.job_handler import JobHandlers, MasterJobHandler, by_button, is_misread
from shared.assistant.navigation import AskToCancelOrder
from shared.assistant.words import says_no, says_yes, takes_back
from shared.bitrix.errors import TooLateToCancel
from shared.bitrix.portal import Operation
from shared.domain import order_records
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order
from shared.domain.statuses import can_cancel
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane, is_under_way
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.status import Status
from shared.telegram.api import CallbackQuery, FSMContext, Message, Router, State, StatesGroup

CHECK = "check_call_off"
WRITE = "call_off"

BY_MASTER = "по просьбе мастера"
"""Reason of cancellation, for the portal's people and for the master."""


WORD_COUNTS = timedelta(minutes=10)
"""How long a typed «да» is taken for the answer to the question."""

_MAY_CANCEL = frozenset({Status.NEW, Status.WAITING_FOR_DELIVERY})


class CallOffStates(StatesGroup):
    """`asked`: the session holds the `order` that he was asked about, and `until` when a word counts as the answer."""

    asked = State()


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(ask, AskToCancelOrder.filter())
    router.callback_query.register(agree, AgreeToCancelOrder.filter())
    router.message.register(say_yes, CallOffStates.asked, says_yes, _just_asked)
    for refuses in (says_no, takes_back):
        router.message.register(say_no, CallOffStates.asked, refuses, _just_asked)


async def ask(
    callback: CallbackQuery,
    callback_data: AskToCancelOrder,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Ask whether he means it, unless it is known to be too late."""
    known = await _his(callback_data.order, decision, view, master)
    if known is None:
        return
    view.toast()
    if known.latest is Status.CANCELED:
        view.show(ending_screens.about_order(texts.cancellation.called_off(known.number), known))
    elif known.paid or known.latest not in _MAY_CANCEL:
        view.show(ending_screens.about_order(texts.cancellation.too_late_to_call_off(known.number), known))
    else:
        view.show(ending_screens.ask_call_off(known))
        await _wait_for_word(state, known, decision)


async def _wait_for_word(state: FSMContext, known: OrderRecord, decision: Decision) -> None:
    """Take a typed «да» or «нет» for the button, for a while, unless the dialogue is about something else."""
    if await state.get_state() in (None, CallOffStates.asked.state):
        await state.set_state(CallOffStates.asked)
        await state.set_data({"order": known.id, "until": (decision.now + WORD_COUNTS).isoformat()})


async def _just_asked(message: Message, decision: Decision, state: FSMContext) -> dict[str, str] | bool:
    """Let through with the order while the question is fresh: a «да» of tomorrow is about something else."""
    asked = await state.get_data()
    fresh = decision.now < datetime.fromisoformat(asked["until"])
    return {"order_id": str(asked["order"])} if fresh else False


async def say_yes(
    message: Message, order_id: str, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Cancel the order that was asked about."""
    await state.clear()
    known = await _his(order_id, decision, view, master)
    if known is not None:
        view.say(Screen(texts.cancellation.calling_off()))
        await decision.enqueue(_job(CHECK, Lane.READ, KnownOrderPayload(view.target, known.id, known.account_number)))


async def say_no(
    message: Message, order_id: str, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Leave the order as it is."""
    await state.clear()
    known = await _his(order_id, decision, view, master)
    if known is not None:
        view.say(ending_screens.about_order(texts.cancellation.call_off_left(known.number), known))


async def agree(
    callback: CallbackQuery, callback_data: AgreeToCancelOrder, decision: Decision, view: ChatView, master: Master
) -> None:
    """Have the order read once more: what was shown may be old."""
    known = await _his(callback_data.order, decision, view, master)
    if known is not None and Status.CANCELED in known.shown:
        # The text stays: it may be the very message that has told him, with the reason.
        view.toast(texts.cancellation.called_off(known.number))
        view.buttons(ending_screens.canceled_keyboard(known))
    elif known is not None:
        view.toast(texts.labels.CALLING_OFF)
        view.buttons(ending_screens.calling_off_keyboard())
        await decision.enqueue(_job(CHECK, Lane.READ, KnownOrderPayload(view.target, known.id, known.account_number)))


async def _his(order_id: str, decision: Decision, view: ChatView, master: Master) -> OrderRecord | None:
    """Return the order if it is his and nothing is under way with it; else say so."""
    known = await order_records.load_of(decision.unit, order_id, master.telegram_id)
    if known is None:
        view.say(unknown_order(order_id))
        return None
    for kind in (CHECK, WRITE):
        if await is_under_way(decision.unit, f"{kind}:{known.id}"):
            view.toast(texts.cancellation.calling_off())
            return None
    return known


def _job(kind: str, lane: Lane, asked: KnownOrderPayload) -> Job:
    return Job(kind, lane, asked.as_data(), id=f"{kind}:{asked.order}")


async def _called_off(asked: KnownOrderPayload, reason: str, decision: Decision) -> None:
    """Tell that it is canceled, in one commit with the record of it: the news of the portal is told only once."""
    known = await order_records.load(decision.unit, asked.order)
    if known is None:
        return
    if Status.CANCELED in known.shown:
        ChatView(decision, asked.target).show(
            ending_screens.about_order(texts.cancellation.called_off(known.number), known)
        )
        return
    known.told([Status.CANCELED]).save(decision.unit)
    ChatView(decision, asked.target).show(ending_screens.order_canceled(known, reason))


class CheckCancelHandler(MasterJobHandler):
    """The look before the write."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(KnownOrderPayload.from_data(job.payload).order)

    def trouble(self, job: Job, reason: Refusal) -> Screen:
        """Say that nothing was canceled."""
        asked = KnownOrderPayload.from_data(job.payload)
        if is_misread(reason):
            return ending_screens.about_order(texts.trouble.misread(), asked.ref)
        once_more = by_button(AgreeToCancelOrder(order=asked.order))
        return ending_screens.about_order(texts.cancellation.call_off_silent(), asked.ref, once_more)

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Go on to the write, or say why not."""
        asked = KnownOrderPayload.from_data(job.payload)
        if value.status is Status.CANCELED:
            await _called_off(asked, value.reason, decision)
        elif can_cancel(value):
            await decision.enqueue(_job(WRITE, Lane.WRITE, replace(asked, account_number=value.account_number)))
        else:
            too_late = texts.cancellation.too_late_to_call_off(value.number)
            ChatView(decision, asked.target).show(ending_screens.about_order(too_late, value))


class CancelByMasterHandler(MasterJobHandler):
    """The write."""

    def plan(self, job: Job) -> Operation[None]:
        """Cancel it; after a doubt once more, which does no harm."""
        return self._portal.cancel_order(KnownOrderPayload.from_data(job.payload).order, BY_MASTER)

    def details(self, job: Job) -> str:
        """Return the order."""
        return texts.operators.call_off_by_hand(KnownOrderPayload.from_data(job.payload).ref.number)

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Tell it."""
        await _called_off(KnownOrderPayload.from_data(job.payload), BY_MASTER, decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say that it is being found out."""
        self._say(job, texts.cancellation.call_off_unsure(), decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what is known: refused, or never found out."""
        told = texts.cancellation.call_off_refused()
        if reason.unsure:
            told = texts.cancellation.call_off_lost(people=self._reaches_people)
        if reason.code == TooLateToCancel.usual_code:
            told = texts.cancellation.too_late_to_call_off(KnownOrderPayload.from_data(job.payload).ref.number)
        self._say(job, told, decision)
        await self.report(job, reason, decision, promised=reason.unsure)

    def _say(self, job: Job, text: str, decision: Decision) -> None:
        asked = KnownOrderPayload.from_data(job.payload)
        ChatView(decision, asked.target).show(ending_screens.about_order(text, asked.ref))


JOB_HANDLERS: JobHandlers = {CHECK: CheckCancelHandler, WRITE: CancelByMasterHandler}
