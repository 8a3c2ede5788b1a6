"""The handlers of /return: goods, reason, photos, and the tap that registers the return."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.common_screens import answer_stale, home
from shared.assistant.navigation import StartReturn
from shared.assistant.returns import jobs, overview, photos, screens
from shared.assistant.returns.buttons import (
    CancelReturn,
    ChooseReason,
    ConfirmReturn,
    GoodsChosen,
    ReviewReturn,
    SetReturnQuantity,
    ShowGoods,
)
from shared.assistant.spoken_commands import says
from shared.assistant.words import says_done, takes_back
from shared.domain import order_records
from shared.domain import return_drafts as drafts
from shared.domain.masters import Master
from shared.domain.one_line import one_line
from shared.domain.return_drafts import DraftStage, ReturnDraft, ReturnReason
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, F, FSMContext, Message, Router, State, StatesGroup

SHORTEST, LONGEST = 3, texts.returns.REASON_LIMIT
"""Characters of a reason."""


class ReturnStates(StatesGroup):
    """Where the dialogue stands."""

    reason = State()
    photos = State()


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="returns")
    overview.register(router)
    router.callback_query.register(start, StartReturn.filter())
    router.callback_query.register(show_goods, ShowGoods.filter())
    router.callback_query.register(set_good, SetReturnQuantity.filter())
    router.callback_query.register(goods_chosen, GoodsChosen.filter())
    router.callback_query.register(choose_reason, ChooseReason.filter())
    router.callback_query.register(review, ReviewReturn.filter())
    router.callback_query.register(confirm, ConfirmReturn.filter())
    router.callback_query.register(cancel, CancelReturn.filter())
    for asked in (ReturnStates.reason, ReturnStates.photos):
        router.message.register(break_off, asked, takes_back)
    router.message.register(review_by_word, ReturnStates.photos, says_done)
    router.message.register(take_reason, ReturnStates.reason, F.text, ~F.text.startswith("/"))
    router.message.register(take_photo, ReturnStates.photos, ~F.text)
    router.message.register(remind, ReturnStates.photos, F.text, ~F.text.startswith("/"))
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="returns by word")
    router.message.register(overview.my_returns, says("return"))
    return router


async def start(
    callback: CallbackQuery, callback_data: StartReturn, decision: Decision, view: ChatView, master: Master
) -> None:
    """Have the order read, then show what may come back."""
    known = await order_records.load_of(decision.unit, callback_data.order, master.telegram_id)
    if known is None:
        answer_stale(view, master)
        return
    view.toast()
    await decision.enqueue(jobs.list_job(view.target, master, known))


async def _open(draft_id: str, decision: Decision, view: ChatView, master: Master) -> ReturnDraft | None:
    """Return the draft, shown where the tap was, if it is still open; else say how far it is."""
    draft = await drafts.load(decision.unit, draft_id)
    if draft is None or draft.user_id != master.telegram_id or draft.stage is DraftStage.CLOSED:
        answer_stale(view, master)
        return None
    if draft.stage is not DraftStage.OPEN:
        done = draft.stage is DraftStage.DONE
        view.toast(texts.returns.already_registered() if done else texts.returns.sending())
        return None
    return replace(draft, message_id=view.target.message_id)


async def show_goods(
    callback: CallbackQuery, callback_data: ShowGoods, decision: Decision, view: ChatView, master: Master
) -> None:
    """Go back to the choice of goods."""
    draft = await _open(callback_data.draft, decision, view, master)
    if draft is not None:
        view.toast()
        view.show(screens.goods(draft))


async def set_good(
    callback: CallbackQuery, callback_data: SetReturnQuantity, decision: Decision, view: ChatView, master: Master
) -> None:
    """Take another quantity of a good."""
    draft = await _open(callback_data.draft, decision, view, master)
    if draft is not None:
        view.toast()
        changed = draft.with_quantity(callback_data.index, callback_data.quantity)
        changed.save(decision.unit)
        view.show(screens.goods(changed))


async def goods_chosen(
    callback: CallbackQuery, callback_data: GoodsChosen, decision: Decision, view: ChatView, master: Master
) -> None:
    """Ask why."""
    draft = await _open(callback_data.draft, decision, view, master)
    if draft is None:
        return
    if not draft.chosen:
        view.toast(texts.returns.nothing_chosen())
        return
    view.toast()
    view.show(screens.ask_reason(draft))


async def choose_reason(
    callback: CallbackQuery,
    callback_data: ChooseReason,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Take a reason, or ask for it in words."""
    draft = await _open(callback_data.draft, decision, view, master)
    if draft is None:
        return
    view.toast()
    if callback_data.reason is ReturnReason.OTHER:
        draft.save(decision.unit)
        await _wait_for(ReturnStates.reason, state, draft)
        view.show(screens.ask_reason_text(draft))
        return
    await _ask_photos(replace(draft, reason=texts.returns.REASONS[callback_data.reason]), decision, view, state)


