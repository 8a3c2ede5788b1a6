"""News of orders, and what the operators are told."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.notifications import screens as notifications
from shared.domain.checkout_changes import ShortReserve
from shared.domain.orders import NewOrder, OrderLine, OrderRef, Payment, PaymentKind, Shipment
from shared.domain.parcels import ParcelNews, ParcelStage
from shared.status import Status
from tests.assistant import samples
from tests.assistant.gallery.case import Case, as_it_is_now, case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import ADDRESS, CART, TODAY, known_order, portal_order
from tests.support.golden import agreed

WHOSE = texts.operators.about_master(samples.USER, replace(samples.MASTER, phone="+79123456789"))


def _by_hand() -> str:
    key = "3f0c9a52-6f0e-4c38-9a55-3c2c1f6f7a10"
    order = NewOrder(key, "501", [], PaymentKind.PREPAID, ADDRESS)
    lines = [texts.common.line(line.name, line.quantity, line.unit, line.price, line.currency) for line in CART.lines]
    details = texts.operators.order_by_hand(order, lines, found_by_key=True)
    return texts.operators.job_failed("make_order", "timeout", "make_order:c0ffee", details, WHOSE)


def _unknown() -> str:
    whose = texts.operators.about_master(samples.USER, None)
    return texts.operators.job_failed("find", "ERROR_CORE <1>", "f1", whose=whose)


def _to_cancel() -> str:
    return texts.operators.job_failed(
        "cancel_order", "timeout", "cancel_order:5122", texts.operators.order_to_cancel("5122")
    )


def _news(status: Status, title: str, **more: Any) -> Case:
    return case(title, notifications.status_news, portal_order(status, **more), status, TODAY)


def _told(title: str, text: Callable[[str], str], **more: Any) -> Case:
    return case(title, notifications.cash_answered, OrderRef("5121"), lambda: as_it_is_now(text)("5121"), **more)


def _to_call_off() -> str:
    details = texts.operators.call_off_by_hand("5122")
    return texts.operators.job_failed("call_off", "timeout", "call_off:5122", details, WHOSE)


CASH_ORDER = known_order(Status.NEW, Status.DELIVERED, payment=PaymentKind.CASH)
PART_PAID = replace(
    portal_order(Status.DELIVERED),
    payments=(
        Payment("1", "3", Decimal(440), paid=False, kind=PaymentKind.CASH),
        Payment("2", "2", Decimal(8000), paid=True, kind=PaymentKind.PREPAID),
    ),
)

PAID_BY_HALF = replace(
    portal_order(),
    payments=(
        Payment("1", "2", Decimal(8000), paid=True, kind=PaymentKind.PREPAID),
        Payment("2", "2", Decimal(440), paid=False, kind=PaymentKind.PREPAID),
    ),
)

KNOWN = replace(known_order(), lines=tuple(portal_order().lines))
_DRILL, _BIT = portal_order().lines
EDITED = replace(
    portal_order(
        lines=(
            replace(_DRILL, price=Decimal(7490)),
            replace(_BIT, quantity=Decimal(5), price=Decimal(52)),
            OrderLine("9", "Пила <б/у>", Decimal(2), Decimal(100)),
        )
    ),
    total=Decimal(7950),
)
DIFFERENT = replace(portal_order(), payments=(Payment("1", "2", Decimal(9000), paid=False),))

CASES = [
    case(
        "отправления",
        notifications.parcels,
        portal_order(Status.SHIPPED),
        [
            ParcelNews(samples.SHIPPED, 1, 2, ParcelStage.THERE),
            ParcelNews(Shipment("2", "RU2"), 2, 2, ParcelStage.SENT),
        ],
        TODAY,
    ),
    case(
        "доставка уточнилась",
        notifications.way_changed,
        replace(portal_order(Status.SHIPPED), shipments=[samples.SHIPPED]),
        TODAY,
    ),
    case("деньги возвращены", notifications.money_back, replace(portal_order(), returned=Decimal(8440))),
    case("оплачена часть", notifications.paid_in_part, known_order(), PAID_BY_HALF),
    case("оплачена часть: остальное курьеру", notifications.paid_in_part, CASH_ORDER, PART_PAID),
    case("оплата снята", notifications.money_back, portal_order()),
    case("кнопки заказа, когда платить нечего", notifications.without_payment, known_order()),
    case("менеджер изменил заказ", notifications.edited, KNOWN, EDITED),
    case(
        "менеджер изменил заказ: счёт ещё старый",
        notifications.edited,
        KNOWN,
        replace(EDITED, payments=(Payment("1", "2", Decimal(8440), paid=False),)),
    ),
    case(
        "менеджер изменил заказ: изменено многое",
        notifications.edited,
        KNOWN,
        portal_order(lines=tuple(OrderLine(str(n), f"Саморез {n}", Decimal(5), Decimal(2)) for n in range(20, 42))),
    ),
    case("заказ удалён", notifications.deleted, known_order()),
    case("снова в работе", notifications.back_in_work, known_order(), portal_order()),
    case("снова в работе: оплачен", notifications.back_in_work, known_order(), portal_order(paid=True)),
    case(
        "операторам: в резерве не всё",
        texts.operators.short_reserves,
        "5121",
        [
            ShortReserve(samples.BIT_LINE, Decimal(4)),
        ],
        WHOSE,
        "ООО «Ремонт», ИНН 7701234567",
    ),
    case("операторам: платежи на другую сумму", texts.operators.payments_differ, "5121", DIFFERENT, WHOSE),
    case(
        "операторам: платежи на другую сумму, наличными",
        lambda: texts.operators.payments_differ("5121", DIFFERENT, WHOSE, cash=True),
    ),
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
    case("операторам", texts.operators.job_failed, "place_order", "ACCESS_DENIED", "order:c0ffee"),
    case("операторам: слова портала, мастера забыли", _unknown),
    case("операторам: заказ, который надо довести", _by_hand),
    case("операторам: лишний заказ", _to_cancel),
    case("операторам: мастер отменяет заказ", _to_call_off),
    case(
        "готов к выдаче", notifications.status_news, portal_order(Status.SHIPPED), Status.SHIPPED, TODAY, samples.POINT
    ),
    case(
        "наличные: вопрос, заказ забирают",
        notifications.cash_question,
        replace(CASH_ORDER, pickup=samples.POINT),
        portal_order(Status.DELIVERED),
    ),
    case("наличные: вопрос", notifications.cash_question, CASH_ORDER, portal_order(Status.DELIVERED)),
    case("наличные: вопрос об остатке", notifications.cash_question, CASH_ORDER, PART_PAID),
    case("наличные: вопрос, суммы не совпадают", notifications.cash_question, CASH_ORDER, DIFFERENT),
    case("наличные: ответ уходит", notifications.cash_passing_on, CASH_ORDER),
    case("наличные: второй тап", texts.cash.answered_before),
    _told("наличные: оплачено, менеджер знает", texts.cash.paid_told),
    _told("наличные: вопрос, менеджер знает", texts.cash.question_told, may_pay=True),
    _told("наличные: передать некому", texts.cash.tell_yourself),
    _told("наличные: отмечено", texts.cash.marked),
    _told("наличные: отметка задерживается", texts.cash.marking_slow),
    _told("наличные: отметить не вышло", texts.cash.marking_failed),
    case("операторам: оплачено курьеру", texts.cash.operators_paid, "5121", Decimal(8440), "RUB"),
    case("операторам: оплачено, сумма неясна", texts.cash.operators_paid, "5121", None, "RUB"),
    case("операторам: вопрос об оплате", texts.cash.operators_question, "5121", Decimal(8440), "RUB"),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "notifications.txt", painted(CASES))
