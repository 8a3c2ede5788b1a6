"""The questions where to deliver: in words, to a saved address, a point on the map or a place Telegram knows."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import amending, question_screens
from shared.assistant.checkout.buttons import (
    DropAddress,
    EditAddress,
    FetchMyself,
    NameAddress,
    NameAddresses,
    UseAddress,
    UseAddressAt,
    UsePoint,
)
from shared.assistant.common_screens import answer_stale
from shared.assistant.spoken_commands import says_any
from shared.domain import masters
from shared.domain.masters import Master, mark_of
from shared.domain.one_line import one_line
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, F, FSMContext, Location, Message, Router, State, StatesGroup, Venue

SHORTEST, LONGEST = 5, 300
"""Characters of an address."""

FEWEST, MOST = 2, 250
"""Characters of the words to a point: the point says the rest."""


LONGEST_NAME = 25
"""Characters of an address's own name."""


class CheckoutStates(StatesGroup):
    """Where the dialogue stands.

    `words`: the session holds the `point` that words are wanted for; `name`: the `mark` of the address that gets one.
    `payment`: the `address`, "" for an order that is fetched. All the time `may_fetch`, where the shop has that.
    """

    address = State()
    words = State()
    payment = State()
    name = State()


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(use_address, UseAddress.filter())
    router.callback_query.register(fetch_myself, FetchMyself.filter())
    router.callback_query.register(use_address_at, UseAddressAt.filter())
    router.callback_query.register(drop_address, DropAddress.filter())
    router.callback_query.register(choose_to_name, NameAddresses.filter())
    router.callback_query.register(ask_name, NameAddress.filter())
    router.callback_query.register(use_point, UsePoint.filter())
    router.callback_query.register(change, EditAddress.filter())
    for state in (CheckoutStates.address, CheckoutStates.words):
        router.message.register(take_venue, state, F.venue)
        router.message.register(take_point, state, F.location)
    router.message.register(take_address, CheckoutStates.address, F.text, ~F.text.startswith("/"), _may_be_address)
    router.message.register(take_name, CheckoutStates.name, F.text, ~F.text.startswith("/"))
    router.message.register(take_words, CheckoutStates.words, F.text, ~F.text.startswith("/"))


async def ask(view: ChatView, state: FSMContext, master: Master) -> None:
    """Ask where to deliver; the session says whether the order may be fetched instead."""
    await state.set_state(CheckoutStates.address)
    may_fetch = bool((await state.get_data()).get("may_fetch"))
    view.show(question_screens.ask_address(master.addresses, master.address_names, may_fetch=may_fetch))


