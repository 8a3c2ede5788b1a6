"""What Telegram takes: texts of 4096, captions of 1024, labels, 64 bytes a button — with the longest things of life."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import cycle

import pytest

from shared.assistant import common_screens, texts
from shared.assistant.cart import screens as cart
from shared.assistant.chat_view import Screen
from shared.assistant.checkout import ending_screens as endings
from shared.assistant.checkout import question_screens as questions
from shared.assistant.checkout import screens as checkout
from shared.assistant.checkout.address import LONGEST
from shared.assistant.keyboard import COPIED
from shared.assistant.lists import screens as lists
from shared.assistant.notifications.screens import status_news
from shared.assistant.onboarding import screens as onboarding
from shared.assistant.orders import screens as orders
from shared.assistant.search import screens as search
from shared.assistant.watching import screens as watching
from shared.domain import quantities
from shared.domain.cart_lines import CartLine
from shared.domain.carts import MOST_LINES, Cart
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.checkout_changes import Change, NoLongerSold, PriceChange, StockChange
from shared.domain.offers import Offer, Stock
from shared.domain.order_list import OrderFilter, OrderListPage
from shared.domain.orders import CreatedOrder, OrderLine, PaymentKind, Shipment
from shared.domain.pasted_lists import quoted, reading
from shared.domain.pasted_lists.matching import LookUpStage as Settled
from shared.domain.pasted_lists.matching import SoughtLine
from shared.domain.pasted_lists.quoted import ListNotes
from shared.domain.searches import QUERY_LIMIT
from shared.domain.spelling.variants import QueryVariant
from shared.domain.text import utf16_length
from shared.domain.watch_changes import BackInStock, Cheaper, LeftShop
from shared.domain.watches import MOST, WatchAim
from shared.status import Status
from shared.telegram.formatting import strip_markup
from tests.assistant import samples
from tests.assistant.gallery import GALLERY
from tests.assistant.samples import LONG_ID, LONG_NAME, LONG_PRICE, NOW, TODAY
from tests.assistant.stage import ZONE

TEXT, CAPTION, LABEL, DATA, BUTTONS, ROW = 4096, 1024, 40, 64, 100, 8

ADDRESS = ("г. Петропавловск-Камчатский, проспект Карла Маркса & Ко, " * 10)[:LONGEST]
SEARCH_ID = "a1b2c3d4e5"
CHECKOUT_ID = "f" * 32
QUERY = ("шуруповёрт <аккумуляторный> " * 20)[:QUERY_LIMIT]
PRODUCTS = [Product(str(int(LONG_ID) - number), LONG_NAME, LONG_NAME) for number in range(MOST_LINES)]
SHORT = ProductDetails(replace(PRODUCTS[0], name="Бита"), LONG_NAME)
STORES = tuple(Stock(f"{LONG_NAME[:200]} {number}", Decimal("1234567.125")) for number in range(60))
LINES = tuple(
    CartLine(item.id, item.name, item.article, Decimal(LONG_PRICE), "RUB", quantities.MOST) for item in PRODUCTS
)
OFFERS = {item.id: Offer(item.id, Decimal(LONG_PRICE), "RUB", STORES) for item in PRODUCTS}
SCARCE_OFFER = Offer("7", Decimal(LONG_PRICE), "RUB", (Stock("Тверь", Decimal("0.125")),))
SCARCE: dict[str, Offer | None] = {item.id: replace(SCARCE_OFFER, product_id=item.id) for item in PRODUCTS}
FOUND = samples.search(*PRODUCTS[:5], total=10**9, query=QUERY, id_=SEARCH_ID)
CHECKOUT = replace(
    samples.checkout(*LINES, id_=CHECKOUT_ID),
    address=ADDRESS,
    phone="+79123456789",
    comment="&" * 500,
    available={item.id: Decimal("0.125") for item in PRODUCTS},
)
PAGE = "https://pay.test/" + "x" * 500
CHANGES: list[Change] = [
    *(PriceChange(line, Decimal("12345678.99")) for line in LINES),
    *(StockChange(line, Decimal("0.125")) for line in LINES),
]
WATCH = samples.watch(PRODUCTS[0], price="98765433.99")
KNOWN = replace(samples.known_order(id_=LONG_ID), total=Decimal("98765432109.99"))
ORDER = replace(
    samples.portal_order(Status.CANCELED, id_=LONG_ID, reason=LONG_NAME),
    lines=tuple(OrderLine(str(number), LONG_NAME, Decimal("999.125"), Decimal(LONG_PRICE)) for number in range(50)),
    shipments=tuple(
        Shipment(str(number), f"{number} {LONG_NAME}"[:COPIED], TODAY, f"{number} {LONG_NAME}") for number in range(50)
    ),
    total=Decimal("98765432109.99"),
    address=LONG_NAME,
    stores=(LONG_NAME,) * 50,
)


def _list(*, totals: tuple[int, ...], options: tuple[Decimal, ...] = ()) -> Screen:
    """The quote of a list of 50 lines, `totals` being how many products each in turn means."""
    lines = [
        SoughtLine(
            QUERY,
            quantities.MOST,
            Settled.SETTLED,
            (replace(PRODUCTS[0], id=str(number)),) * 3,
            total,
            options=options,
        )
        for number, total in zip(range(reading.MOST_LINES), cycle(totals), strict=False)
    ]
    offers = {str(number): replace(SCARCE_OFFER, product_id=str(number)) for number in range(reading.MOST_LINES)}
    return lists.quote(quoted.of_lines(SEARCH_ID, lines, offers, ListNotes(999, capped=True, unread=99)), offers)


LONG_SCREENS: dict[str, Screen] = {
    "50 lines of a list": _list(totals=(1,)),
    "50 lines of a list that do not say how many": _list(totals=(1,), options=(Decimal("100.125"), quantities.MOST)),
    "50 lines of a list that mean three": _list(totals=(3,)),
    "50 lines of a list that mean too much": _list(totals=(10**9,)),
    "50 lines of a list nobody knows": _list(totals=(0,)),
    "50 lines of a list, of all kinds": _list(totals=(1, 0, 10**9)),
    "20 goods of a list without room": lists.no_room([LONG_NAME] * 50),
    "20 goods of a list that are gone": lists.gone([LONG_NAME] * 50),
    "welcome": onboarding.welcome(LONG_NAME[:64]),
    "home": common_screens.home(LONG_NAME[:64]),
    "five lines of a list": search.found(FOUND, 10**8, PRODUCTS[:5], OFFERS),
    "five lines found by a guess": search.found(
        replace(FOUND, way=QueryVariant(QUERY, QUERY)), 10**8, PRODUCTS[:5], OFFERS
    ),
    "nothing found": search.nothing_found(QUERY),
    "not sold": search.not_sold(PRODUCTS[0]),
    "20 lines of a cart": cart.cart(Cart(LINES), SCARCE),
    "20 lines that were not repeated": Screen(texts.cart.not_repeated([LONG_NAME] * 100)),
    "20 lines that are not sold": cart.cart(Cart(LINES), {item.id: None for item in PRODUCTS}),
    "saved addresses": questions.ask_address([ADDRESS] * 3),
    "a saved address of one word": questions.ask_address(["а" * LONGEST]),
    "payment": questions.ask_payment(ADDRESS),
    "confirmation": checkout.confirmation(CHECKOUT),
    "confirmation with everything changed": checkout.confirmation(CHECKOUT, CHANGES),
    "confirmation with everything gone but one": checkout.confirmation(
        CHECKOUT, [NoLongerSold(line) for line in LINES[1:]]
    ),
    "order made": endings.order_made(CHECKOUT, CreatedOrder(LONG_ID, payment_url=PAGE)),
    "an invoice with a long link": endings.invoice(LONG_ID, Decimal("98765432109.99"), "RUB", PAGE),
    "order made without a link": endings.order_made(CHECKOUT, CreatedOrder(LONG_ID)),
    "five orders": orders.order_list(OrderListPage([KNOWN] * 5, OrderFilter.UNPAID, 19, 100, cut=True), ZONE, NOW),
    "an order of 50 lines": orders.order(KNOWN, ORDER, TODAY),
    "a shipped order of 50 lines": orders.order(KNOWN, replace(ORDER, status=Status.SHIPPED), TODAY),
    "news with a long reason": status_news(ORDER, Status.CANCELED, TODAY),
    "news with 50 shipments": status_news(ORDER, Status.SHIPPED, TODAY),
    "five watches": watching.watch_list([WATCH] * 5, MOST // 5 - 1, MOST, ZONE),
    "back in stock": watching.news(BackInStock(replace(WATCH, aim=WatchAim.STOCK), OFFERS[LONG_ID])),
    "cheaper": watching.news(Cheaper(WATCH, OFFERS[LONG_ID])),
    "gone": watching.news(LeftShop(WATCH)),
    "operators": Screen(texts.operators.job_failed("place_order", LONG_NAME, f"place_order:{CHECKOUT_ID}")),
}
CARDS: dict[str, Screen] = {
    "a card with 60 stores": search.card(SEARCH_ID, ProductDetails(PRODUCTS[0], LONG_NAME), OFFERS[PRODUCTS[0].id]),
    "a card of a short name": search.card(SEARCH_ID, SHORT, OFFERS[PRODUCTS[0].id]),
    "99 pieces": Screen(
        "", search.card_keyboard(
            SEARCH_ID, CartLine(LONG_ID, LONG_NAME, "", Decimal("98765432.9900"), "RUB", Decimal(99)),
        ),
    ),
}  # fmt: skip
USUAL = {f"{name}: {item.title}": item.screen() for name, items in GALLERY.items() for item in items}
ALL = {**LONG_SCREENS, **CARDS, **USUAL}


def _shown_length(screen: Screen) -> int:
    """Telegram counts UTF-16 units of what is left when the markup is read."""
    return utf16_length(strip_markup(screen.text))


@pytest.mark.parametrize("name", LONG_SCREENS)
def test_a_text_fits_into_a_message(name: str) -> None:
    assert _shown_length(LONG_SCREENS[name]) <= TEXT


@pytest.mark.parametrize("name", CARDS)
def test_a_card_fits_into_a_caption(name: str) -> None:
    assert _shown_length(CARDS[name]) <= CAPTION


@pytest.mark.parametrize("name", ALL)
def test_buttons_fit(name: str) -> None:
    keyboard = ALL[name].keyboard
    rows = keyboard.inline_keyboard if keyboard else []
    assert all(0 < len(row) <= ROW for row in rows)
    assert sum(len(row) for row in rows) <= BUTTONS
    for button in [button for row in rows for button in row]:
        assert 0 < len(button.text) <= LABEL
        assert [button.callback_data, button.url, button.copy_text].count(None) == 2
        assert button.copy_text is None or 0 < len(button.copy_text.text) <= COPIED
        assert len((button.callback_data or "x").encode()) <= DATA


@pytest.mark.parametrize("name", LONG_SCREENS)
def test_shortening_leaves_the_markup_whole(name: str) -> None:
    text = LONG_SCREENS[name].text
    assert text.count("<b>") == text.count("</b>")
    assert text.count("<code>") == text.count("</code>")
    assert text.count("<") == text.count(">")


def test_what_was_left_out_is_said() -> None:
    assert "ещё" in LONG_SCREENS["an order of 50 lines"].text
    assert "ещё" in CARDS["a card with 60 stores"].text
    assert "ещё" in LONG_SCREENS["confirmation with everything changed"].text


def test_the_fullest_stores_are_named() -> None:
    stocks = tuple(Stock(f"Склад {number}", Decimal(number)) for number in range(1, 12))
    text = texts.search.card(samples.DRILL_DETAILS, Offer("7", Decimal(1), "RUB", stocks))
    assert "Склад 11 — 11" in text
    assert "Склад 3 —" not in text
    assert "· ещё 3\u00a0склада" in text


def test_what_lies_in_no_store_by_name_is_told_once() -> None:
    text = texts.search.card(samples.DRILL_DETAILS, Offer("7", Decimal(1), "RUB", (Stock("", Decimal(5)),)))
    assert "В наличии: 5" in text
    assert "· " not in text


def test_the_lines_of_an_order_to_confirm_are_never_left_out() -> None:
    for name in ("confirmation", "confirmation with everything changed"):
        assert LONG_SCREENS[name].text.count(" × ") == MOST_LINES


def test_the_total_is_there_however_long_the_order_is() -> None:
    assert "Итого: " in LONG_SCREENS["an order of 50 lines"].text
    assert "Итого: " in LONG_SCREENS["20 lines of a cart"].text


NASTY = 'Бита <b>"PH2"</b> & <script>'
ESCAPED = 'Бита &lt;b&gt;"PH2"&lt;/b&gt; &amp; &lt;script&gt;'


def _with_nasty_names() -> Iterator[tuple[str, str]]:
    product = Product("7", NASTY, NASTY)
    offer = Offer("7", Decimal(10), "RUB", (Stock(NASTY, Decimal(3)),))
    line = CartLine("7", NASTY, NASTY, Decimal(10), "RUB", Decimal(2))
    order = replace(
        samples.portal_order(Status.SHIPPED, reason=NASTY, shipments=(Shipment("1", NASTY, TODAY),)),
        lines=(OrderLine("7", NASTY, Decimal(1), Decimal(10)),),
    )
    nasty = replace(samples.checkout(line), address=NASTY)
    found = samples.search(product, query=NASTY)
    changes: list[Change] = [PriceChange(line, Decimal(9)), StockChange(line, Decimal(0)), NoLongerSold(line)]
    yield "welcome", onboarding.welcome(NASTY).text
    yield "home", common_screens.home(NASTY).text
    yield "found", search.found(found, 0, [product], {"7": offer}).text
    yield "nothing found", search.nothing_found(NASTY).text
    yield "card", search.card("s1", ProductDetails(product, NASTY), offer).text
    yield "not sold", search.not_sold(product).text
    yield "cart", cart.cart(Cart((line,)), {"7": offer}).text
    yield "cart, not sold", cart.cart(Cart((line,)), {"7": None}).text
    for total in (0, 1, 2):
        wanted = [SoughtLine(NASTY, Decimal(2), Settled.SETTLED, (product,), total)]
        yield f"list, {total} found", lists.quote(quoted.of_lines("l1", wanted, {"7": offer}), {"7": offer}).text
        asked = [replace(line, options=(Decimal(2), Decimal(4))) for line in wanted]
        yield f"list, {total} asked", lists.quote(quoted.of_lines("l1", asked, {"7": offer}), {"7": offer}).text
    yield "list, gone", lists.gone([NASTY]).text
    yield "list, no room", lists.no_room([NASTY]).text
    yield "payment", questions.ask_payment(NASTY).text
    yield "confirmation", checkout.confirmation(nasty, changes).text
    yield "order made", endings.order_made(nasty, CreatedOrder(NASTY)).text
    yield "order", orders.order(samples.known_order(), order, TODAY).text
    yield "news", status_news(order, Status.CANCELED, TODAY).text
    yield "news, shipped", status_news(order, Status.SHIPPED, TODAY).text
    for news in (BackInStock(samples.watch(product), offer), Cheaper(samples.watch(product), offer)):
        yield type(news).__name__, watching.news(news).text
    yield "gone", watching.news(LeftShop(samples.watch(product))).text
    yield "watches", watching.watch_list([samples.watch(product)], 0, 1, ZONE).text
    yield "operators", texts.operators.job_failed(NASTY, NASTY, NASTY)


@pytest.mark.parametrize(("name", "text"), list(_with_nasty_names()))
def test_what_comes_from_outside_is_escaped(name: str, text: str) -> None:
    assert ESCAPED in text, name
    rest = text.replace(ESCAPED, "")
    assert not {"<script", "&lt;", "PH2", '"'} & set(rest.split())
    assert "<script" not in rest
    assert "PH2" not in rest


def test_an_address_on_a_button_is_plain_text() -> None:
    screen = questions.ask_address([NASTY])
    assert screen.keyboard is not None
    assert NASTY in screen.keyboard.inline_keyboard[0][0].text, "labels know no markup"


def test_a_cash_order_has_no_link_to_pay_by() -> None:
    cash = samples.checkout(payment=PaymentKind.CASH)
    keyboard = endings.order_made(cash, CreatedOrder("5121", payment_url=samples.PAY_URL)).keyboard
    assert keyboard is not None
    assert [button.url for row in keyboard.inline_keyboard for button in row] == [None, None]
    assert texts.labels.FOR_CLIENT not in [button.text for row in keyboard.inline_keyboard for button in row]
