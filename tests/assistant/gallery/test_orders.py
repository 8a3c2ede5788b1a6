"""Orders."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from shared.assistant.common_screens import unknown_order
from shared.assistant.orders import screens as orders
from shared.domain.order_list import OrderFilter, OrderListPage
from shared.domain.orders import OrderLine, Payment, PaymentKind, Shipment
from shared.status import Status
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import NOW, TODAY, known_order, portal_order
from tests.assistant.stage import ZONE
from tests.support.golden import agreed

LATER = Shipment("2", "", date(2027, 1, 9))
WEIGHED = (OrderLine("11", "Припой ПОС-61", Decimal("1.5"), Decimal(900)),)
LONG_ORDER = tuple(OrderLine(str(number), f"Саморез {number}", Decimal(5), Decimal(2)) for number in range(1, 43))
PARTS = tuple(Shipment(str(number), f"RU{number}" if number % 2 else "") for number in range(14))

_PARTS = (replace(samples.SHIPPED, delivery="Курьер <город>"), replace(LATER, delivery="Пункт выдачи"))
FULL = replace(
    portal_order(Status.SHIPPED, paid=True, shipments=_PARTS),
    address="Тверь, ул. Советская, 10",
    stores=("Склад на Советской", "Склад в Клину"),
)
PART_PAID = replace(
    portal_order(),
    payments=(
        Payment("1", "2", Decimal(8000), paid=True),
        Payment("2", "2", Decimal(440), paid=False, url=samples.PAY_URL),
    ),
    stores=tuple(f"Склад {number}" for number in range(1, 8)),
)

_LIST = [
    known_order(Status.NEW, Status.SHIPPED),
    replace(known_order(Status.NEW, Status.CANCELED, id_="5120"), made_at=NOW.replace(year=2025)),
]

NUMBER = "ИМ-2026/<88>"
NUMBERED = replace(known_order(), account_number=NUMBER)

CASES = [
    case("заказов нет", orders.no_orders),
    case("нашли заказ менеджера", orders.adopted, _LIST[:1]),
    case("нашли заказы менеджера", orders.adopted, _LIST),
    case("список: одна страница", orders.order_list, OrderListPage(_LIST, OrderFilter.ALL, 0, 2), ZONE, NOW),
    case("список: удалённый", orders.order_list,
         OrderListPage([replace(known_order(), gone=True)], OrderFilter.ALL, 0, 1), ZONE, NOW),
    case("список: вторая страница", orders.order_list, OrderListPage(_LIST[:1], OrderFilter.ALL, 1, 6), ZONE, NOW),
    case("список: ждут оплаты", orders.order_list, OrderListPage([known_order()], OrderFilter.UNPAID, 0, 1), ZONE, NOW),
    case("список: наличными", orders.order_list,
         OrderListPage([replace(known_order(), payment=PaymentKind.CASH)], OrderFilter.ALL, 0, 1), ZONE, NOW),
    case("список: в работе, таких нет", orders.order_list, OrderListPage([], OrderFilter.ACTIVE, 0, 0), ZONE, NOW),
    case("список: завершённые, заказов очень много", orders.order_list,
         OrderListPage(_LIST[1:], OrderFilter.OVER, 1, 6, cut=True), ZONE, NOW),
    case("список: готов к выдаче", orders.order_list,
         OrderListPage([replace(known_order(Status.NEW, Status.SHIPPED), pickup=samples.POINT)], OrderFilter.ALL, 0, 1),
         ZONE, NOW),
    case("заказ: готов к выдаче", orders.order, replace(known_order(), pickup=samples.POINT),
         portal_order(Status.SHIPPED), TODAY),
    case("заказы с таким товаром", orders.orders_with, "дрель <18 В>", _LIST, ZONE, NOW),
    case("нет такого", unknown_order, "999999"),
    case("нет такого: набрали слова", unknown_order, "дрель <18 В> в тот же цех, что и раньше"),
    case("в магазине его больше нет", orders.gone, "5121"),
    case("заказ: ждёт оплаты", orders.order, known_order(), portal_order(), TODAY),
    case("заказ: ждёт оплаты, ссылки нет", orders.order, known_order(url=None), portal_order(), TODAY),
    case("заказ: оплачен и едет", orders.order, known_order(),
         portal_order(Status.SHIPPED, paid=True, shipments=(samples.SHIPPED, LATER)), TODAY),
    case("заказ: всё, что известно", orders.order, known_order(), FULL, TODAY),
    case("заказ: оплачен частично", orders.order, known_order(), PART_PAID, TODAY),
    case("заказ: сумма счёта другая", orders.order, known_order(),
         replace(portal_order(), payments=(Payment("1", "2", Decimal(9000), paid=False),)), TODAY),
    case("заказ: деньги возвращены", orders.order, known_order(),
         replace(portal_order(), returned=Decimal(8440)), TODAY),
    case("заказ: отменён, деньги возвращены", orders.order, known_order(),
         replace(portal_order(Status.CANCELED, reason="нет на складе"), returned=Decimal(8440)), TODAY),
    case("заказ: о наличных сообщили", orders.order,
         known_order(Status.DELIVERED, payment=PaymentKind.CASH).answered_cash(paid=True),
         portal_order(Status.DELIVERED), TODAY),
    case("заказ: наличными", orders.order, known_order(payment=PaymentKind.CASH),
         portal_order(Status.DELIVERED), TODAY),
    case("заказ: наличными, сумма другая", orders.order, known_order(payment=PaymentKind.CASH),
         replace(portal_order(Status.SHIPPED), payments=(Payment("1", "3", Decimal(9000), paid=False),)), TODAY),
    case("заказ: отменён", orders.order, known_order(), portal_order(Status.CANCELED, reason="нет <на складе>"), TODAY),
    case("заказ: отменён без причины", orders.order, known_order(), portal_order(Status.CANCELED), TODAY),
    case("заказ: длинный", orders.order, known_order(),
         portal_order(paid=True, lines=LONG_ORDER, shipments=PARTS), TODAY),
    case("список: номера магазина", orders.order_list, OrderListPage([NUMBERED], OrderFilter.ALL, 0, 1), ZONE, NOW),
    case("заказ: номер магазина", orders.order, NUMBERED, replace(portal_order(), account_number=NUMBER), TODAY),
    case("заказ: вес, не штуки", orders.order, known_order(), portal_order(lines=WEIGHED), TODAY),
]  # fmt: skip


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "orders.txt", painted(CASES))
