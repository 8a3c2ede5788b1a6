"""The choice of a delivery service: asked in the request for prices, kept with the confirmation and its master."""

from __future__ import annotations

import pytest

from shared.assistant.checkout.buttons import EditDelivery, UseDelivery
from shared.bitrix.errors import AccessDenied
from shared.domain import carts, checkouts
from shared.pipeline.jobs import Job
from tests.assistant.checkout.steps import asked
from tests.assistant.samples import CART, OFFERS, SERVICES, USER
from tests.assistant.stage import Seen
from tests.assistant.stage import Stage as Theatre
from tests.bitrix.native.speaking import heard, native


@pytest.fixture
async def shop() -> Theatre:
    stage = Theatre(native(services=SERVICES))
    await stage.join()
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    return stage


async def shown(shop: Theatre, services: object = SERVICES) -> tuple[Job, Seen]:
    job = await asked(shop)
    return job, await shop.answer(job, [OFFERS, services])


async def test_the_usual_service_is_proposed_with_its_price(shop: Theatre) -> None:
    job, seen = await shown(shop)
    assert "🚚 Курьер · 1–2 дня" in seen.screen.text
    assert "Доставка: 350\u00a0₽\nИтого: <b>8\u00a0790\u00a0₽</b>" in seen.screen.text
    commands = shop.kinds["confirm"].plan(job).commands
    assert "sale.delivery.getlist" in [command.method for command in commands.values()]


async def test_another_one_is_chosen_in_place_and_asks_the_portal_nothing(shop: Theatre) -> None:
    _job, seen = await shown(shop)
    choice = await shop.tap(seen.screen.data("🚚 Доставка"))
    assert choice.screen.labels == [
        "🚚 Курьер · 350\u00a0₽ ✓",
        "🚚 Почта <России>",
        "🚚 Курьер к соседям · бесплатно",
    ]
    changed = await shop.tap(choice.screen.data("🚚 Почта"))
    assert "Стоимость доставки покажем до оплаты." in changed.screen.text
    assert "Итого: <b>8\u00a0440\u00a0₽</b>" in changed.screen.text
    assert (choice.jobs, changed.jobs) == ([], [])
    wanted = (await shop.tap(changed.screen.data("✅ Заказать"))).job
    assert wanted.payload["delivery"] == "7"


@pytest.mark.parametrize(
    ("services", "proposed", "buttons"),
    [
        (SERVICES[1:], "Почта &lt;России&gt;", True),
        (SERVICES[2:], "Курьер к соседям", False),
        (AccessDenied("no administrator"), "Курьер · 1–2 дня", True),
    ],
)
async def test_what_the_portal_does_not_have_now_is_not_offered(
    shop: Theatre, services: object, proposed: str, buttons: bool
) -> None:
    _job, seen = await shown(shop, services)
    assert f"🚚 {proposed}" in seen.screen.text
    assert ("🚚 Доставка" in seen.screen.labels) is buttons


async def test_none_of_them_is_active_so_the_order_goes_the_usual_way(shop: Theatre) -> None:
    job, seen = await shown(shop, ())
    assert "🚚" not in seen.screen.text
    await shop.tap(seen.screen.data("✅ Заказать"))
    checkout = await checkouts.load(shop.unit(), job.id)
    assert checkout is not None
    assert checkout.service is None


@pytest.mark.parametrize("button", [EditDelivery(checkout="gone"), UseDelivery(checkout="gone", service="3")])
async def test_a_choice_for_a_confirmation_that_is_gone_is_too_late(shop: Theatre, button: EditDelivery) -> None:
    assert "уже не изменить" in (await shop.tap(button)).screen.text


def test_the_portal_tells_which_are_active() -> None:
    portal = native(services=SERVICES)
    read = portal.services_now()
    assert read is not None
    assert heard(read, [{"ID": 7, "NAME": "Почта"}, {"ID": 12}, {"NAME": "?"}]) == [SERVICES[1]]
    assert native().services_now() is None