async def change(
    callback: CallbackQuery,
    callback_data: EditAddress,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Ask for another address of a confirmation, in its place."""
    if await amending.shown(callback_data.checkout, decision, master) is None:
        amending.too_late(view)
        return
    view.toast()
    await state.set_data({"checkout": callback_data.checkout})
    await ask(view, state, master)


async def _may_be_address(message: Message) -> bool:
    """Let through all but a command in words: «корзина» and «позовите менеджера» are nobody's address."""
    return not await says_any(message)


async def take_address(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take a typed address."""
    address = _line(message.text)
    if not SHORTEST <= len(address) <= LONGEST:
        view.say(Screen(texts.addresses.address_odd()))
        return
    await _take(address, decision, view, master, state)


def _line(text: str | None) -> str:
    return one_line(text or "")


async def use_address(
    callback: CallbackQuery,
    callback_data: UseAddress,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Take a saved address."""
    await _use(_marked(master, callback_data.mark), decision, view, master, state)


async def use_address_at(
    callback: CallbackQuery,
    callback_data: UseAddressAt,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Take the saved address that stands at this place, if it is the one that the button is called by."""
    index, label = callback_data.index, _label(callback)
    known = master.addresses[index] if 0 <= index < len(master.addresses) else None
    is_meant = known is not None and texts.labels.address(known, master.name_of(known)) == label
    await _use(known if is_meant else None, decision, view, master, state)


def _label(callback: CallbackQuery) -> str:
    """Return what the tapped button is called; "" where Telegram does not tell any more."""
    shown = callback.message.reply_markup if isinstance(callback.message, Message) else None
    rows = shown.inline_keyboard if shown is not None else []
    return next((each.text for row in rows for each in row if each.callback_data == callback.data), "")


async def _use(address: str | None, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the address; ask anew where it is not among the saved ones any more."""
    if address is not None:
        view.toast()
        await _take(address, decision, view, master, state)
    elif await state.get_state() == CheckoutStates.address.state:
        view.toast(texts.trouble.stale_button())
        await ask(view, state, master)
    else:
        answer_stale(view, master)


def _marked(master: Master, mark: str) -> str | None:
    return next((known for known in master.addresses if mark_of(known) == mark), None)


async def drop_address(
    callback: CallbackQuery,
    callback_data: DropAddress,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Forget a saved address and ask on, in place. A second tap finds nothing to forget and harms nothing."""
    await decision.unit.get(masters.key(master.telegram_id))
    changed = master.without_address(callback_data.mark)
    changed.save(decision.unit)
    view.toast(texts.addresses.address_forgotten())
    await ask(view, state, changed)


async def choose_to_name(callback: CallbackQuery, view: ChatView, master: Master, state: FSMContext) -> None:
    """Ask which saved address shall get a name, while an address is asked for."""
    if await state.get_state() != CheckoutStates.address.state or not master.addresses:
        answer_stale(view, master)
        return
    view.toast()
    view.show(question_screens.choose_to_name(master.addresses, master.address_names))


async def ask_name(
    callback: CallbackQuery, callback_data: NameAddress, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Ask for a name of a saved address."""
    address = _marked(master, callback_data.mark)
    if address is None or await state.get_state() is None:
        answer_stale(view, master)
        return
    view.toast()
    await state.set_state(CheckoutStates.name)
    await state.update_data(mark=callback_data.mark)
    view.say(question_screens.ask_name(address))


async def take_name(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Keep the name and ask for the address on, where it can be chosen by it."""
    name = _line(message.text)
    if len(name) > LONGEST_NAME:
        view.say(Screen(texts.addresses.address_name_odd()))
        return
    await decision.unit.get(masters.key(master.telegram_id))
    changed = master.naming(str((await state.get_data()).get("mark", "")), name)
    changed.save(decision.unit)
    await ask(view, state, changed)


async def take_venue(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take a place that Telegram knows by name: it has the words already."""
    place = message.venue
    if place is None:
        return
    words = named(place)
    if not words:
        await _ask_words(view, state, coordinates(place.location))
        return
    await _take(texts.addresses.pointed(words, coordinates(place.location)), decision, view, master, state)


def named(place: Venue) -> str:
    """Return a place's address and name, as far as Telegram has them and a courier's sheet has room."""
    return ", ".join(filter(None, (_line(place.address), _line(place.title))))[:MOST]


async def take_point(message: Message, view: ChatView, state: FSMContext) -> None:
    """Take a point on the map and ask for words to it: a courier finds the yard by it, not the door."""
    if message.location is not None:
        await _ask_words(view, state, coordinates(message.location))


async def _ask_words(view: ChatView, state: FSMContext, point: str) -> None:
    await state.set_state(CheckoutStates.words)
    await state.update_data(point=point)
    view.say(question_screens.ask_words(point))


def coordinates(location: Location) -> str:
    """Return «56.85870, 35.91760»: latitude and longitude in degrees, to the metre, as any map takes them."""
    return f"{location.latitude:.5f}, {location.longitude:.5f}"


async def take_words(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the words to the point."""
    words = _line(message.text)
    if not FEWEST <= len(words) <= MOST:
        view.say(Screen(texts.addresses.words_odd()))
        return
    await _take(texts.addresses.pointed(words, await _point(state)), decision, view, master, state)


async def _point(state: FSMContext) -> str:
    return str((await state.get_data()).get("point", ""))


async def use_point(
    callback: CallbackQuery, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """Take the point alone."""
    if await state.get_state() != CheckoutStates.words.state:
        answer_stale(view, master)
        return
    view.toast()
    await _take(texts.addresses.pointed("", await _point(state)), decision, view, master, state)


async def _take(address: str, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Go on to the way to pay, or back to the confirmation that the address is for."""
    changed = (await state.get_data()).get("checkout")
    if changed is None:
        await _ask_payment(view, state, address)
        return
    await state.clear()
    checkout = await amending.shown(str(changed), decision, master)
    if checkout is None:
        amending.too_late(view)
        return
    view.show(await amending.replaced(decision, checkout, address=address))


async def fetch_myself(callback: CallbackQuery, view: ChatView, master: Master, state: FSMContext) -> None:
    """Go on without an address: at which store is asked once the goods are checked."""
    if not (await state.get_data()).get("may_fetch"):
        answer_stale(view, master)
        return
    view.toast()
    await _ask_payment(view, state, "")


async def _ask_payment(view: ChatView, state: FSMContext, address: str) -> None:
    await state.set_state(CheckoutStates.payment)
    await state.update_data(address=address)
    view.show(question_screens.ask_payment(address))
