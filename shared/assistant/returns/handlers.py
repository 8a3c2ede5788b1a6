"""/return: goods, reason, photos, and the tap that registers the return."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.buttons import (
    CancelReturn,
    ChooseReason,
    ConfirmReturn,
    GoodsChosen,
    ReviewReturn,
    SetGood,
    ShowGoods,
    ShowReturns,
    StartReturn,
)
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.masters import Master
from shared.assistant.onboarding.screens import home
from shared.assistant.orders import orders
from shared.assistant.returns import draft as drafts
from shared.assistant.returns import jobs, photos, returns, screens
from shared.assistant.returns.draft import Draft, Reason, Stage
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Command, F, FSMContext, Message, Router, State, StatesGroup

SHORTEST, LONGEST = 3, texts.returns.REASON_LIMIT
"""Characters of a reason."""

RECENT = 5
"""Returns that are listed, and orders that are offered; an older order is opened by its number."""

LOOKED_AT = 30
"""Orders that are looked at for some that may be returned from."""


class ReturnStates(StatesGroup):
    """Where the dialogue stands."""

    reason = State()
    photos = State()


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="returns")
    router.message.register(my_returns, Command("return", ignore_mention=True))
    router.callback_query.register(show_returns, ShowReturns.filter())
    router.callback_query.register(start, StartReturn.filter())
    router.callback_query.register(show_goods, ShowGoods.filter())
    router.callback_query.register(set_good, SetGood.filter())
    router.callback_query.register(goods_chosen, GoodsChosen.filter())
    router.callback_query.register(choose_reason, ChooseReason.filter())
    router.callback_query.register(review, ReviewReturn.filter())
    router.callback_query.register(confirm, ConfirmReturn.filter())
    router.callback_query.register(cancel, CancelReturn.filter())
    router.message.register(take_reason, ReturnStates.reason, F.text, ~F.text.startswith("/"))
    router.message.register(take_photo, ReturnStates.photos, ~F.text)
    router.message.register(remind, ReturnStates.photos, F.text, ~F.text.startswith("/"))
    return router


async def my_returns(message: Message, turn: Turn, desk: Desk, master: Master) -> None:
    """Show the returns, from what is known here, and the orders to return from."""
    desk.say(await _overview(turn, master))


async def show_returns(callback: CallbackQuery, turn: Turn, desk: Desk, master: Master) -> None:
    """Show the same in place."""
    desk.toast()
    desk.show(await _overview(turn, master))


async def _overview(turn: Turn, master: Master) -> Screen:
    ids = await returns.list_ids(turn.unit, master.telegram_id)
    made = await returns.load_many(turn.unit, ids[:RECENT])
    recent = (await orders.list_ids(turn.unit, master.telegram_id))[:LOOKED_AT]
    handed_over = [order for order in await orders.load_many(turn.unit, recent) if order.status in jobs.HANDED_OVER]
    return screens.overview(made, handed_over[:RECENT])


async def start(callback: CallbackQuery, callback_data: StartReturn, turn: Turn, desk: Desk, master: Master) -> None:
    """Have the order read, then show what may come back."""
    known = await orders.load_of(turn.unit, callback_data.order, master.telegram_id)
    if known is None:
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return
    desk.toast()
    await turn.want(jobs.list_job(desk.place, master, known.id))


async def _open(draft_id: str, turn: Turn, desk: Desk, master: Master) -> Draft | None:
    """Return the draft, shown where the tap was, if it is still open; else say how far it is."""
    draft = await drafts.load(turn.unit, draft_id)
    if draft is None or draft.user_id != master.telegram_id or draft.stage is Stage.CLOSED:
        desk.toast(texts.trouble.stale_button())
        desk.say(home(master.name))
        return None
    if draft.stage is not Stage.OPEN:
        done = draft.stage is Stage.DONE
        desk.toast(texts.returns.already_registered() if done else texts.returns.sending())
        return None
    return replace(draft, message_id=desk.place.message_id)


async def show_goods(callback: CallbackQuery, callback_data: ShowGoods, turn: Turn, desk: Desk, master: Master) -> None:
    """Go back to the choice of goods."""
    draft = await _open(callback_data.draft, turn, desk, master)
    if draft is not None:
        desk.toast()
        desk.show(screens.goods(draft))


async def set_good(callback: CallbackQuery, callback_data: SetGood, turn: Turn, desk: Desk, master: Master) -> None:
    """Take another quantity of a good."""
    draft = await _open(callback_data.draft, turn, desk, master)
    if draft is not None:
        desk.toast()
        changed = draft.with_quantity(callback_data.index, callback_data.quantity)
        changed.save(turn.unit)
        desk.show(screens.goods(changed))


async def goods_chosen(
    callback: CallbackQuery, callback_data: GoodsChosen, turn: Turn, desk: Desk, master: Master
) -> None:
    """Ask why."""
    draft = await _open(callback_data.draft, turn, desk, master)
    if draft is None:
        return
    if not draft.chosen:
        desk.toast(texts.returns.nothing_chosen())
        return
    desk.toast()
    desk.show(screens.ask_reason(draft))


async def choose_reason(
    callback: CallbackQuery, callback_data: ChooseReason, turn: Turn, desk: Desk, master: Master, state: FSMContext
) -> None:
    """Take a reason, or ask for it in words."""
    draft = await _open(callback_data.draft, turn, desk, master)
    if draft is None:
        return
    desk.toast()
    if callback_data.reason is Reason.OTHER:
        draft.save(turn.unit)
        await _wait_for(ReturnStates.reason, state, draft)
        desk.show(screens.ask_reason_text(draft))
        return
    await _ask_photos(replace(draft, reason=texts.returns.REASONS[callback_data.reason]), turn, desk, state)


async def _wait_for(what: State, state: FSMContext, draft: Draft) -> None:
    await state.set_state(what)
    await state.set_data({"return": draft.id})


async def _ask_photos(draft: Draft, turn: Turn, desk: Desk, state: FSMContext) -> None:
    draft.save(turn.unit)
    await _wait_for(ReturnStates.photos, state, draft)
    desk.show(screens.ask_photos(draft))


async def _awaited(state: FSMContext, turn: Turn, desk: Desk, master: Master) -> Draft | None:
    """Return the draft that the dialogue is about; when it is over, so is the dialogue."""
    draft = await drafts.load(turn.unit, str((await state.get_data()).get("return")))
    if draft is not None and draft.stage is Stage.OPEN:
        return draft
    await state.clear()
    desk.say(home(master.name))
    return None


async def take_reason(message: Message, turn: Turn, desk: Desk, master: Master, state: FSMContext) -> None:
    """Take the reason in words; the message with the question turns into the next one."""
    draft = await _awaited(state, turn, desk, master)
    if draft is None:
        return
    reason = " ".join((message.text or "").split())
    if not SHORTEST <= len(reason) <= LONGEST:
        desk.say(Screen(texts.returns.reason_odd()))
        return
    await _ask_photos(replace(draft, reason=reason), turn, _live(draft, turn), state)


def _live(draft: Draft, turn: Turn) -> Desk:
    """Return the desk of the one message that shows the draft."""
    return Desk(turn, Place(draft.chat_id, draft.message_id))


async def take_photo(message: Message, turn: Turn, desk: Desk, master: Master, state: FSMContext) -> None:
    """Take one photo with its caption. Those of an album come side by side; each adds itself to the draft."""
    draft = await _awaited(state, turn, desk, master)
    if draft is None:
        return
    taken = photos.picture(message)
    problem = taken if isinstance(taken, str) else _too_many(draft, taken.unique_id)
    if problem is not None or isinstance(taken, str):
        desk.say(Screen(problem or ""))
        return
    fuller = draft.with_picture(taken, message.caption or "")
    fuller.save(turn.unit)
    _live(fuller, turn).show(screens.ask_photos(fuller))


def _too_many(draft: Draft, unique_id: str) -> str | None:
    if draft.has(unique_id):
        return texts.returns.photo_taken_before()
    return texts.returns.photo_extra() if draft.full else None


async def remind(message: Message, desk: Desk) -> None:
    """Say that photos are expected."""
    desk.say(Screen(texts.returns.photos_wanted()))


async def review(callback: CallbackQuery, callback_data: ReviewReturn, turn: Turn, desk: Desk, master: Master) -> None:
    """Show everything once more. More photos may still come: then they are counted again."""
    draft = await _ready(callback_data.draft, turn, desk, master)
    if draft is not None:
        desk.toast()
        desk.show(screens.confirmation(draft))


async def _ready(draft_id: str, turn: Turn, desk: Desk, master: Master) -> Draft | None:
    """Return the draft if nothing is missing; an old button may be pressed after the goods were taken back."""
    draft = await _open(draft_id, turn, desk, master)
    if draft is None or draft.ready:
        return draft
    desk.toast(texts.returns.nothing_chosen())
    desk.show(screens.goods(draft))
    return None


async def confirm(
    callback: CallbackQuery, callback_data: ConfirmReturn, turn: Turn, desk: Desk, master: Master, state: FSMContext
) -> None:
    """Register the return once, however often this is tapped."""
    draft = await _ready(callback_data.draft, turn, desk, master)
    if draft is not None:
        desk.toast(texts.labels.BUSY)
        await state.clear()
        sending = draft.at(Stage.SENDING)
        sending.save(turn.unit)
        desk.buttons(screens.busy_keyboard())
        for job in jobs.upload_jobs(sending, turn.now):
            await turn.want(job)


async def cancel(
    callback: CallbackQuery, callback_data: CancelReturn, turn: Turn, desk: Desk, master: Master, state: FSMContext
) -> None:
    """Return nothing; the draft's buttons are stale from now on."""
    draft = await _open(callback_data.draft, turn, desk, master)
    if draft is not None:
        draft.at(Stage.CLOSED).save(turn.unit)
        await state.clear()
        desk.toast()
        desk.show(screens.told(texts.returns.canceled()))
