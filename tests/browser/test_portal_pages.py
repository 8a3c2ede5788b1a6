"""The simulated portal's pages in a real browser, by keyboard alone: what a manager makes of a portal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from infra.local.clock import SystemClock
from infra.local.portal import Portal, PortalOptions, create_portal
from tests.browser.accessible import is_accessible
from tests.local.portal.native.test_parts import an_order
from tests.support.chromium import PATIENCE, launched
from tests.support.servers import serving

pytestmark = pytest.mark.browser


@dataclass
class Shop:
    """A native portal that is served, and where."""

    portal: Portal
    url: str


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with httpx.AsyncClient() as http:
        portal = create_portal(PortalOptions(dialect="native"), clock=SystemClock(), http=http)
        async with serving(portal.app) as url:
            yield Shop(portal, url)


@pytest.fixture
async def page(shop: Shop) -> AsyncIterator[Page]:
    async with launched() as browser:
        opened = await browser.new_page(viewport={"width": 390, "height": 844})
        opened.set_default_timeout(PATIENCE)
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        await opened.goto(shop.url)
        yield opened
        assert problems == []
        assert await opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a telephone"


async def press(page: Page, button: Locator) -> None:
    """Go to a button by the tabulator, as a person without a mouse does, and press it."""
    for _ in range(200):
        await page.keyboard.press("Tab")
        if await button.evaluate("node => node === document.activeElement"):
            break
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def unfold(page: Page, words: str) -> Locator:
    """Open what is folded away, by keyboard; return it."""
    summary = page.get_by_text(words, exact=True).first
    await summary.focus()
    await page.keyboard.press("Enter")
    return page.locator("details", has=page.get_by_text(words, exact=True)).first


async def test_the_settings_of_the_portal(page: Page, shop: Shop):
    await page.goto(f"{shop.url}/setup")
    await page.get_by_label("Складов").fill("6")
    await page.get_by_label("Складской учёт").select_option("N")
    await page.get_by_label("Режим CRM").select_option("Y")
    await press(page, page.get_by_role("button", name="Сохранить"))
    await expect(page.get_by_label("Складов")).to_have_value("6")
    assert shop.portal.native.setup.view()["deals"] is True
    assert shop.portal.shop.catalogue.inventory is False


async def test_a_method_that_rests(page: Page, shop: Shop):
    await page.goto(f"{shop.url}/setup")
    await page.get_by_label("Метод").fill("catalog.store.list")
    await press(page, page.get_by_role("button", name="Исчерпать время на 10 минут"))
    async with httpx.AsyncClient(base_url=shop.url) as http:
        answer = await http.post("/rest/1/local-webhook-key/catalog.store.list", json={})
    assert answer.json()["error"] == "OPERATION_TIME_LIMIT"


async def test_goods_in_metres_with_prices_by_quantity_and_a_variation(page: Page, shop: Shop):
    await page.goto(f"{shop.url}/goods?q=VVG-3-2,5")
    details = await unfold(page, "Подробнее")
    await details.get_by_label("Единица").select_option("м")
    await details.get_by_label("Шаг продажи").fill("0.5")
    await details.get_by_label("Цены от количества: 1-9=100, 10-=90").fill("-9=100, 10-=90")
    await details.get_by_label("НДС в цене").select_option("N")
    await press(page, details.get_by_role("button", name="Сохранить"))
    cable = shop.portal.shop.catalogue.known("1315")
    assert (cable.measure.symbol, str(cable.ratio), len(cable.ranges), cable.vat_included) == ("м", "0.5", 2, False)
    details = await unfold(page, "Подробнее")
    await details.get_by_label("Вариация").fill("Кабель, бухта")
    await press(page, details.get_by_role("button", name="Добавить вариацию"))
    await expect(page.get_by_text("Кабель, бухта").first).to_be_visible()


async def test_an_order_that_answers_oddly(page: Page, shop: Shop):
    order = shop.portal.native.ledger.add_order(3, "RUB", 17, "tg-1")
    await page.reload()
    details = await unfold(page, "Странные ответы портала")
    await details.get_by_label("Поле").fill("statusId")
    await details.get_by_label("Значение, пусто: null").fill("QQ")
    await press(page, details.get_by_role("button", name="Отвечать так"))
    assert order.odd == {"order": {"statusId": "QQ"}}


async def test_many_orders_at_once(page: Page, shop: Shop):
    orders = [shop.portal.native.ledger.add_order(3, "RUB", 17, f"tg-{number}") for number in range(2)]
    await page.reload()
    details = await unfold(page, "Изменить несколько заказов сразу")
    await details.get_by_label("Заказы через запятую").fill(", ".join(str(order.id) for order in orders))
    await details.get_by_label("Статус").select_option("CANCELED")
    await press(page, details.get_by_role("button", name="Изменить все"))
    assert [order.canceled for order in orders] == [True, True]


async def test_a_parcel_is_sent_ahead_and_nobody_is_left_out(page: Page, shop: Shop):
    order = an_order(shop.portal)
    await page.goto(f"{shop.url}/orders/{order.id}")
    details = await unfold(page, "Отправить часть отдельно")
    await details.get_by_role("spinbutton").first.fill("2")
    await press(page, details.get_by_role("button", name="Выделить в посылку"))
    await expect(page.locator("h3", has_text="собирается")).to_have_count(2)
    await page.get_by_label(f"Трек-номер посылки {order.own_shipments[1].account_number}").fill("RU2")
    await press(page, page.get_by_role("button", name="Отдать курьеру").last)
    await expect(page.get_by_text("в пути · трек-номер RU2")).to_be_visible()
    await is_accessible(page)
    await page.goto(f"{shop.url}/setup")
    await is_accessible(page)
