"""Goods, orders and people of these tests, and the longest ones that can be met in real life."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart, Departure
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.checkouts import Checkout
from shared.domain.deliveries import DeliveryService, PickupPoint
from shared.domain.masters import Master
from shared.domain.offers import Offer, PriceRange, Stock
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order, OrderLine, PaymentKind, Shipment
from shared.domain.searches import Search
from shared.domain.spelling.variants import QueryVariant
from shared.domain.watches import Watch, WatchAim
from shared.status import Status
from tests.bitrix.native.speaking import native

NATIVE = native(article_property="")
"""A real portal with the settings a return needs."""

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 3)
USER = 42
OTHER = 43
BUYER = "501"
ADDRESS = "Тверь, ул. Советская, 10"
PICTURE_URL = "/upload/iblock/df333.jpg"
PAY_URL = "https://pay.test/p/5121"

DRILL = Product("7", "Шуруповёрт Makita DF333DWYE", "DF333DWYE", PICTURE_URL)
DRILL_DETAILS = ProductDetails(DRILL, "Аккумуляторный, 12 В, два аккумулятора <Li-Ion>.\nПатрон 10 мм.", (), "16")
BIT = Product("8", "Бита PH2 50 мм", "PH2-50")
SAW = Product("9", 'Пила «Зубр» & Ко <б/у> 18"', "ZP&18")

MASTER = Master(USER, BUYER, "Иван", NOW, phone_asked=True)


def offer(product: Product, price: str = "7990", *stocks: tuple[str, str]) -> Offer:
    return Offer(product.id, Decimal(price), "RUB", tuple(Stock(store, Decimal(pieces)) for store, pieces in stocks))


DRILL_OFFER = offer(DRILL, "7990", ("Тверь", "3"), ("Москва", "1"), ("Клин", "0"))
BIT_OFFER = offer(BIT, "45", ("Тверь", "120"))
SAW_OFFER = offer(SAW, "12499.5")
OFFERS = {item.product_id: item for item in (DRILL_OFFER, BIT_OFFER)}


def line(product: Product, quantity: int, price: str) -> CartLine:
    return CartLine(product.id, product.name, product.article, Decimal(price), "RUB", Decimal(quantity))


DRILL_LINE = line(DRILL, 1, "7990")
CABLE = Product("12", "Кабель ВВГнг 3×2,5", "VVG-3-2,5")
SCREW = Product("13", "Саморез 3,5×35", "SCR-35")
CABLE_OFFER = Offer("12", Decimal(90), "RUB", (Stock("Тверь", Decimal("120.5")),), unit="м", step=Decimal("0.5"))
SCREW_OFFER = Offer(
    "13",
    Decimal("1.5"),
    "RUB",
    (Stock("Тверь", Decimal(5000)),),
    step=Decimal(10),
    ranges=(
        PriceRange(Decimal(1), Decimal(99), Decimal("1.5")),
        PriceRange(Decimal(100), Decimal(500), Decimal("1.2")),
    ),
)
ON_REQUEST = replace(SAW_OFFER, price=Decimal(0))
DOLLARS = Offer("9", Decimal(150), "USD", foreign=True)
"""Goods that are not sold by the piece at one price in roubles: metres by halves, tens at two prices, and so on."""
BIT_LINE = line(BIT, 10, "45")
SAW_LINE = line(SAW, 2, "12499.5")
CART = Cart((DRILL_LINE, BIT_LINE))
ORDERING = Cart((BIT_LINE,), {"c9": Departure((DRILL_LINE,), NOW)})


def checkout(
    *lines: CartLine, payment: PaymentKind = PaymentKind.PREPAID, user_id: int = USER, id_: str = "c0ffee"
) -> Checkout:
    """Return a confirmation as it was shown; the stores held enough of everything."""
    wanted = lines or CART.lines
    available = {item.product_id: Decimal(1000) for item in wanted}
    return Checkout(user_id, BUYER, wanted, available, ADDRESS, payment, id=id_)


SERVICES = (
    DeliveryService("3", "Курьер", Decimal(350), "1–2 дня"),
    DeliveryService("7", "Почта <России>"),
    DeliveryService("9", "Курьер к соседям", Decimal(0)),
)
PICKUP = DeliveryService("5", "Самовывоз", Decimal(0), pickup=True)
POINT = PickupPoint("1", "Склад <1>", "Тверь, ул. Советская, 12", "пн–пт 9–18", "56.85870, 35.91760")
OTHER_POINT = PickupPoint("2", "Магазин на Вагжанова", "Тверь, ул. Вагжанова, 7")
FETCHED: dict[str, Any] = {"services": (*SERVICES, PICKUP), "delivery": "5", "pickup": POINT}
"""What makes a confirmation one of an order that its master fetches."""


def known_order(
    *shown: Status,
    id_: str = "5121",
    payment: PaymentKind = PaymentKind.PREPAID,
    user_id: int = USER,
    url: str | None = PAY_URL,
) -> OrderRecord:
    told = shown or (Status.NEW,)
    return OrderRecord(id_, user_id, user_id, payment, Decimal(8440), "RUB", NOW, told, url)


def portal_order(
    status: Status = Status.NEW,
    *,
    id_: str = "5121",
    paid: bool = False,
    reason: str = "",
    shipments: tuple[Shipment, ...] = (),
    lines: tuple[OrderLine, ...] | None = None,
) -> Order:
    usual = (
        OrderLine("7", DRILL.name, Decimal(1), Decimal(7990)),
        OrderLine("8", BIT.name, Decimal(10), Decimal(45)),
    )
    return Order(
        id_,
        status,
        Decimal(8440),
        paid=paid,
        reason=reason,
        lines=usual if lines is None else lines,
        shipments=shipments,
    )


def search(
    *products: Product, total: int | None = None, query: str = "шуруповёрт", id_: str = "s1", told: str = ""
) -> Search:
    """Return a search as it is kept after a page was shown."""
    return Search(id_, query).found_in(
        QueryVariant(told or query, told), len(products) if total is None else total, products
    )


def watch(product: Product, aim: WatchAim = WatchAim.PRICE, price: str = "7990") -> Watch:
    return Watch(product.id, product.name, aim, Decimal(price), "RUB", NOW)


SHIPPED = Shipment("1", "RU<1>23", date(2026, 11, 5))

LONG_ID = "9" * 18
"""Longer than any id of a portal or a Telegram user."""
LONG_NAME = ("Перфоратор & отбойный молоток <SDS-Max> с антивибрацией, 45 мм, " * 40)[:2000]
LONG_PRICE = "98765432.99"
