"""A phone and a comment for the order of a confirmation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant import sessions, texts
from shared.assistant.checkout.buttons import ConfirmOrder, DropComment, EditComment, EditPhone
from shared.assistant.checkout.payloads import OrderPayload, PlaceOrderPayload
from shared.assistant.navigation import StartCheckout
from shared.domain import checkouts, masters
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.telegram.api import CallbackData
from tests.assistant import samples
from tests.assistant.checkout.steps import asked, confirmed, filling
from tests.assistant.samples import MASTER, OFFERS, OTHER, USER
from tests.assistant.stage import Seen, Shown
from tests.assistant.stage import Stage as Theatre

PHONE, COMMENT = EditPhone(checkout="c0ffee"), EditComment(checkout="c0ffee")
NUMBER = "+79123456789"


def _card(phone: str = "79123456789", user: int | None = USER) -> dict[str, object]:
    card: dict[str, object] = {"phone_number": phone, "first_name": "Иван"}
    return card if user is None else {**card, "user_id": user}


@pytest.fixture
async def shown(stage: Theatre) -> Theatre:
    """A master with a confirmation on his screen."""
    await stage.save(checkouts.key("c0ffee"), samples.checkout().save)
    return stage


async def _fresh(stage: Theatre, seen: Seen) -> Checkout:
    """Return the checkout of the confirmation that was shown anew."""
    data = ConfirmOrder.unpack(seen.screens[-1].data("✅ Заказать"))
    checkout = await checkouts.load(stage.unit(), data.checkout)
    assert checkout is not None
    return checkout


async def _phone(stage: Theatre) -> str:
    master = await masters.load(stage.unit(), USER)
    assert master is not None
    return master.phone


async def test_the_phone_is_asked_with_a_key_that_sends_his_card(shown: Theatre) -> None:
    seen = await shown.tap(PHONE)
    assert seen.screen.text == texts.contact_comment.ask_phone()
    assert seen.screen.params["reply_markup"]["keyboard"] == [
        [{"text": "📞 Отправить мой номер", "request_contact": True}]
    ]


@pytest.mark.parametrize("phone", ["79123456789", "+79123456789"])
async def test_his_own_card_is_taken_shown_and_remembered(shown: Theatre, phone: str) -> None:
    await shown.tap(PHONE)
    seen = await shown.write(contact=_card(phone))
    kept, confirmation = seen.screens
    assert kept.params["reply_markup"] == {"remove_keyboard": True}
    assert "📞 +7\u00a0912\u00a0345-67-89" in confirmation.text
    assert await _phone(shown) == NUMBER
    fresh = await _fresh(shown, seen)
    assert (fresh.phone, fresh.stage, fresh.address) == (NUMBER, CheckoutStage.SHOWN, samples.ADDRESS)
    assert await shown.read(sessions.key(USER, USER)) is None


@pytest.mark.parametrize("user", [OTHER, None])
async def test_another_persons_card_is_not_taken(shown: Theatre, user: int | None) -> None:
    await shown.tap(PHONE)
    seen = await shown.write(contact=_card(user=user))
    assert seen.screen.text == texts.contact_comment.phone_not_his()
    assert await _phone(shown) == ""
    assert "Проверьте заказ" in (await shown.write("8 (912) 345-67-89")).screens[-1].text


async def test_a_typed_number(shown: Theatre) -> None:
    await shown.tap(PHONE)
    assert (await shown.write("завтра")).screen.text == texts.contact_comment.phone_odd()
    seen = await shown.write("8 (912) 345-67-89")
    assert (await _fresh(shown, seen)).phone == NUMBER


async def test_a_comment(shown: Theatre) -> None:
    asked_for = await shown.tap(COMMENT)
    assert asked_for.screen.text == texts.contact_comment.ask_comment()
    seen = await shown.write("  Позвоните\nза час ")
    assert "💬 Позвоните за час" in seen.screen.text
    assert (await _fresh(shown, seen)).comment == "Позвоните за час"


@pytest.mark.parametrize(("length", "taken"), [(500, True), (501, False)])
async def test_a_comment_is_bounded(shown: Theatre, length: int, taken: bool) -> None:
    await shown.tap(COMMENT)
    seen = await shown.write("я" * length)
    assert (seen.screen.text == texts.contact_comment.comment_odd()) is not taken


async def test_a_comment_is_taken_back_in_place(shown: Theatre) -> None:
    await shown.tap(COMMENT)
    with_comment = (await shown.write("Позвоните")).screen
    seen = await shown.tap(with_comment.data("✕ Убрать комментарий"))
    assert seen.screen.method == "editMessageText"
    assert "💬" not in seen.screen.text
    assert not any(label.startswith("✕") for label in seen.screen.labels)
    assert (await _fresh(shown, seen)).comment == ""
    assert (await shown.tap(with_comment.data("✅ Заказать"))).toasts == [texts.trouble.stale_button()]


async def test_the_old_confirmation_is_stale_then(shown: Theatre) -> None:
    await shown.tap(COMMENT)
    seen = await shown.write("Позвоните")
    assert (await shown.tap(ConfirmOrder(checkout="c0ffee"))).toasts == [texts.trouble.stale_button()]
    assert (await shown.tap(ConfirmOrder(checkout=(await _fresh(shown, seen)).id))).job.kind == "recheck"


async def test_phone_and_comment_live_side_by_side(shown: Theatre) -> None:
    await shown.tap(COMMENT)
    fresh = await _fresh(shown, await shown.write("Позвоните"))
    await shown.tap(EditPhone(checkout=fresh.id))
    both = await _fresh(shown, await shown.write(contact=_card()))
    assert (both.phone, both.comment) == (NUMBER, "Позвоните")


@pytest.mark.parametrize("data", [PHONE, COMMENT, DropComment(checkout="c0ffee")])
@pytest.mark.parametrize(
    "at",
    [CheckoutStage.CHECKING, CheckoutStage.PLACING, CheckoutStage.DONE, CheckoutStage.REPLACED, CheckoutStage.FAILED],
)
async def test_an_order_under_way_is_not_amended(shown: Theatre, data: CallbackData, at: CheckoutStage) -> None:
    await shown.save(checkouts.key("c0ffee"), samples.checkout().at(at).save)
    seen = await shown.tap(data)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.text == texts.contact_comment.amended_too_late()
    assert await shown.read(sessions.key(USER, USER)) is None


async def test_an_order_made_meanwhile_is_not_amended(shown: Theatre) -> None:
    await shown.tap(COMMENT)
    await shown.tap(ConfirmOrder(checkout="c0ffee"))
    seen = await shown.write("Позвоните")
    assert seen.screen.text == texts.contact_comment.amended_too_late()


async def test_a_phone_that_came_too_late_is_remembered_all_the_same(shown: Theatre) -> None:
    await shown.tap(PHONE)
    await shown.tap(ConfirmOrder(checkout="c0ffee"))
    seen = await shown.write(contact=_card())
    assert seen.screens[-1].text == texts.contact_comment.amended_too_late()
    assert await _phone(shown) == NUMBER


async def test_nobody_amends_anothers_order(stage: Theatre) -> None:
    await stage.save(checkouts.key("c0ffee"), samples.checkout(user_id=OTHER).save)
    assert (await stage.tap(PHONE)).screen.text == texts.contact_comment.amended_too_late()


@pytest.fixture
async def offered(shop: Theatre) -> Theatre:
    """A master without a phone, his first confirmation and the question below it."""
    await shop.join(replace(MASTER, phone_asked=False))
    seen = await shop.answer(await asked(shop), OFFERS)
    assert [screen.text for screen in seen.screens[1:]] == [texts.contact_comment.offer_phone()]
    keys = seen.screens[1].params["reply_markup"]["keyboard"]
    assert [key["text"] for row in keys for key in row] == ["📞 Отправить мой номер", "Пропустить"]
    return shop


async def _shown_again(shop: Theatre) -> Shown:
    return (await shop.answer(await asked(shop), OFFERS)).screen


async def test_the_phone_is_asked_once(offered: Theatre) -> None:
    assert "Проверьте заказ" in (await _shown_again(offered)).text


async def test_who_has_a_phone_is_not_asked(shop: Theatre) -> None:
    await shop.join(replace(MASTER, phone_asked=False, phone=NUMBER))
    assert "📞" in (await _shown_again(shop)).text


async def test_nobody_is_asked_below_nothing_to_order(shop: Theatre) -> None:
    await shop.join(replace(MASTER, phone_asked=False))
    assert (await shop.answer(await asked(shop), {})).screen.text == texts.checkout.nothing_left()


async def test_who_is_no_master_any_more_is_not_asked(shop: Theatre) -> None:
    job = await asked(shop)
    await shop.save(masters.key(USER), lambda unit: unit.delete(masters.key(USER)))
    assert "Проверьте заказ" in (await shop.answer(job, OFFERS)).screen.text


async def test_the_card_goes_with_the_order_on_the_screen(offered: Theatre) -> None:
    shown = await _shown_again(offered)
    seen = await offered.write(contact=_card())
    assert (seen.screen.text, seen.screen.params["reply_markup"]) == (
        texts.contact_comment.phone_added(NUMBER),
        {"remove_keyboard": True},
    )
    assert await _phone(offered) == NUMBER
    job = (await offered.tap(shown.data("✅ Заказать"))).job
    assert job.payload["phone"] == NUMBER


@pytest.mark.parametrize("typed", ["8 (912) 345-67-89", "+79123456789"])
async def test_a_number_that_is_typed_instead_goes_with_it_too(offered: Theatre, typed: str) -> None:
    seen = await offered.write(typed)
    assert (seen.screen.text, seen.jobs) == (texts.contact_comment.phone_added(NUMBER), [])
    assert await _phone(offered) == NUMBER


async def test_a_number_given_meanwhile_stands_in_the_next_confirmation(offered: Theatre) -> None:
    shown = await _shown_again(offered)
    await offered.write("+79123456789")
    await offered.tap(shown.data("💬 Комментарий"))
    assert "📞 +7\u00a0912\u00a0345-67-89" in (await offered.write("звонить за час")).screen.text


async def test_ten_digits_are_searched_for(offered: Theatre) -> None:
    assert (await offered.write("9123456789")).job.kind == "find"


async def test_who_was_not_asked_or_has_one_searches_for_a_number(stage: Theatre) -> None:
    for master in (replace(MASTER, phone_asked=False), replace(MASTER, phone_asked=True, phone=NUMBER)):
        await stage.join(master)
        assert (await stage.write("89123456789")).job.kind == "find"


async def test_a_card_without_a_phone_that_can_be_called_is_not_taken(offered: Theatre) -> None:
    assert (await offered.write(contact=_card("7"))).screen.text == texts.contact_comment.phone_odd()
    assert await _phone(offered) == ""


async def test_the_question_can_be_skipped_in_any_state(offered: Theatre) -> None:
    await offered.tap(StartCheckout())
    seen = await offered.write("Пропустить")
    assert (seen.screen.text, seen.screen.params["reply_markup"]) == (
        texts.contact_comment.phone_skipped(),
        {"remove_keyboard": True},
    )


async def test_the_remembered_phone_is_on_the_next_confirmation_and_in_the_order(shop: Theatre) -> None:
    await shop.join(replace(MASTER, phone=NUMBER))
    seen = await shop.answer(await asked(shop), OFFERS)
    assert "📞 +7\u00a0912\u00a0345-67-89" in seen.screen.text
    order = PlaceOrderPayload.from_data((await filling(shop)).payload).order
    assert (order.phone, order.comment) == (NUMBER, "")


async def test_what_an_older_version_wrote_is_read(shop: Theatre) -> None:
    job = await confirmed(shop)
    old = {name: value for name, value in job.payload.items() if name not in ("phone", "comment")}
    order = OrderPayload.from_data(old).new_order("key")
    assert (order.phone, order.comment) == ("", "")
