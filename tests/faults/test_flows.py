"""The process dies at each step of each flow to the outside: what was wanted comes to its end, once.

One step of each, drawn by a fixed seed; `make faults` takes all of them (`FAULT_POINTS=all`) and prints how many.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import pytest

from infra.local.sandbox.environment import OPERATORS
from shared.assistant.notifications.scheduling import EVERY as MISSED_EVERY
from shared.domain.watches import EVERY as WATCHED_EVERY
from tests.faults.mortal import BUYER, USER, Stage, staged
from tests.support.clock import run
from tests.support.master import CASH, CONFIRM, PREPAID
from tests.support.photos import snapshot
from tests.support.shop import goods

Part = Callable[[Stage], Awaitable[None]]
GOOD, ARTICLE = "1001", "DF333DWYE"
SOLD_OUT = "606178500"


@dataclass(frozen=True)
class Flow:
    """Nothing dies in `before`; the instance may die at any step of `goes`."""

    before: Part
    goes: Part
    holds: Part


async def nothing(_: Stage) -> None:
    """Go on at once."""


def once(stage: Stage, words: str, chat: int = USER) -> None:
    """It was said; twice where the instance died over the message, between Telegram's answer and the note of it."""
    times = stage.heard(words, chat)
    assert times == 1 or (times == 2 and stage.fate.dead), f"«{words}» {times} times: {stage.texts(chat)}"


async def finds(stage: Stage) -> None:
    await stage.says("шуруповёрт")
    await stage.presses("1")


async def has_found(stage: Stage) -> None:
    once(stage, "🔎 «шуруповёрт»")
    assert any(button.text.startswith("В корзину ·") for button in stage.buttons())


async def pastes_list(stage: Stage) -> None:
    await stage.says(f"{ARTICLE} x 2\nHR2470 x 1")
    await stage.presses("В корзину всё")


async def list_in_cart(stage: Stage) -> None:
    once(stage, "📋 Ваш список")
    assert sorted(stage.cart().values()) == ["1", "2"]


def confirms(payment: str) -> Part:
    async def to_confirmation(stage: Stage) -> None:
        await stage.says(ARTICLE)
        await stage.presses("В корзину ·")
        await stage.says("/cart")
        await stage.presses("Оформить заказ")
        await stage.says("Тверь, ул. Советская, 10")
        await stage.presses(payment)

    return to_confirmation


async def orders(stage: Stage) -> None:
    await stage.presses(CONFIRM)


async def orders_and_pays(stage: Stage) -> None:
    await stage.presses(CONFIRM)
    (order,) = stage.system.portal.front.orders.all()
    await stage.comes_of(lambda: stage.system.portal.front.pay(order))


async def orders_and_gets(stage: Stage) -> None:
    await stage.presses(CONFIRM)
    await stage.moves(await number(stage), "DELIVERED")


async def number(stage: Stage) -> str:
    (order,) = await stage.system.shop.orders(BUYER)
    assert goods(order) == {GOOD: 1}
    return str(order["ID"])


async def paid(stage: Stage) -> None:
    await number(stage)
    assert stage.cart() == {}
    once(stage, "создан.")
    once(stage, "Оплата получена")


async def delivered(stage: Stage) -> None:
    await number(stage)
    once(stage, "Оплатили курьеру")


def ordered(payment: str) -> Part:
    async def has_ordered(stage: Stage) -> None:
        await confirms(payment)(stage)
        await stage.presses(CONFIRM)

    return has_ordered


async def is_sent(stage: Stage) -> None:
    await stage.moves(await number(stage), "SHIPPED")


async def told_of_courier(stage: Stage) -> None:
    once(stage, "Курьер уже в пути")


async def chooses_return(stage: Stage) -> None:
    await ordered(CASH)(stage)
    await stage.moves(await number(stage), "DELIVERED")
    await stage.says(f"/track {await number(stage)}")
    for button in ("↩️ Вернуть товар", "Дальше", "Брак"):
        await stage.presses(button)


async def returns(stage: Stage) -> None:
    await stage.sends_photos(snapshot(3), snapshot(9))
    await stage.presses("Готово")
    await stage.presses("✅ Оформить возврат")


async def returned(stage: Stage) -> None:
    (made,) = await stage.system.shop.returns(await number(stage))
    assert [int(pieces) for pieces in made["items"].values()] == [1]
    assert len(made["photos"]) == 2
    once(stage, "зарегистрирован.")


