"""Every screen a master can meet, by capability: what the golden files show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.buttons import SetQuantity
from shared.assistant.cart import screens as cart
from shared.assistant.cart.cart import Cart
from shared.assistant.checkout import screens as checkout
from shared.assistant.checkout.checkout import Gone, PriceChange, StockChange
from shared.assistant.desk import Screen
from shared.assistant.kind import Kind
from shared.assistant.onboarding import screens as onboarding
from shared.assistant.orders import screens as orders
from shared.assistant.search import screens as search
from shared.bitrix.model import NewOrder, Offer, OrderLine, PaymentKind, Product, Shipment, Status
from shared.pipeline.jobs import Job, Lane
from tests.assistant import samples
from tests.assistant.samples import (
    ADDRESS,
    BIT,
    BIT_LINE,
    CART,
    DRILL,
    DRILL_LINE,
    DRILL_OFFER,
    NOW,
    OFFERS,
    PAY_URL,
    SAW,
    SAW_LINE,
    SAW_OFFER,
    TODAY,
    known_order,
    portal_order,
)
from tests.assistant.stage import ZONE


@dataclass(frozen=True)
class Case:
    """A screen: what makes it and of what. A text without buttons of its own is a screen too."""

    title: str
    make: Callable[..., Any]
    args: tuple[Any, ...] = ()
    more: tuple[tuple[str, Any], ...] = ()

    def screen(self) -> Screen:
        made = self.make(*self.args, **dict(self.more))
        if isinstance(made, Screen):
            return made
        return Screen(made) if isinstance(made, str) else Screen("", made)


def case(title: str, make: Callable[..., Any], *args: Any, **more: Any) -> Case:
    return Case(title, make, args, tuple(more.items()))


def _trouble() -> Screen:
    return Kind(None).trouble(Job("find", Lane.READ, {"chat_id": 1}))


def _by_hand() -> str:
    key = "3f0c9a52-6f0e-4c38-9a55-3c2c1f6f7a10"
    order = NewOrder(key, "501", [], PaymentKind.PREPAID, ADDRESS)
    lines = [texts.line(line.name, line.quantity, line.price, line.currency) for line in CART.lines]
    details = texts.order_by_hand(order, lines, samples.USER, found_by_key=True)
    return texts.operators("make_order", "timeout", "make_order:c0ffee", details)


def _to_cancel() -> str:
    return texts.operators("cancel_order", "timeout", "cancel_order:5122", texts.order_to_cancel("5122"))


def _cart_after(offers: dict[str, Offer | None], *lines: Any) -> Screen:
    return cart.cart(Cart(lines), offers)


CASH_CHECKOUT = samples.checkout(payment=PaymentKind.CASH)
CHANGED = samples.checkout(DRILL_LINE, replace(BIT_LINE, price=Decimal(52)))
SCARCE = replace(samples.checkout(DRILL_LINE, SAW_LINE), available={"7": Decimal(1000), "9": Decimal(1)})
LATER = Shipment("2", "", date(2027, 1, 9))
WEIGHED = (OrderLine("11", "Припой ПОС-61", Decimal("1.5"), Decimal(900)),)
LONG_ORDER = tuple(OrderLine(str(number), f"Саморез {number}", Decimal(5), Decimal(2)) for number in range(1, 43))
PARTS = tuple(Shipment(str(number), f"RU{number}" if number % 2 else "") for number in range(14))
PLAIN = Product("10", "Герметик")

ONBOARDING = [
    case("чужой", texts.stranger),
    case("приглашение не подходит", texts.invite_bad),
    case("приглашение занято", texts.invite_taken),
    case("доступ открыт", onboarding.welcome, "Иван"),
    case("начало", onboarding.home, "Иван"),
    case("справка", onboarding.help_screen),
    case("кнопки, которые есть всегда", onboarding.home_keyboard),
    case("прерывать нечего", texts.nothing_to_cancel),
    case("прервано", texts.canceled),
    case("не текст", texts.not_text),
    case("устаревшая кнопка", texts.stale_button),
]

SEARCH = [
    case("слишком короткий запрос", texts.too_short),
    case("искать ещё", texts.search_again),
    case(
        "нашлось: первая страница из пяти",
        search.found,
        samples.search(total=23),
        0,
        [DRILL, BIT, SAW],
        {"7": DRILL_OFFER, "9": SAW_OFFER},
    ),
    case("нашлось: последняя страница", search.found, samples.search(total=6), 1, [PLAIN], {}),
    case("нашлось: одна страница", search.found, samples.search(total=1), 0, [BIT], OFFERS),
    case("ничего не нашлось", search.nothing_found, "шурповерт <&>"),
    case("ничего не нашлось: кнопки", search.more_keyboard),
    case("карточка: есть на складах", search.card, "s1", DRILL, DRILL_OFFER),
    case("карточка: под заказ, имя с разметкой", search.card, "s1", SAW, SAW_OFFER),
    case("карточка: без артикула", search.card, "s1", PLAIN, samples.offer(PLAIN, "120", ("Тверь", "0.5"))),
    case(
        "карточка: три штуки",
        search.card_keyboard,
        SetQuantity(search="s1", product="7", quantity=3, price=Decimal(7990), currency="RUB"),
    ),
    case("карточка: добавлено", search.added_keyboard, 2),
    case("карточка: не продаётся", search.not_sold, SAW),
    case("портал молчит", _trouble),
]

CART_CASES = [
    case("пусто", cart.empty),
    case("всё в наличии", cart.cart, CART, OFFERS),
    case("не хватает, нет совсем, не продаётся", _cart_after,
         {"7": None, "8": samples.offer(BIT, "45", ("Тверь", "4")), "9": SAW_OFFER}, DRILL_LINE, BIT_LINE, SAW_LINE),
    case("после изменения: без вопроса к порталу", cart.cart, Cart((SAW_LINE,))),
    case("добавлено", texts.in_cart, 2),
    case("больше не помещается", texts.cart_full, 20),
    case("строки уже нет", texts.cart_changed),
]  # fmt: skip

CHECKOUT = [
    case("адрес: первый раз", checkout.ask_address, ()),
    case("адрес: есть прежние", checkout.ask_address, (ADDRESS, "Москва, Новый Арбат, 36")),
    case("адрес: не похоже", texts.address_odd),
    case("оплата", checkout.ask_payment, ADDRESS),
    case("подтверждение: по ссылке", checkout.confirmation, samples.checkout()),
    case("подтверждение: наличными, под заказ", checkout.confirmation, replace(SCARCE, payment=PaymentKind.CASH)),
    case("подтверждение: изменилась цена", checkout.confirmation, CHANGED,
         [PriceChange(CHANGED.lines[1], Decimal(45))]),
    case("подтверждение: изменилось всё", checkout.confirmation, SCARCE, [
        PriceChange(SAW_LINE, Decimal("12000.5")),
        StockChange(SAW_LINE, Decimal(1)),
        StockChange(DRILL_LINE, Decimal(0)),
        Gone(BIT_LINE),
    ]),
    case("оформляем", checkout.busy_keyboard),
    case("уже оформляем", texts.placing),
    case("уже создан", texts.already_placed, "5121"),
    case("ничего не осталось", checkout.back_to_cart, texts.nothing_left()),
    case("заказ создан: по ссылке", checkout.order_made, samples.checkout(), "5121", PAY_URL),
    case("заказ создан: итог другой", checkout.order_made, samples.checkout(), "5121", PAY_URL, Decimal(8940)),
    case("заказ создан: ссылки нет", checkout.order_made, samples.checkout(), "5121", None),
    case("заказ создан: наличными", checkout.order_made, CASH_CHECKOUT, "5121", None),
    case("беда: портал молчит до заказа", checkout.back_to_cart, texts.portal_silent_checkout()),
    case("беда: не принят", checkout.back_to_cart, texts.order_refused()),
    case("беда: медленно", checkout.unsure, texts.order_slow()),
    case("беда: неизвестно, создан ли", checkout.unsure, texts.order_unsure()),
    case("беда: так и не узнали", checkout.unsure, texts.order_lost()),
    case("беда: ошибка у нас", texts.apology),
]  # fmt: skip

_LIST = [
    known_order(Status.NEW, Status.SHIPPED),
    replace(known_order(Status.NEW, Status.CANCELED, id_="5120"), made_at=NOW.replace(year=2025)),
]

ORDERS = [
    case("заказов нет", orders.no_orders),
    case("список: одна страница", orders.order_list, _LIST, 0, 2, ZONE, NOW),
    case("список: вторая страница", orders.order_list, _LIST[:1], 1, 6, ZONE, NOW),
    case("нет такого", texts.order_unknown),
    case("заказ: ждёт оплаты", orders.order, known_order(), portal_order(), TODAY),
    case("заказ: ждёт оплаты, ссылки нет", orders.order, known_order(url=None), portal_order(), TODAY),
    case("заказ: оплачен и едет", orders.order, known_order(),
         portal_order(Status.SHIPPED, paid=True, shipments=(samples.SHIPPED, LATER)), TODAY),
    case("заказ: наличными", orders.order, known_order(payment=PaymentKind.CASH),
         portal_order(Status.DELIVERED), TODAY),
    case("заказ: отменён", orders.order, known_order(), portal_order(Status.CANCELED, reason="нет <на складе>"), TODAY),
    case("заказ: отменён без причины", orders.order, known_order(), portal_order(Status.CANCELED), TODAY),
    case("заказ: длинный", orders.order, known_order(),
         portal_order(paid=True, lines=LONG_ORDER, shipments=PARTS), TODAY),
    case("заказ: вес, не штуки", orders.order, known_order(), portal_order(lines=WEIGHED), TODAY),
]  # fmt: skip


def _news(status: Status, title: str, **more: Any) -> Case:
    return case(title, orders.status_news, known_order(), portal_order(status, **more), status, TODAY)


NOTIFICATIONS = [
    _news(Status.NEW, "NEW"),
    _news(Status.PAYED, "PAYED", paid=True),
    _news(Status.WAITING_FOR_DELIVERY, "WAITING_FOR_DELIVERY: день известен", shipments=(Shipment("1", "", TODAY),)),
    _news(Status.SHIPPED, "SHIPPED: день и трек-номер", shipments=(samples.SHIPPED,)),
    _news(Status.DELIVERED, "DELIVERED: день уже не важен", shipments=(samples.SHIPPED,)),
    _news(Status.FINISHED, "FINISHED"),
    _news(Status.CANCELED, "CANCELED", reason="клиент передумал"),
    _news(Status.CANCELED, "CANCELED: без причины"),
    _news(Status.RETURN_IN_PROGRESS, "RETURN_IN_PROGRESS"),
    _news(Status.RETURN_COMPLETED, "RETURN_COMPLETED"),
    _news(Status.RETURN_REJECTED, "RETURN_REJECTED", reason="нет чека"),
    case("операторам", texts.operators, "place_order", "ACCESS_DENIED", "order:c0ffee"),
    case("операторам: заказ, который надо довести", _by_hand),
    case("операторам: лишний заказ", _to_cancel),
]

GALLERY: dict[str, list[Case]] = {
    "onboarding": ONBOARDING,
    "search": SEARCH,
    "cart": CART_CASES,
    "checkout": CHECKOUT,
    "orders": ORDERS,
    "notifications": NOTIFICATIONS,
}
"""The golden file of each list has its name."""

MODULES = (onboarding, search, cart, checkout, orders)
"""Where screens are made: each public function of these is in the gallery."""
