"""Strangers get one cheap reply; an invite lets in whom it is for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.assistant import texts
from shared.assistant.rate_limit import PAUSE, REMEMBERED, Admission, StrangerLimit, UpdateLimit
from shared.domain.invites import ANYBODY, Invite, sign
from shared.entry.container import Container
from shared.store.port import Delete, Key, Put
from tests.entry.test_telegram_update import said
from tests.entry.world import INVITE_SECRET, MASTER, enrol, tap, text, update
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi, refuse
from tests.support.updates import message, person

pytestmark = pytest.mark.usefixtures("here")

TOKEN = sign(Invite("17", NOW + timedelta(days=3)), INVITE_SECRET)
EXPIRED = sign(Invite("17", NOW), INVITE_SECRET)
FORGED = sign(Invite("17", NOW + timedelta(days=3)), "another secret")


def start(token: str, update_id: int = 1, user_id: int = MASTER) -> dict[str, object]:
    return text(f"/start {token}", update_id, user_id)


async def bitrix_user(store: FaultyStore, user_id: int = MASTER) -> str | None:
    master = await store.get(Key("masters", str(user_id)))
    return None if master is None else master.data["bitrix_user_id"]


@pytest.mark.parametrize("event", [text("бита"), text("/start"), text("/help")])
async def test_a_stranger_gets_one_reply_and_leaves_no_trace(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi, event: dict[str, object]
):
    assert (await update(here, event)).status_code == 200
    assert said(telegram) == [texts.onboarding.stranger()]
    assert store.commits == 0
    assert queue.tasks == []


ASKS = sign(Invite(ANYBODY, NOW + timedelta(days=3)), INVITE_SECRET)
NATIVE = {"BITRIX_DIALECT": "native"}


@pytest.mark.parametrize("here", [NATIVE], indirect=True)
async def test_who_was_asked_for_his_phone_is_no_stranger_and_no_master(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    for number, event in enumerate([start(ASKS), text("бита", 2), tap("x", 3)]):
        assert (await update(here, event)).status_code == 200
        assert said(telegram) == [texts.onboarding.ask_phone()] * (number + 1)
    assert "answerCallbackQuery" in [asked.method for asked in telegram.asked]
    assert await bitrix_user(store) is None
    assert queue.tasks == []
    card = {"phone_number": "79123456789", "first_name": "Иван", "user_id": MASTER}
    sent = message(7, person(MASTER), date=0) | {"contact": card}
    await update(here, {"update_id": 4, "message": sent})
    assert said(telegram)[-1] == texts.onboarding.looking_for_him()
    assert len(queue.tasks) == 1


@pytest.mark.parametrize("here", [NATIVE, {**NATIVE, "BITRIX_BUYER_USER_ID": "17"}], indirect=True)
async def test_a_stranger_costs_nothing_more_where_all_orders_are_one_buyers(
    here: Container, store: FaultyStore, telegram: BotApi
):
    await update(here, text("бита"))
    assert said(telegram) == [texts.onboarding.stranger()]
    assert (store.commits, store.reads) == (0, 1 if here.settings.bitrix_buyer_user_id else 2)
    await update(here, start(ASKS, 2))
    allowed = not here.settings.bitrix_buyer_user_id
    assert said(telegram)[-1] == (texts.onboarding.ask_phone() if allowed else texts.onboarding.invite_bad())


async def test_his_tap_is_told_the_same_and_its_spinner_ends_each_time(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    """Who was shut out has buttons of before, and hears of his orders with new ones."""
    for number in (1, 2):
        assert (await update(here, tap("x", number))).status_code == 200
    assert [asked.method for asked in telegram.asked] == ["answerCallbackQuery"] * 2
    assert [asked.fields["text"] for asked in telegram.asked] == [texts.onboarding.stranger()] * 2
    assert store.commits == 0
    assert queue.tasks == []


async def test_what_he_says_next_is_met_with_silence_for_a_while(
    here: Container, store: FaultyStore, telegram: BotApi, clock: Clock
):
    for number in range(1, 4):
        await update(here, text("бита", number))
    assert len(telegram.asked) == 1
    clock.advance(PAUSE.total_seconds())
    await update(here, text("бита", 4))
    assert len(telegram.asked) == 2
    assert store.commits == 0


async def test_one_strangers_silence_is_not_anothers(here: Container, telegram: BotApi):
    await update(here, text("бита", 1, user_id=50))
    await update(here, text("бита", 2, user_id=51))
    assert [asked.fields["chat_id"] for asked in telegram.asked] == ["50", "51"]


async def test_a_stranger_who_cannot_be_answered_is_no_trouble(here: Container, store: FaultyStore, telegram: BotApi):
    telegram.will("sendMessage", refuse("Forbidden: bot was blocked by the user", 403))
    assert (await update(here, text("бита"))).status_code == 200
    assert store.commits == 0


async def test_an_invite_lets_in(here: Container, store: FaultyStore, telegram: BotApi):
    await update(here, start(TOKEN))
    assert await bitrix_user(store) == "17"
    assert said(telegram) == [texts.onboarding.welcome("Иван")]
    await update(here, text("/help", 2))
    assert len(said(telegram)) == 2


@pytest.mark.parametrize(
    "token", [EXPIRED, FORGED, TOKEN[:-2], "x", "a" * 64], ids=["expired", "forged", "cut", "short", "letters"]
)
async def test_a_bad_invite_is_called_bad_and_lets_nobody_in(
    here: Container, store: FaultyStore, telegram: BotApi, token: str
):
    assert (await update(here, start(token))).status_code == 200
    assert said(telegram) == [texts.onboarding.invite_bad()]
    assert store.commits == 0


async def test_he_is_told_so_of_a_bad_invite_whatever_he_was_told_before(here: Container, telegram: BotApi):
    await update(here, text("бита", 1))
    await update(here, start(EXPIRED, 2))
    assert said(telegram) == [texts.onboarding.stranger(), texts.onboarding.invite_bad()]


async def test_of_many_bad_invites_he_is_told_once(here: Container, telegram: BotApi, clock: Clock):
    for number in range(1, 101):
        await update(here, start(f"garbage{number}", number))
    assert said(telegram) == [texts.onboarding.invite_bad()]
    clock.advance(PAUSE.total_seconds())
    await update(here, start(EXPIRED, 101))
    assert len(said(telegram)) == 2


async def test_an_old_invite_of_his_own_does_not_bind_him_to_the_old_buyer(
    here: Container, store: FaultyStore, telegram: BotApi
):
    newer = sign(Invite("18", NOW + timedelta(days=3)), INVITE_SECRET)
    for number, token in enumerate((TOKEN, newer, TOKEN), 1):
        await update(here, start(token, number))
    assert await bitrix_user(store) == "18"
    assert said(telegram)[2] == texts.onboarding.welcome_back("Иван")


async def test_his_old_invite_tells_that_he_can_be_reached_again(here: Container, store: FaultyStore):
    await update(here, start(TOKEN, 1))
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    await store.commit([Put(master.key, {**master.data, "reachable": False}, master.version)])
    await update(here, start(TOKEN, 2))
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    assert master.data["reachable"]


async def test_who_was_forgotten_comes_in_again_by_his_own_invite(here: Container, store: FaultyStore):
    await update(here, start(TOKEN, 1))
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    await store.commit([Delete(master.key, master.version)])
    await update(here, start(TOKEN, 2))
    assert await bitrix_user(store) == "17"


@pytest.mark.parametrize("payload", ["p_7", "o_5121"])
async def test_a_link_tells_a_stranger_what_every_stranger_is_told(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi, payload: str
):
    await update(here, start(payload, 1))
    await update(here, start(payload, 2))
    assert said(telegram) == [texts.onboarding.stranger()]
    assert store.commits == 0
    assert queue.tasks == []


@pytest.mark.parametrize("here", [{"INVITE_SECRET": ""}], indirect=True)
@pytest.mark.parametrize("secret", [INVITE_SECRET, "None"])
async def test_without_a_secret_no_invite_is_good(here: Container, store: FaultyStore, telegram: BotApi, secret: str):
    await update(here, start(sign(Invite("17", NOW + timedelta(days=3)), secret)))
    assert said(telegram) == [texts.onboarding.invite_bad()]
    assert store.commits == 0


async def test_a_forwarded_invite_lets_nobody_else_in(here: Container, store: FaultyStore, telegram: BotApi):
    await update(here, start(TOKEN, 1, user_id=50))
    await update(here, start(TOKEN, 2, user_id=51))
    assert await bitrix_user(store, 51) is None
    assert said(telegram)[1] == texts.onboarding.invite_taken()


async def test_he_may_use_his_invite_again_and_keeps_what_is_remembered_of_him(
    here: Container, store: FaultyStore, telegram: BotApi
):
    await enrol(store, addresses=["Тверь, Мира 1"], bitrix_user_id="16")
    for number in (1, 2):
        await update(here, start(TOKEN, number))
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    assert master.data["addresses"] == ["Тверь, Мира 1"]
    assert master.data["bitrix_user_id"] == "17"
    assert said(telegram) == [texts.onboarding.welcome("Иван"), texts.onboarding.welcome_back("Иван")]


async def test_a_master_with_an_old_invite_is_simply_welcome(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    await update(here, start(EXPIRED))
    assert said(telegram) == [texts.onboarding.welcome_back("Иван")]


def test_only_so_many_strangers_are_remembered():
    hush = StrangerLimit()
    assert all(hush.may_speak(user, NOW) for user in range(REMEMBERED + 1))
    assert hush.may_speak(0, NOW)
    assert not hush.may_speak(REMEMBERED, NOW)


def test_who_spoke_longest_ago_is_forgotten_first():
    hush = StrangerLimit()
    for user in range(REMEMBERED):
        hush.may_speak(user, NOW)
    later = NOW + PAUSE
    assert hush.may_speak(0, later)
    hush.may_speak(REMEMBERED, later)
    assert not hush.may_speak(0, later)


PACE = {"TELEGRAM_UPDATES_PER_MINUTE": "10"}


@pytest.mark.parametrize("here", [PACE], indirect=True)
async def test_who_writes_too_fast_is_told_once_then_met_with_silence(
    here: Container, store: FaultyStore, telegram: BotApi, clock: Clock
):
    await enrol(store)
    for number in range(1, 11):
        await update(here, text("/help", number))
    commits = store.commits
    store.down = True
    for number in range(11, 31):
        assert (await update(here, tap("x", number) if number % 2 else text("бита", number))).status_code == 200
    assert said(telegram)[10:] == [texts.onboarding.too_often()]
    store.down = False
    assert store.commits == commits
    clock.advance(60)
    await update(here, text("/help", 31))
    assert said(telegram)[-1] == texts.onboarding.help_text()


@pytest.mark.parametrize("here", [PACE], indirect=True)
async def test_the_tap_that_is_too_much_is_told_so_and_its_spinner_ends(
    here: Container, store: FaultyStore, telegram: BotApi
):
    await enrol(store)
    for number in range(1, 11):
        await update(here, text("/help", number))
    before = len(telegram.asked)
    for number in (11, 12):
        await update(here, tap("x", number))
    assert [asked.method for asked in telegram.asked[before:]] == ["answerCallbackQuery", "sendMessage"]


@pytest.mark.parametrize("here", [PACE], indirect=True)
async def test_one_persons_haste_is_not_anothers(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    for number in range(1, 20):
        await update(here, text("бита", number, user_id=50))
    await update(here, text("/help", 20))
    assert said(telegram)[-1] == texts.onboarding.help_text()


@pytest.mark.parametrize("here", [PACE], indirect=True)
async def test_who_stops_the_bot_faster_than_people_do_costs_no_read(here: Container, store: FaultyStore):
    chat = {"id": MASTER, "type": "private"}
    for number in range(1, 31):
        change = {"chat": chat, "from": person(MASTER), "new_chat_member": {"status": "kicked"}}
        assert (await update(here, {"update_id": number, "my_chat_member": change})).status_code == 200
    assert store.reads == 10


def test_few_people_are_counted_at_a_time():
    flood = UpdateLimit()
    for user_id in range(REMEMBERED + 1):
        flood.pace(user_id, NOW, 1)
    assert flood.pace(0, NOW, 1) is Admission.FINE, "forgotten, so he is answered"
    assert flood.pace(REMEMBERED, NOW, 1) is Admission.TOO_FAST
    assert flood.pace(REMEMBERED, NOW, 1) is Admission.SILENCE
