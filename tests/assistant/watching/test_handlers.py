"""The button under a card, the list, and the ends of watches."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.navigation import ShowCard, ShowWatches, SwitchWatch
from shared.assistant.watching.buttons import DropWatch, EndWatch
from shared.domain import searches, watches
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.offers import Offer
from shared.domain.watches import MOST, Watch, WatchAim, Watches
from tests.assistant.samples import BIT, BIT_OFFER, DRILL, SAW, SAW_OFFER, USER, search, watch
from tests.assistant.stage import SCREEN, Seen, Shown, Stage

ON = SwitchWatch(search="s1", product=BIT.id, aim=WatchAim.PRICE, price=Decimal(45), currency="RUB", on=True)


@pytest.fixture
async def shop(stage: Stage) -> Stage:
    """A master who has a card of a search open."""
    await stage.save(searches._search_key("s1"), search(BIT, SAW).save)
    return stage


async def _watching(stage: Stage, *products: Product) -> None:
    mine = Watches(tuple(watch(product) for product in products))
    await stage.save(watches.key(USER), lambda unit: watches.save(unit, USER, mine))


async def _mine(stage: Stage) -> tuple[Watch, ...]:
    return (await watches.load(stage.unit(), USER)).items


async def _card(stage: Stage, product: Product, offer: Offer) -> Shown:
    job = (await stage.tap(ShowCard(search="s1", product=product.id))).job
    return (await stage.answer(job, [ProductDetails(product), {product.id: offer}])).screen


async def _tap(stage: Stage, shown: Shown, label: str) -> Seen:
    """Tap a button of a message that Telegram still shows the bot."""
    message: dict[str, Any] = {
        "message_id": SCREEN,
        "date": 1,
        "chat": {"id": USER, "type": "private"},
        "text": "Экран",
        "reply_markup": shown.params["reply_markup"],
    }
    return await stage.tap(shown.data(label), message=message)


async def test_what_is_in_stock_is_watched_for_its_price(shop: Stage) -> None:
    card = await _card(shop, BIT, BIT_OFFER)
    seen = await _tap(shop, card, "🔔 Сообщить, если подешевеет")
    assert seen.toasts == ["Сообщим, если станет дешевле 45\u00a0₽. Следим до\u00a01 февраля."]
    assert await _mine(shop) == (Watch(BIT.id, BIT.name, WatchAim.PRICE, Decimal(45), "RUB", shop.clock()),)
    assert seen.jobs == [], "the card's price is what the master goes by"


async def test_what_no_store_holds_is_watched_for_its_return(shop: Stage) -> None:
    card = await _card(shop, SAW, SAW_OFFER)
    seen = await _tap(shop, card, "🔔 Сообщить о поступлении")
    assert seen.toasts == ["Сообщим о поступлении. Следим до\u00a01 февраля."]
    assert [one.aim for one in await _mine(shop)] == [WatchAim.STOCK]


async def test_the_button_turns_over_and_back_and_the_others_stay(shop: Stage) -> None:
    card = await _card(shop, BIT, BIT_OFFER)
    on = (await _tap(shop, card, "🔔 Сообщить")).screen
    assert (on.method, on.params["message_id"]) == ("editMessageReplyMarkup", SCREEN)
    assert on.labels == [*card.labels[:5], "🔕 Больше не следить", "🔔 Мой список", card.labels[-1]]
    off = await _tap(shop, on, "🔕")
    assert off.toasts == [texts.watching.ended()]
    assert off.screen.buttons == card.buttons
    assert await _mine(shop) == ()


async def test_a_card_shows_how_it_stands(shop: Stage) -> None:
    await _watching(shop, BIT)
    assert "🔕 Больше не следить" in (await _card(shop, BIT, BIT_OFFER)).labels
    assert "🔔 Сообщить о поступлении" in (await _card(shop, SAW, SAW_OFFER)).labels


async def test_a_second_tap_keeps_the_first_watch(shop: Stage) -> None:
    await shop.tap(ON)
    first = await _mine(shop)
    shop.clock.advance(hours=1)
    seen = await shop.tap(ON.model_copy(update={"price": Decimal(99)}))
    assert await _mine(shop) == first
    assert seen.toasts[0] is not None
    assert "дешевле 45\u00a0₽" in seen.toasts[0]
    assert seen.screens == [], "an old message keeps its buttons"


async def test_a_list_that_is_full_says_so(shop: Stage) -> None:
    await _watching(shop, *(Product(str(number), f"Товар {number}") for number in range(100, 100 + MOST)))
    seen = await shop.tap(ON)
    (answer,) = seen.of("answerCallbackQuery")
    assert (answer.params["text"], answer.params["show_alert"]) == (texts.watching.too_many(MOST), True)
    assert len(await _mine(shop)) == MOST


async def test_a_card_of_yesterday_is_shown_anew(shop: Stage) -> None:
    shop.clock.advance(hours=25)
    seen = await shop.tap(ON)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert (seen.job.kind, seen.job.payload["product"]) == ("card", BIT.id)
    assert await _mine(shop) == ()


async def test_a_product_that_the_search_does_not_know(shop: Stage) -> None:
    seen = await shop.tap(ON.model_copy(update={"product": "999"}))
    assert seen.toasts == [texts.trouble.stale_button()]


async def test_the_button_of_a_message_ends_the_watch_and_goes(shop: Stage) -> None:
    await _watching(shop, BIT, SAW)
    keys = [[{"text": "Открыть карточку", "callback_data": "k1::8"}], [{"text": "🔕", "callback_data": "wb1:8"}]]
    news = Shown("sendMessage", "", [key for row in keys for key in row], {"reply_markup": {"inline_keyboard": keys}})
    seen = await _tap(shop, news, "🔕")
    assert seen.toasts == [texts.watching.ended()]
    assert seen.screen.labels == ["Открыть карточку"]
    assert [one.product for one in await _mine(shop)] == [SAW.id]
    assert (await shop.tap(EndWatch(product=BIT.id))).toasts == [texts.watching.ended()], "harmless when repeated"


async def test_the_list(shop: Stage) -> None:
    assert (await shop.write("/watches")).screen.text == texts.watching.nothing_watched()
    await _watching(shop, BIT, SAW)
    seen = (await shop.write("/watches")).screen
    assert "1. Бита PH2 50 мм\n   сообщим, если дешевле" in seen.text
    assert (seen.data("2"), seen.data("🔕 2")) == ("k1::9", "wd1:9:0")


async def test_the_list_opens_from_a_card_and_turns_its_pages(shop: Stage) -> None:
    await _watching(shop, *(Product(str(number), f"Товар {number}") for number in range(1, 8)))
    first = (await shop.tap(ShowWatches(page=0, fresh=True))).screen
    assert first.method == "sendMessage"
    assert first.labels[:5] == ["1", "2", "3", "4", "5"]
    second = (await shop.tap(first.data("›"))).screen
    assert (second.method, second.labels[:2]) == ("editMessageText", ["6", "7"])
    assert (await shop.tap(ShowWatches(page=99, fresh=False))).screen.text == second.text


async def test_a_product_taken_off_the_list(shop: Stage) -> None:
    await _watching(shop, *(Product(str(number), f"Товар {number}") for number in range(1, 7)))
    seen = await shop.tap(DropWatch(product="6", page=1))
    assert seen.toasts == [texts.watching.ended()]
    assert seen.screen.labels[:5] == ["1", "2", "3", "4", "5"], "the second page is gone with it"
    await _watching(shop, DRILL)
    emptied = await shop.tap(DropWatch(product=DRILL.id, page=0))
    assert emptied.screen.text == texts.watching.nothing_watched()