async def looks_at_sold_out(stage: Stage) -> None:
    await stage.says(SOLD_OUT)


async def watches(stage: Stage) -> None:
    await stage.presses("🔔 Сообщить о поступлении")
    saw = next(one for one in stage.system.portal.shop.catalogue.all() if one.article == SOLD_OUT)
    await stage.system.shop.sells(saw.id, stock={"1": 2})
    for _ in range(2):
        await stage.system.clock.sleep(WATCHED_EVERY.total_seconds())
        await stage.scheduler_calls()


async def told_of_stock(stage: Stage) -> None:
    once(stage, "Снова в наличии")


async def asks_people(stage: Stage) -> None:
    await stage.says("/support")
    await stage.says("Когда привезут дрель?")
    question = next(one for one in stage.messages(OPERATORS) if "Когда привезут дрель?" in one["text"])
    await stage.answers("Завтра до обеда", question["thread_id"])


async def answered(stage: Stage) -> None:
    once(stage, "Когда привезут дрель?", OPERATORS)
    once(stage, "Завтра до обеда")


async def misses_event(stage: Stage) -> None:
    await ordered(CASH)(stage)
    await stage.scheduler_calls()
    webhooks, url = stage.system.portal.webhooks, stage.system.portal.webhooks.url
    webhooks.url = None
    await stage.moves(await number(stage), "SHIPPED")
    webhooks.url = url
    await stage.system.clock.sleep(MISSED_EVERY.total_seconds())


async def is_swept(stage: Stage) -> None:
    for _ in range(3):
        await stage.scheduler_calls()
        await stage.system.clock.sleep(60.0)


FLOWS: Mapping[str, Flow] = {
    "search": Flow(nothing, finds, has_found),
    "list": Flow(nothing, pastes_list, list_in_cart),
    "prepaid order": Flow(confirms(PREPAID), orders_and_pays, paid),
    "cash order": Flow(confirms(CASH), orders_and_gets, delivered),
    "webhook": Flow(ordered(CASH), is_sent, told_of_courier),
    "return with photos": Flow(chooses_return, returns, returned),
    "watch": Flow(looks_at_sold_out, watches, told_of_stock),
    "support": Flow(nothing, asks_people, answered),
    "housekeeping": Flow(misses_event, is_swept, told_of_courier),
}
"""The tenth, renewing the token, is in `tests/bitrix/tokens/test_crashes.py`: its function does nothing else."""


POINTS = os.environ.get("FAULT_POINTS", "1")
"""Steps of each flow at which it dies, `all` or how many."""


async def dies(dialect: str, flow: Flow, at: int, *, after: bool) -> list[str]:
    """Run a flow whose instance dies at this step, and check what came of it; its steps."""
    async with staged(dialect) as stage:
        await flow.before(stage)
        stage.arm(at, after=after)
        await flow.goes(stage)
        await flow.holds(stage)
        assert stage.dead_letters() == []
        assert stage.fate.dead == bool(at)
        return stage.fate.steps


def drawn(count: int) -> list[int]:
    """Return the steps to die at."""
    every = range(1, count + 1)
    return list(every) if POINTS == "all" else sorted(random.Random(count).sample(every, int(POINTS)))  # noqa: S311 - dice


@pytest.mark.parametrize("dialect", ["contract", "native"])
@pytest.mark.parametrize("name", list(FLOWS))
def test_a_death_at_any_step_loses_nothing_and_does_nothing_twice(name: str, dialect: str):
    flow = FLOWS[name]
    steps = run(dies(dialect, flow, 0, after=False))
    points = [(at, after) for at in drawn(len(steps)) for after in (False, True)]
    for at, after in points:
        try:
            run(dies(dialect, flow, at, after=after))
        except AssertionError as error:
            how = f"death {'after' if after else 'before'} step {at} of {len(steps)}, {steps[at - 1]}"
            raise AssertionError(f"{name}, {dialect}: {how}: {error}") from error
    kinds = ", ".join(f"{kind} {times}" for kind, times in sorted(Counter(step.split()[0] for step in steps).items()))
    print(f"{name}, {dialect}: {len(steps)} effect points ({kinds}), {len(points)} deaths")  # noqa: T201 - for `make faults`
