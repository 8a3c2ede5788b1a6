"""A point on the map as an address, and saved addresses that are forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.assistant import sessions, texts
from shared.assistant.checkout.address import LONGEST, MOST, CheckoutStates
from shared.assistant.checkout.buttons import (
    ChoosePayment,
    DropAddress,
    NameAddress,
    NameAddresses,
    UseAddress,
    UsePoint,
)
from shared.assistant.navigation import StartCheckout
from shared.domain import masters
from shared.domain.masters import ADDRESSES, mark_of
from shared.domain.orders import PaymentKind
from shared.telegram.api import CallbackData
from tests.assistant.samples import ADDRESS, MASTER, USER
from tests.assistant.stage import Seen
from tests.assistant.stage import Stage as Theatre

SAVED = ("Тверь, Лесная, 1", "Клин, Мира, 2")
LOCATION = {"latitude": 56.8587, "longitude": 35.917598}
POINT = "56.85870, 35.91760"


def venue(title: str = "Мастерская", address: str = "Тверь, ул. Советская, 10") -> dict[str, Any]:
    """A message with a place: Telegram puts its point beside it."""
    return {"venue": {"location": LOCATION, "title": title, "address": address}, "location": LOCATION}


async def ordered_to(shop: Theatre) -> str:
    """The address of the order that is checked next."""
    seen = await shop.tap(ChoosePayment(payment=PaymentKind.CASH))
    return str(seen.job.payload["address"])


async def pointed(shop: Theatre) -> Seen:
    """A point on the map in the place of an address."""
    await shop.tap(StartCheckout())
    return await shop.write(location=LOCATION)


async def test_a_point_wants_words(shop: Theatre) -> None:
    seen = await pointed(shop)
    assert seen.screen.text == texts.addresses.ask_words(POINT)
    assert seen.screen.labels == ["Хватит точки на карте", "Отмена"]
    paying = await shop.write("  ул. Советская,\n10, двор ")
    assert paying.screen.labels[0] == "💳 Оплата по ссылке"
    assert await ordered_to(shop) == f"ул. Советская, 10, двор (точка на карте: {POINT})"


async def test_the_point_alone_is_enough(shop: Theatre) -> None:
    seen = await pointed(shop)
    paying = await shop.tap(seen.screen.data("Хватит"))
    assert paying.screen.method == "editMessageText"
    assert await ordered_to(shop) == f"Точка на карте: {POINT}"


@pytest.mark.parametrize(("words", "good"), [("1", False), ("10", True), ("я" * 250, True), ("я" * 251, False)])
async def test_the_words_are_bounded(shop: Theatre, words: str, good: bool) -> None:
    await pointed(shop)
    seen = await shop.write(words)
    assert (seen.screen.text == texts.addresses.words_odd()) is not good


async def test_another_point_takes_the_place_of_the_first(shop: Theatre) -> None:
    await pointed(shop)
    seen = await shop.write(location={"latitude": -33.86, "longitude": 151.2})
    assert seen.screen.text == texts.addresses.ask_words("-33.86000, 151.20000")
    await shop.tap(UsePoint())
    assert await ordered_to(shop) == "Точка на карте: -33.86000, 151.20000"


async def test_a_place_with_a_name_needs_no_words(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    await shop.write(**venue())
    assert await ordered_to(shop) == f"Тверь, ул. Советская, 10, Мастерская (точка на карте: {POINT})"


async def test_a_place_may_come_after_a_point(shop: Theatre) -> None:
    await pointed(shop)
    await shop.write(**venue(address=""))
    assert await ordered_to(shop) == f"Мастерская (точка на карте: {POINT})"


async def test_a_place_without_words_is_a_point(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    seen = await shop.write(**venue("", " "))
    assert seen.screen.text == texts.addresses.ask_words(POINT)


async def test_a_place_with_a_long_name_is_cut(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    await shop.write(**venue("я" * 2 * MOST))
    assert len(await ordered_to(shop)) <= LONGEST


async def test_the_point_of_another_time_leads_to_a_fresh_screen(shop: Theatre) -> None:
    await pointed(shop)
    await shop.write("двор")
    seen = await shop.tap(UsePoint())
    assert seen.toasts == [texts.trouble.stale_button()]


async def test_a_saved_address_is_forgotten_in_place(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=SAVED))
    asked = (await shop.tap(StartCheckout())).screen
    seen = await shop.tap(DropAddress(mark=mark_of(SAVED[0])))
    assert asked.buttons[1]["callback_data"] == DropAddress(mark=mark_of(SAVED[0])).pack()
    assert seen.toasts == [texts.addresses.address_forgotten()]
    assert seen.screen.method == "editMessageText"
    assert seen.screen.labels == ["📍 Клин, Мира, 2", "✕", "✏️ Назвать адрес", "Отмена"]
    master = await masters.load(shop.unit(), USER)
    assert master is not None
    assert master.addresses == SAVED[1:]


def _old_keyboard() -> dict[str, Any]:
    """The saved addresses as the version before showed them, by their places."""
    rows = [[{"text": f"📍 {address}", "callback_data": f"d1:{index}"}] for index, address in enumerate(SAVED)]
    return {"inline_keyboard": rows}


async def test_an_old_keyboard_takes_the_address_that_it_names(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=SAVED))
    asked = await shop.tap(StartCheckout())
    await shop.join(replace(MASTER, addresses=(ADDRESS, *SAVED)))
    await shop.tap(asked.screen.data("📍 Клин"))
    assert await ordered_to(shop) == SAVED[1]


@pytest.mark.parametrize(("known", "taken"), [(SAVED, SAVED[1]), ((ADDRESS, *SAVED), None), (SAVED[:1], None)])
async def test_a_button_of_the_version_before_takes_no_other_address(
    shop: Theatre, known: tuple[str, ...], taken: str | None
) -> None:
    await shop.join(replace(MASTER, addresses=known))
    await shop.tap(StartCheckout())
    seen = await shop.tap("d1:1", reply_markup=_old_keyboard())
    if taken is None:
        assert seen.toasts == [texts.trouble.stale_button()]
        assert seen.screen.text == texts.addresses.ask_address_or_choose(), "asked anew, with a fresh keyboard"
    else:
        assert await ordered_to(shop) == taken


@pytest.mark.parametrize("data", ["d1:0", "d1:-1", UseAddress(mark="0" * 8)])
async def test_an_address_that_is_not_asked_for_leads_to_a_fresh_screen(
    shop: Theatre, data: str | CallbackData
) -> None:
    seen = await shop.tap(data)
    assert seen.toasts == [texts.trouble.stale_button()]


async def test_a_second_tap_forgets_no_other(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=SAVED))
    for _ in range(2):
        seen = await shop.tap(DropAddress(mark=mark_of(SAVED[0])))
    assert seen.screen.labels == ["📍 Клин, Мира, 2", "✕", "✏️ Назвать адрес", "Отмена"]


async def test_after_forgetting_an_address_is_awaited(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=SAVED[:1]))
    seen = await shop.tap(DropAddress(mark=mark_of(SAVED[0])))
    assert seen.screen.text == texts.addresses.ask_address()
    session = await shop.read(sessions.key(USER, USER))
    assert session is not None
    assert session["state"] == CheckoutStates.address.state
    await shop.write(ADDRESS)
    assert await ordered_to(shop) == ADDRESS


def test_the_latest_addresses_are_remembered() -> None:
    master = replace(MASTER, addresses=SAVED).with_address(ADDRESS)
    assert len(master.addresses) == ADDRESSES
    assert master.without_address(mark_of(ADDRESS)).addresses == SAVED


async def test_an_address_gets_a_name_and_is_chosen_by_it(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=SAVED))
    seen = await shop.tap(StartCheckout())
    assert seen.screen.labels == ["📍 Тверь, Лесная, 1", "✕", "📍 Клин, Мира, 2", "✕", "✏️ Назвать адрес", "Отмена"]
    choice = await shop.tap(seen.screen.data("✏️"))
    asked = await shop.tap(choice.screen.data("📍 Клин"))
    assert asked.screen.text == texts.addresses.ask_address_name(SAVED[1])
    assert (await shop.write("я" * 26)).screen.text == texts.addresses.address_name_odd()
    again = await shop.write("  Объект на  Мира ")
    assert again.screen.labels[2] == "📍 Объект на Мира · Клин, Мира, 2"
    await shop.tap(again.screen.data("📍 Объект"))
    assert await ordered_to(shop) == SAVED[1]


@pytest.mark.parametrize("button", [NameAddress(mark="gone"), NameAddresses()])
async def test_an_address_that_is_gone_gets_no_name(shop: Theatre, button: CallbackData) -> None:
    await shop.tap(StartCheckout())
    seen = await shop.tap(button)
    assert seen.toasts == [texts.trouble.stale_button()]


def test_a_named_address_outlives_the_latest_ones() -> None:
    named = replace(MASTER, addresses=("a",)).naming(mark_of("a"), "Гараж")
    for number in range(9):
        named = named.with_address(str(number))
    assert named.addresses == ("8", "7", "6", "a")
    assert named.name_of("a") == "Гараж"
    assert named.with_address("a").addresses == ("a", "8", "7", "6")
    assert named.without_address(mark_of("a")).address_names == {}


async def test_a_command_in_words_is_no_address(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    assert (await shop.write("позовите менеджера")).screens[-1].text == (await shop.write("/support")).screens[-1].text
