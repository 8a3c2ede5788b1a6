"""Coming in, the commands that work everywhere, and what nobody else understands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from shared.assistant import sessions, texts
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.checkout.address import CheckoutStates
from shared.assistant.navigation import ShowOrders, StartCheckout
from shared.assistant.onboarding.coming_in import Bindings, come_in
from shared.domain import carts, invites, masters, order_records
from shared.domain.invites import Invite
from shared.domain.preferences import QuietHours, Sound
from shared.pipeline.decision import Decision
from tests.assistant.samples import CART, MASTER, NOW, OTHER, USER, known_order
from tests.assistant.stage import Seen, Stage

SECRET = "long enough to be a secret"
TOKEN = invites.sign(Invite("501", NOW + timedelta(days=3)), SECRET)
EVERYTHING = Bindings(contacts=True, phones=True)
HOME = "Иван, что ищем?"


async def _come(
    stage: Stage, token: str = TOKEN, user: int = USER, secret: str | None = SECRET, binds: Bindings = EVERYTHING
) -> Seen:
    async def make_decision(decision: Decision) -> None:
        view = ChatView(decision, ChatTarget(user))
        await come_in(token, user, "Иван", secret, decision, view, binds)

    return await stage.decision(make_decision)


async def test_an_invite_lets_in(empty_stage: Stage) -> None:
    seen = await _come(empty_stage)
    assert seen.screen.text.startswith("Здравствуйте, Иван. Доступ открыт.")
    assert seen.screen.labels == ["📂 Каталог", "🛒 Корзина", "📦 Мои заказы"]
    assert await masters.load(empty_stage.unit(), USER) == replace(MASTER, phone_asked=False)


async def test_a_forwarded_invite_lets_nobody_else_in(empty_stage: Stage) -> None:
    await _come(empty_stage)
    seen = await _come(empty_stage, user=OTHER)
    assert seen.screen.text == texts.onboarding.invite_taken()
    assert await masters.load(empty_stage.unit(), OTHER) is None


async def test_he_himself_may_come_again_and_keeps_what_he_told_and_chose(empty_stage: Stage) -> None:
    await _come(empty_stage)
    told = replace(MASTER, addresses=("Тверь",), phone="+79001234567")
    chosen = replace(told, sound=Sound.NONE, quiet_hours=QuietHours.FROM_21_TO_9)
    await empty_stage.join(replace(chosen, reachable=False))
    empty_stage.clock.advance(hours=1)
    seen = await _come(empty_stage)
    assert seen.screen.text == texts.onboarding.welcome_back(MASTER.name)
    assert await masters.load(empty_stage.unit(), USER) == chosen


async def test_a_newer_invite_binds_to_another_buyer(empty_stage: Stage) -> None:
    await _come(empty_stage)
    await _come(empty_stage, invites.sign(Invite("777", NOW + timedelta(days=3)), SECRET))
    master = await masters.load(empty_stage.unit(), USER)
    assert master is not None
    assert master.bitrix_user_id == "777"


async def test_an_invite_may_bind_to_a_contact_where_the_portal_has_contacts(empty_stage: Stage) -> None:
    token = invites.sign(Invite("contact-44", NOW + timedelta(days=3)), SECRET)
    seen = await _come(empty_stage, token, binds=Bindings(contacts=False, phones=False))
    assert seen.screen.text == texts.onboarding.invite_bad()
    assert await masters.load(empty_stage.unit(), USER) is None
    await _come(empty_stage, token)
    master = await masters.load(empty_stage.unit(), USER)
    assert master is not None
    assert master.bitrix_user_id == "contact-44"


@pytest.mark.parametrize("secret", ["other", None])
async def test_a_bad_invite_leaves_nothing_behind(empty_stage: Stage, secret: str | None) -> None:
    seen = await _come(empty_stage, secret=secret)
    assert seen.screen.text == texts.onboarding.invite_bad()
    assert await masters.load(empty_stage.unit(), USER) is None
    assert await empty_stage.read(invites.key(TOKEN)) is None


async def test_the_record_of_use_lives_as_long_as_the_invite(empty_stage: Stage) -> None:
    await _come(empty_stage)
    empty_stage.clock.advance(days=2, hours=23)
    assert await empty_stage.read(invites.key(TOKEN)) == {"telegram_id": USER}
    empty_stage.clock.advance(hours=1)
    assert await empty_stage.read(invites.key(TOKEN)) is None


async def _in_state(stage: Stage, state: str | None) -> None:
    """Bring the dialogue of the master with a full cart to a state."""
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    if state is not None:
        await stage.tap(StartCheckout())
    if state == CheckoutStates.payment.state:
        await stage.write("Тверь, ул. Советская, 10")
    session = await stage.read(sessions.key(USER, USER))
    assert (session["state"] if session else None) == state


STATES = [None, CheckoutStates.address.state, CheckoutStates.payment.state]


@pytest.mark.parametrize("state", STATES)
async def test_start_resets_the_dialogue_but_not_the_cart(stage: Stage, state: str | None) -> None:
    await _in_state(stage, state)
    seen = await stage.write("/start")
    assert seen.screen.text.startswith(HOME)
    assert await stage.read(sessions.key(USER, USER)) is None
    assert await carts.load(stage.unit(), USER) == CART


@pytest.mark.parametrize("text", ["/start some_payload", "/start@assistant_mastera_bot"])
async def test_start_with_more_is_a_start(stage: Stage, text: str) -> None:
    assert (await stage.write(text)).screen.text.startswith(HOME)


@pytest.mark.parametrize("state", STATES)
async def test_a_link_opens_a_products_card(stage: Stage, state: str | None) -> None:
    await _in_state(stage, state)
    seen = await stage.write("/start p_7")
    assert seen.typing
    assert (seen.job.kind, seen.job.payload["product"]) == ("card", "7")
    assert (seen.job.payload["chat_id"], seen.job.payload["message_id"]) == (USER, None)
    assert await stage.read(sessions.key(USER, USER)) is None


async def test_a_link_opens_an_order_as_track_does(stage: Stage) -> None:
    await stage.put(partial(order_records.remember, order=known_order(id_="5121")))
    seen = await stage.write("/start o_5121")
    assert seen.typing
    assert (seen.job.kind, seen.job.payload) == ("show_order", {"chat_id": USER, "message_id": None, "order": "5121"})


async def test_of_somebody_elses_order_a_link_says_what_it_says_of_none(stage: Stage) -> None:
    await stage.put(partial(order_records.remember, order=known_order(id_="5121", user_id=OTHER)))
    for payload in ("o_5121", "o_404"):
        seen = await stage.write(f"/start {payload}")
        assert seen.screen.text == texts.orders.order_unknown(payload.removeprefix("o_"))
        assert seen.jobs == []


@pytest.mark.parametrize("state", STATES)
async def test_help_works_in_every_state_and_disturbs_none(stage: Stage, state: str | None) -> None:
    await _in_state(stage, state)
    assert (await stage.write("/help")).screen.text == texts.onboarding.help_text()
    session = await stage.read(sessions.key(USER, USER))
    assert (session["state"] if session else None) == state


@pytest.mark.parametrize("state", STATES)
async def test_cancel_leaves_whatever_is_under_way(stage: Stage, state: str | None) -> None:
    await _in_state(stage, state)
    seen = await stage.write("/cancel")
    assert seen.screen.text == (texts.onboarding.canceled() if state else texts.onboarding.nothing_to_cancel())
    assert seen.screen.labels == ["📂 Каталог", "🛒 Корзина", "📦 Мои заказы"]
    assert await stage.read(sessions.key(USER, USER)) is None
    assert await carts.load(stage.unit(), USER) == CART


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("command", "kind"), [("/cart", "cart_offers"), ("/myorders", None), ("/track", None)])
async def test_the_other_commands_work_in_every_state(
    stage: Stage, state: str | None, command: str, kind: str | None
) -> None:
    await _in_state(stage, state)
    seen = await stage.write(command)
    assert [job.kind for job in seen.jobs] == ([kind] if kind else [])
    assert seen.typing if kind else "Заказов пока нет" in seen.screen.text


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("text", ["/unknown", "/", "/cartt", "/ cart", "/орех"])
async def test_an_unknown_command_gets_help(stage: Stage, state: str | None, text: str) -> None:
    await _in_state(stage, state)
    seen = await stage.write(text)
    assert seen.screen.text == texts.onboarding.help_text()
    assert seen.jobs == []


@pytest.mark.parametrize("command", ["/help", "/cancel", "/cart", "/myorders", "/track"])
async def test_a_command_with_the_bots_name_is_the_command(stage: Stage, command: str) -> None:
    """Whose name it is, only Telegram could tell; in a private chat there is nobody else."""
    alone = await stage.write(command)
    named = await stage.write(f"{command}@assistant_mastera_bot")
    assert [call.params.get("text") for call in named.calls] == [call.params.get("text") for call in alone.calls]
    assert named.screen.text != texts.onboarding.help_text() or command == "/help"


STICKER = {
    "file_id": "s", "file_unique_id": "su", "type": "regular", "width": 1, "height": 1,
    "is_animated": False, "is_video": False,
}  # fmt: skip
PHOTO = [{"file_id": "p", "file_unique_id": "pu", "width": 1, "height": 1}]
ODD: list[dict[str, Any]] = [
    {"sticker": STICKER},
    {"location": {"latitude": 56.8, "longitude": 35.9}},
    {"contact": {"phone_number": "79123456789", "first_name": "Иван"}},
    {"voice": {"file_id": "v", "file_unique_id": "vu", "duration": 3}},
]


@pytest.mark.parametrize("state", STATES)
async def test_a_photo_nobody_asked_for_is_looked_at_and_an_album_once(stage: Stage, state: str | None) -> None:
    await _in_state(stage, state)
    for _ in range(2):
        assert (await stage.write(photo=PHOTO)).job.kind == "scan_photo"
    assert (await stage.write(photo=PHOTO, media_group_id="1")).job.kind == "scan_photo"
    assert (await stage.write(photo=PHOTO, media_group_id="1")).jobs == []
    assert (await stage.write(photo=PHOTO, media_group_id="2")).job.kind == "scan_photo"
    session = await stage.read(sessions.key(USER, USER))
    assert session is not None
    assert session["state"] == state, "what he was asked for waits still"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("content", ODD, ids="+".join)
async def test_what_is_not_text_is_answered_in_every_state(
    stage: Stage, state: str | None, content: dict[str, Any]
) -> None:
    await _in_state(stage, state)
    seen = await stage.write(**content)
    if state == CheckoutStates.address.state and "location" in content:
        assert seen.screen.labels[0] == texts.labels.POINT_ALONE
        return
    assert seen.screen.text == texts.onboarding.not_text()
    assert seen.screen.labels == ["📂 Каталог", "🛒 Корзина", "📦 Мои заказы"]


@pytest.mark.parametrize("state", STATES)
async def test_what_is_written_under_a_picture_is_read_in_every_state(stage: Stage, state: str | None) -> None:
    await _in_state(stage, state)
    seen = await stage.write(photo=PHOTO, caption="шуруповёрт")
    assert [job.kind for job in seen.jobs] == ["find"]


@pytest.mark.parametrize(
    ("state", "leads_to"),
    [(None, "find"), (CheckoutStates.address.state, "Как оплатите?"), (CheckoutStates.payment.state, "find")],
)
async def test_a_text_leads_somewhere_in_every_state(stage: Stage, state: str | None, leads_to: str) -> None:
    await _in_state(stage, state)
    seen = await stage.write("Тверь, ул. Советская, 10")
    if leads_to == "find":
        assert seen.job.kind == leads_to
    else:
        assert leads_to in seen.screen.text


@pytest.mark.parametrize(
    "data", ["p0:s1:2", "zz", "n0", "k1:s1", "q1:s1:7:many:10:RUB", "y1:barter", "b1:perhaps", "z1"]
)
async def test_a_button_of_another_time_leads_to_a_fresh_screen(stage: Stage, data: str) -> None:
    seen = await stage.tap(data)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text.startswith(HOME)


async def test_a_button_without_data_leads_to_a_fresh_screen(stage: Stage) -> None:
    seen = await stage.tap(None, game_short_name="game")
    assert seen.toasts == [texts.trouble.stale_button()]


async def test_a_button_of_a_message_that_is_too_old_works_all_the_same(stage: Stage) -> None:
    """Telegram then tells no more than the message's number."""
    gone = {"chat": {"id": USER, "type": "private"}, "message_id": 5, "date": 0}
    seen = await stage.tap(ShowOrders(page=0), message=gone)
    assert seen.screen.params["message_id"] == 5


async def test_a_tap_without_its_message_is_answered_with_a_new_one(stage: Stage) -> None:
    seen = await stage.tap(ShowOrders(page=0), message=None)
    assert seen.screen.method == "sendMessage"


async def test_who_was_shut_out_is_not_let_in_by_an_invite(empty_stage: Stage) -> None:
    await empty_stage.join(replace(MASTER, blocked=True))
    seen = await _come(empty_stage)
    assert seen.screen.text == texts.onboarding.blocked()
    assert await empty_stage.read(invites.key(TOKEN)) is None, "the invite is not used up"
    assert await masters.load(empty_stage.unit(), USER) == replace(MASTER, blocked=True)
