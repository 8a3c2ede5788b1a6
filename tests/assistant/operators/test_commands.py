"""What operators ask of the bot, and what comes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.operators import commands
from shared.assistant.operators.commands import CommandContext, OperatorCommand
from shared.assistant.support import topics
from shared.domain import baskets, masters
from shared.domain.baskets import Basket
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from tests.assistant import samples
from tests.assistant.samples import MASTER, USER
from tests.assistant.stage import ZONE, Seen, Stage
from tests.support.quantities import decimals

THREAD = 31
BUYER = MASTER.bitrix_user_id


async def ask(
    stage: Stage, text: str, thread_id: int | None = None, *, chooses_prices: bool = True
) -> tuple[str, Seen]:
    """Return the answer to a command, and what the turn decided."""
    asked = commands.read(text, thread_id)
    assert asked is not None
    said: list[str] = []

    async def make_decision(decision: Decision) -> None:
        said.append(await commands.answer(asked, decision, CommandContext(stage.store, ZONE, chooses_prices)))

    seen = await stage.decision(make_decision)
    return said[-1], seen


async def open_topic(stage: Stage) -> None:
    await stage.save(topics.of_thread(THREAD), lambda unit: unit.put(topics.of_thread(THREAD), {"telegram_id": USER}))


async def is_blocked(stage: Stage) -> bool:
    master = await masters.load(stage.unit(), USER)
    assert master is not None
    return master.blocked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/who", OperatorCommand("who", "", 5)),
        ("/who 42", OperatorCommand("who", "42", 5)),
        (" /who@some_bot  42 ", OperatorCommand("who", "42", 5)),
        ("who", None),
        ("/", None),
        ("привет /who", None),
        ("", None),
    ],
)
def test_a_command_is_read(text: str, asked: OperatorCommand | None) -> None:
    assert commands.read(text, 5) == asked


async def test_who_is_asked_by_id(stage: Stage) -> None:
    said, _ = await ask(stage, f"/who {USER}")
    assert said.startswith("👤 <b>Иван</b>")
    assert "Заказов через бота нет" in said
    assert "⛔" not in said
    assert "🔕" not in said


async def test_in_a_topic_the_id_need_not_be_said(stage: Stage) -> None:
    await open_topic(stage)
    await stage.join(replace(MASTER, blocked=True, reachable=False))
    said, _ = await ask(stage, "/who", THREAD)
    assert "⛔ Доступ закрыт" in said
    assert "🔕 Заблокировал бота" in said


@pytest.mark.parametrize("text", ["/who", "/who 999", "/who Иван", "/who 42 43", "/block", "/unblock x"])
async def test_nobody_is_found_without_an_id(stage: Stage, text: str) -> None:
    said, _ = await ask(stage, text)
    assert said == texts.operators.no_such_master()


async def test_a_topic_of_no_master_names_nobody(stage: Stage) -> None:
    said, _ = await ask(stage, "/who", THREAD)
    assert said == texts.operators.no_such_master()


async def test_a_master_is_shut_out_and_let_in_again(stage: Stage) -> None:
    said, _ = await ask(stage, f"/block {USER}")
    assert said == texts.operators.blocked(MASTER.name)
    assert await is_blocked(stage)
    said, _ = await ask(stage, f"/unblock {USER}")
    assert said == texts.operators.unblocked(MASTER.name)
    assert not await is_blocked(stage)


async def price_type(stage: Stage) -> str:
    master = await masters.load(stage.unit(), USER)
    assert master is not None
    return master.price_type


async def test_a_master_is_given_a_kind_of_price_and_the_usual_one_again(stage: Stage) -> None:
    said, _ = await ask(stage, f"/price {USER} 4")
    assert said == texts.operators.priced(replace(MASTER, price_type="4"))
    assert await price_type(stage) == "4"
    assert "Вид цен в Битриксе: 4" in (await ask(stage, f"/who {USER}"))[0]
    said, _ = await ask(stage, f"/price {USER} -")
    assert said == texts.operators.priced(MASTER)
    assert await price_type(stage) == ""
    assert "Вид цен" not in (await ask(stage, f"/who {USER}"))[0]


async def test_in_a_topic_the_kind_of_price_is_enough(stage: Stage) -> None:
    await open_topic(stage)
    assert (await ask(stage, "/price 4", THREAD))[0] == texts.operators.priced(replace(MASTER, price_type="4"))
    assert await price_type(stage) == "4"
    assert (await ask(stage, "/price -", THREAD))[0] == texts.operators.priced(MASTER)
    assert await price_type(stage) == ""


@pytest.mark.parametrize(
    "text", ["/price", f"/price {USER}", "/price 4", "/price 42 0", "/price 42 опт", "/price 1 2 3"]
)
async def test_a_kind_of_price_is_a_number_and_somebodys(stage: Stage, text: str) -> None:
    assert (await ask(stage, text))[0] == texts.operators.which_price()
    assert await price_type(stage) == ""


async def test_in_a_topic_a_masters_id_is_no_kind_of_price(stage: Stage) -> None:
    await open_topic(stage)
    assert (await ask(stage, "/price 123456789", THREAD))[0] == texts.operators.which_price()
    assert await price_type(stage) == ""


@pytest.mark.parametrize("text", ["/price 999 4", "/price Иван 4"])
async def test_a_kind_of_price_for_nobody(stage: Stage, text: str) -> None:
    assert (await ask(stage, text))[0] == texts.operators.no_such_master()


async def test_where_prices_cannot_be_chosen_it_is_said(stage: Stage) -> None:
    said, _ = await ask(stage, f"/price {USER} 4", chooses_prices=False)
    assert said == texts.operators.prices_not_chosen()
    assert await price_type(stage) == ""


async def test_jobs_are_counted(stage: Stage) -> None:
    async def wish(decision: Decision) -> None:
        await decision.enqueue(Job("find", Lane.READ, {}))
        await decision.enqueue(Job("find", Lane.READ, {}))

    await stage.decision(wish)
    assert (await ask(stage, "/stats"))[0] == texts.operators.stats(2, 0, commands.MOST_JOBS)
    stage.clock.advance(seconds=commands.LATE.total_seconds() + 1)
    assert (await ask(stage, "/stats"))[0] == texts.operators.stats(2, 2, commands.MOST_JOBS)


async def test_counting_ends_somewhere(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MOST_JOBS", 1)

    async def wish(decision: Decision) -> None:
        await decision.enqueue(Job("find", Lane.READ, {}))

    await stage.decision(wish)
    assert "1 или больше" in (await ask(stage, "/stats"))[0]


async def test_an_unclear_basket_is_cleared_and_who_waits_is_woken(stage: Stage) -> None:
    waiting = OrderPayload.of(ChatTarget(USER, 1), samples.checkout(id_="c1")).as_data()
    basket = Basket(BUYER, waiting=(waiting,), left=decimals({"7": 2}), unclear=True)
    await stage.save(baskets.key(BUYER), basket.save)
    said, seen = await ask(stage, f"/basket {BUYER}")
    assert said == texts.operators.basket(BUYER, was_unclear=True)
    assert await baskets.load(stage.unit(), BUYER) == Basket(BUYER)
    assert seen.job.payload == waiting


async def test_a_basket_that_is_being_filled_is_left_alone(stage: Stage) -> None:
    basket = Basket(BUYER, holder="c1", unclear=True)
    await stage.save(baskets.key(BUYER), basket.save)
    said, _ = await ask(stage, f"/basket {BUYER}")
    assert said == texts.operators.basket(BUYER, was_unclear=False)
    assert await baskets.load(stage.unit(), BUYER) == basket


async def test_a_clear_basket_needs_nothing(stage: Stage) -> None:
    said, seen = await ask(stage, f"/basket {BUYER}")
    assert (said, seen.jobs) == (texts.operators.basket(BUYER, was_unclear=False), [])
    assert await stage.read(baskets.key(BUYER)) is None


@pytest.mark.parametrize("text", ["/basket", "/basket семнадцать"])
async def test_a_basket_is_somebodys(stage: Stage, text: str) -> None:
    assert (await ask(stage, text))[0] == texts.operators.whose_basket()


async def test_what_is_no_command_is_answered_with_those_there_are(stage: Stage) -> None:
    assert (await ask(stage, "/blok", THREAD))[0] == texts.operators.commands()