async def _wait_for(what: State, state: FSMContext, draft: ReturnDraft) -> None:
    await state.set_state(what)
    await state.set_data({"return": draft.id})


async def _ask_photos(draft: ReturnDraft, decision: Decision, view: ChatView, state: FSMContext) -> None:
    draft.save(decision.unit)
    await _wait_for(ReturnStates.photos, state, draft)
    view.show(screens.ask_photos(draft))


async def _awaited(state: FSMContext, decision: Decision, view: ChatView, master: Master) -> ReturnDraft | None:
    """Return the draft that the dialogue is about; when it is over, so is the dialogue."""
    draft = await drafts.load(decision.unit, str((await state.get_data()).get("return")))
    if draft is not None and draft.stage is DraftStage.OPEN:
        return draft
    await state.clear()
    view.say(home(master.name))
    return None


async def take_reason(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the reason in words; the message with the question turns into the next one."""
    draft = await _awaited(state, decision, view, master)
    if draft is None:
        return
    reason = one_line(message.text or "")
    if not SHORTEST <= len(reason) <= LONGEST:
        view.say(Screen(texts.returns.reason_odd()))
        return
    await _ask_photos(replace(draft, reason=reason), decision, _live(draft, decision), state)


def _live(draft: ReturnDraft, decision: Decision) -> ChatView:
    """Return the view of the one message that shows the draft."""
    return ChatView(decision, ChatTarget(draft.chat_id, draft.message_id))


async def take_photo(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take one photo with its caption. Those of an album come side by side; each adds itself to the draft."""
    draft = await _awaited(state, decision, view, master)
    if draft is None:
        return
    taken = photos.picture(message)
    problem = taken if isinstance(taken, str) else _too_many(draft, taken.unique_id)
    if problem is not None or isinstance(taken, str):
        view.say(Screen(problem or ""))
        return
    fuller = draft.with_picture(taken, message.caption or "")
    fuller.save(decision.unit)
    _live(fuller, decision).show(screens.ask_photos(fuller))
    await _stay_below(message.media_group_id, fuller, view, state)


async def _stay_below(album: str | None, draft: ReturnDraft, view: ChatView, state: FSMContext) -> None:
    """Put «Готово» below an album, once: the message that counts the photos stands above it, out of sight."""
    if album is not None and (await state.get_data()).get("album") != album:
        await state.update_data(album=album)
        view.say(screens.photos_coming(draft))


def _too_many(draft: ReturnDraft, unique_id: str) -> str | None:
    if draft.has(unique_id):
        return texts.returns.photo_taken_before()
    return texts.returns.photo_extra() if draft.full else None


async def remind(message: Message, view: ChatView) -> None:
    """Say that photos are expected."""
    view.say(Screen(texts.returns.photos_wanted()))


async def review(
    callback: CallbackQuery, callback_data: ReviewReturn, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show everything once more. More photos may still come: then they are counted again."""
    draft = await _ready(callback_data.draft, decision, view, master)
    if draft is not None:
        view.toast()
        view.show(screens.confirmation(draft))


async def review_by_word(
    message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Take «готово» for the button: everything once more, below the photos it speaks of."""
    draft = await _awaited(state, decision, view, master)
    if draft is None:
        return
    if not draft.ready:
        view.say(Screen(texts.returns.photos_wanted()))
        return
    view.say(screens.confirmation(draft))


async def break_off(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Return nothing; the draft's buttons are stale from now on."""
    draft = await _awaited(state, decision, view, master)
    if draft is not None:
        draft.at(DraftStage.CLOSED).save(decision.unit)
        await state.clear()
        view.say(screens.told(texts.returns.canceled()))


async def _ready(draft_id: str, decision: Decision, view: ChatView, master: Master) -> ReturnDraft | None:
    """Return the draft if nothing is missing; an old button may be pressed after the goods were taken back."""
    draft = await _open(draft_id, decision, view, master)
    if draft is None or draft.ready:
        return draft
    view.toast(texts.returns.nothing_chosen())
    view.show(screens.goods(draft))
    return None


async def confirm(
    callback: CallbackQuery,
    callback_data: ConfirmReturn,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Register the return once, however often this is tapped."""
    draft = await _ready(callback_data.draft, decision, view, master)
    if draft is not None:
        view.toast(texts.labels.BUSY)
        await state.clear()
        sending = draft.at(DraftStage.SENDING)
        sending.save(decision.unit)
        view.buttons(screens.busy_keyboard())
        for job in jobs.upload_jobs(sending, decision.now):
            await decision.enqueue(job)


async def cancel(
    callback: CallbackQuery,
    callback_data: CancelReturn,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Return nothing; the draft's buttons are stale from now on."""
    draft = await _open(callback_data.draft, decision, view, master)
    if draft is not None:
        draft.at(DraftStage.CLOSED).save(decision.unit)
        await state.clear()
        view.toast()
        view.show(screens.told(texts.returns.canceled()))
