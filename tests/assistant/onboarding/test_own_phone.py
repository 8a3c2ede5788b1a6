"""A newcomer's phone: what counts, and the jobs that bind him to the contact who has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.onboarding import own_phone
from shared.assistant.onboarding.binding import MOST_TRIES
from shared.assistant.onboarding.coming_in import Bindings, come_in
from shared.bitrix.portal import PATIENCE
from shared.domain import invites, masters, newcomers
from shared.domain.contacts import FoundContacts
from shared.domain.invites import Invite
from shared.domain.masters import Master
from shared.domain.text import NBSP
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.reading import read_update
from tests.assistant.samples import MASTER, NOW, OTHER, USER
from tests.assistant.stage import OPERATORS, Seen, Stage
from tests.bitrix.native.speaking import native
from tests.support.updates import callback, message, person

SECRET = "long enough to be a secret"
TOKEN = invites.sign(Invite(invites.ANYBODY, NOW + timedelta(days=3)), SECRET)
PHONE = "+79123456789"
OWN = {"phone_number": "79123456789", "first_name": "Иван", "last_name": "Петров", "user_id": USER}


@pytest.fixture
def shop() -> Stage:
    return Stage(native())


async def comes(stage: Stage, token: str = TOKEN, *, phones: bool = True) -> Seen:
    async def make_decision(decision: Decision) -> None:
        view, binds = ChatView(decision, ChatTarget(USER)), Bindings(contacts=True, phones=phones)
        await come_in(token, USER, "Иван", SECRET, decision, view, binds)

    return await stage.decision(make_decision)


async def sends(stage: Stage, **content: Any) -> Seen:
    return await _hears(stage, message=message(1, person(USER), date=0) | content)


async def _hears(stage: Stage, **event: Any) -> Seen:
    async def make_decision(decision: Decision) -> None:
        newcomer = await newcomers.load(decision.unit, USER)
        assert newcomer is not None
        view = ChatView(decision, ChatTarget(USER), "tap" if "callback_query" in event else None)
        await own_phone.hear(read_update({"update_id": 1, **event}, stage.bot), newcomer, decision, view)

    return await stage.decision(make_decision)


def asks(seen: Seen) -> str:
    """The text above the contact button."""
    (key,) = seen.screen.params["reply_markup"]["keyboard"]
    assert key == [{"text": texts.labels.SEND_PHONE, "request_contact": True}]
    return seen.screen.text


async def master_of(stage: Stage) -> Master | None:
    return await masters.load(stage.unit(), USER)


async def asked_and_sent(stage: Stage) -> Job:
    await comes(stage)
    return (await sends(stage, contact=OWN)).job


async def test_an_invite_without_a_buyer_asks_for_the_phone(shop: Stage) -> None:
    assert asks(await comes(shop)) == texts.onboarding.ask_phone()
    assert await master_of(shop) is None
    assert await shop.read(invites.key(TOKEN)) == {"telegram_id": USER}
    assert asks(await comes(shop)) == texts.onboarding.ask_phone(), "the link again"


def test_it_is_no_invite_for_an_empty_buyer() -> None:
    """What a shell makes of a variable that is not set must not let anybody in."""
    assert invites.ANYBODY
    with pytest.raises(ValueError, match="positive number"):
        invites.sign(Invite("", NOW + timedelta(days=3)), SECRET)


async def test_where_nobody_is_asked_it_is_no_invite(shop: Stage) -> None:
    assert (await comes(shop, phones=False)).screen.text == texts.onboarding.invite_bad()
    assert await shop.read(invites.key(TOKEN)) is None


async def test_who_is_a_master_stays_bound_as_he_is(shop: Stage) -> None:
    await shop.join()
    assert (await comes(shop)).screen.text == texts.onboarding.welcome_back(MASTER.name)
    assert await master_of(shop) == MASTER
    assert await shop.read(invites.key(TOKEN)) is None, "the invite is not used up"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"text": "+7 912 345-67-89"}, texts.onboarding.phone_typed()),
        ({"text": "89123456789"}, texts.onboarding.phone_typed()),
        ({"text": "/start"}, texts.onboarding.ask_phone()),
        ({"text": "шуруповёрт"}, texts.onboarding.ask_phone()),
        ({"contact": OWN | {"user_id": OTHER}}, texts.onboarding.phone_foreign()),
        ({"contact": {"phone_number": "79123456789", "first_name": "Иван"}}, texts.onboarding.phone_foreign()),
        ({"contact": OWN | {"phone_number": "12"}}, texts.onboarding.phone_unread()),
    ],
)
async def test_only_his_own_card_counts(shop: Stage, content: dict[str, Any], said: str) -> None:
    await comes(shop)
    seen = await sends(shop, **content)
    assert asks(seen) == said
    assert seen.jobs == []


async def test_an_old_button_is_answered_too(shop: Stage) -> None:
    await comes(shop)
    shown = message(1, person(USER), date=0) | {"text": "Экран"}
    seen = await _hears(shop, callback_query=callback("b1:0", person(USER), shown, "tap"))
    assert seen.toasts == [None]
    assert asks(seen) == texts.onboarding.ask_phone()


async def test_his_card_is_looked_up_and_a_second_one_changes_nothing(shop: Stage) -> None:
    job = await asked_and_sent(shop)
    assert (job.kind, job.lane, job.payload["phone"]) == ("bind_contact", Lane.READ, PHONE)
    assert [command.method for command in shop.kinds[job.kind].plan(job).commands.values()] == [
        "crm.duplicate.findbycomm",
        "crm.status.list",
    ]
    seen = await sends(shop, contact=OWN)
    assert seen.screen.text == texts.onboarding.looking_for_him()
    assert seen.screen.params["reply_markup"] == {"remove_keyboard": True}
    assert seen.jobs == []


async def test_whoever_has_the_phone_he_is(shop: Stage) -> None:
    job = await asked_and_sent(shop)
    seen = await shop.answer(job, FoundContacts(("44",)))
    assert seen.screen.text == texts.onboarding.welcome("Иван")
    bound = Master(USER, "contact-44", "Иван", NOW, phone=PHONE, phone_asked=True)
    assert await master_of(shop) == bound
    assert await newcomers.load(shop.unit(), USER) is None


async def test_of_two_he_is_the_first_and_the_operators_hear_of_both(shop: Stage) -> None:
    seen = await shop.answer(await asked_and_sent(shop), FoundContacts(("44", "905")))
    bound = await master_of(shop)
    assert bound is not None
    assert bound.bitrix_user_id == "contact-44"
    welcome, told = seen.screens
    assert (welcome.params["chat_id"], told.params["chat_id"]) == (USER, OPERATORS)
    assert told.text == texts.operators.contact_twins(bound, ("44", "905"))


async def test_where_nobody_has_it_a_contact_is_made(shop: Stage) -> None:
    seen = await shop.answer(await asked_and_sent(shop), FoundContacts(source="UC_TG"))
    making = seen.job
    assert (making.kind, making.lane, making.patience) == ("make_contact", Lane.WRITE, PATIENCE)
    (command,) = shop.kinds[making.kind].plan(making).commands.values()
    assert command.method == "crm.contact.add"
    told = command.params["fields"]
    assert (told["NAME"], told["LAST_NAME"], told["SOURCE_ID"]) == ("Иван", "Петров", "UC_TG")
    assert told["ORIGIN_ID"] == making.idempotency_key
    assert (await sends(shop, contact=OWN)).jobs == [], "one is being made"
    assert (await shop.answer(making, "905")).screen.text == texts.onboarding.welcome("Иван")
    bound = await master_of(shop)
    assert bound is not None
    assert bound.bitrix_user_id == "contact-905"


async def _in_doubt(stage: Stage) -> Job:
    making = (await stage.answer(await asked_and_sent(stage), FoundContacts())).job
    assert (await stage.doubt(making)).screen.text == texts.onboarding.bound_later()
    doubtful = await stage.again(making)
    methods = [command.method for command in stage.kinds[making.kind].plan(doubtful).commands.values()]
    assert methods == ["crm.duplicate.findbycomm", "crm.contact.list", "crm.status.list"]
    return doubtful


async def test_after_a_doubt_it_is_looked_up(shop: Stage) -> None:
    seen = await shop.answer(await _in_doubt(shop), FoundContacts(("905",)))
    assert seen.screen.text == texts.onboarding.welcome("Иван")


async def test_what_is_surely_not_there_is_made_again_under_the_same_key(shop: Stage) -> None:
    doubtful = await _in_doubt(shop)
    again = (await shop.answer(doubtful, FoundContacts())).job
    assert again.payload["key"] == doubtful.payload["key"]
    assert not again.doubt
    for _ in range(MOST_TRIES - 2):
        again = (await shop.answer(again, FoundContacts())).job
    assert asks(Seen((await shop.answer(again, FoundContacts())).calls[:1], [], {})) == texts.onboarding.not_bound()
    assert (await sends(shop, contact=OWN)).job.kind == "bind_contact", "he taps as soon as he has read it"


async def test_a_try_that_never_got_out_is_looked_up_too(shop: Stage) -> None:
    """Minutes may have passed since the look."""
    making = (await shop.answer(await asked_and_sent(shop), FoundContacts())).job
    await shop.delay(making)
    late = await shop.again(making)
    assert "crm.contact.list" in [one.method for one in shop.kinds[late.kind].plan(late).commands.values()]


async def test_a_silent_portal_is_asked_on_with_patience_and_he_is_told(shop: Stage) -> None:
    seen = await shop.refuse(await asked_and_sent(shop), Refusal("portal_failed"))
    assert seen.screen.text == texts.onboarding.bound_later()
    patient = seen.job
    assert (patient.kind, patient.lane) == ("bind_contact", Lane.WRITE)
    assert (await sends(shop, contact=OWN)).jobs == [], "it is under way"
    assert (await shop.answer(patient, FoundContacts(("44",)))).screen.text == texts.onboarding.welcome("Иван")


async def test_what_comes_to_nothing_may_be_tried_again_and_people_are_called(shop: Stage) -> None:
    refused = Refusal("insufficient_scope", operators=True)
    seen = await shop.refuse(await asked_and_sent(shop), refused)
    his, theirs = seen.screens
    assert his.text == texts.onboarding.not_bound()
    assert theirs.params["chat_id"] == OPERATORS
    assert f"Иван Петров, +7{NBSP}912{NBSP}345-67-89" in theirs.text
    assert seen.jobs == []
    assert (await sends(shop, contact=OWN)).job.kind == "bind_contact"


@pytest.mark.parametrize("blocked", [False, True])
async def test_who_came_in_otherwise_meanwhile_stays_as_he_is(shop: Stage, blocked: bool) -> None:
    job = await asked_and_sent(shop)
    await shop.join(replace(MASTER, blocked=blocked))
    seen = await shop.answer(job, FoundContacts(("44",)))
    assert seen.screen.text == (texts.onboarding.blocked() if blocked else texts.onboarding.welcome_back(MASTER.name))
    assert await master_of(shop) == replace(MASTER, blocked=blocked)
    assert await newcomers.load(shop.unit(), USER) is None


async def test_who_is_a_master_by_then_gets_no_contact_made(shop: Stage) -> None:
    job = await asked_and_sent(shop)
    await shop.put(_forgotten)
    assert (await shop.answer(job, FoundContacts())).jobs == []


async def _forgotten(unit: UnitOfWork) -> None:
    await unit.get(newcomers.key(USER))
    unit.delete(newcomers.key(USER))
