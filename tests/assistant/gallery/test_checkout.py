"""From the cart to the order."""

from dataclasses import replace
from decimal import Decimal

from shared.assistant import common_screens, texts
from shared.assistant.chat_view import ChatTarget
from shared.assistant.checkout import ending_screens as endings
from shared.assistant.checkout import question_screens as questions
from shared.assistant.checkout import screens as checkout
from shared.assistant.checkout.payloads import OrderPayload
from shared.domain.cart_lines import Obstacle, line_of
from shared.domain.charges import TotalDifference
from shared.domain.checkout_changes import (
    LimitChange,
    NoLongerSold,
    NotForSale,
    PriceChange,
    ShortReserve,
    StepChange,
    StockChange,
)
from shared.domain.deliveries import DeliverySlot, StockedPoint
from shared.domain.masters import mark_of
from shared.domain.orders import CreatedOrder, OrderRef, PaymentKind
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import ADDRESS, BIT_LINE, DRILL_LINE, PAY_URL, SAW_LINE
from tests.support.golden import agreed

POINT = "56.85870, 35.91760"
CASH_CHECKOUT = samples.checkout(payment=PaymentKind.CASH)
WANTED = OrderPayload.of(ChatTarget(samples.USER), CASH_CHECKOUT)
LIST_AT_ONCE = replace(WANTED, from_cart=False)
AT_ONCE = replace(LIST_AT_ONCE, lines=(DRILL_LINE,))
CHANGED = samples.checkout(DRILL_LINE, replace(BIT_LINE, price=Decimal(52)))
SCARCE = replace(samples.checkout(DRILL_LINE, SAW_LINE), available={"7": Decimal(1000), "9": Decimal(1)})

MADE = CreatedOrder("5121", payment_url=PAY_URL)
UNLINKED = CreatedOrder("5121")
SLOTS = (DeliverySlot("a", "Сегодня <вечером>"), DeliverySlot("b", "Завтра, 10–14"))
METRES = line_of(samples.CABLE, samples.CABLE_OFFER, Decimal("2.5"))
SHORT = {"12": Decimal("1.5")}

FROM_STOCK = line_of(
    replace(samples.SAW, on_order=False), samples.offer(samples.SAW, "12499.5", ("Тверь", "2")), Decimal(2)
)
LIMITED = replace(samples.checkout(DRILL_LINE, FROM_STOCK), available={"7": Decimal(1000), "9": Decimal(1)})
GONE = NotForSale(replace(FROM_STOCK, limit=Decimal(0)), Obstacle.SOLD_OUT)

BROUGHT = TotalDifference(Decimal(8440), Decimal(8790), delivery=Decimal(350))
DISCOUNTED = TotalDifference(
    Decimal(8440),
    Decimal("7780.5"),
    (PriceChange(replace(DRILL_LINE, price=Decimal(7690)), DRILL_LINE.price),),
    Decimal(350),
)
TAXED = TotalDifference(Decimal(8440), Decimal(10128))

CASES = [
    case("адрес: первый раз", questions.ask_address, ()),
    case("адрес: есть прежние", questions.ask_address, (ADDRESS, "Москва, Новый Арбат, 36")),
    case("адрес: у одного есть название", questions.ask_address, (ADDRESS, "Москва, Новый Арбат, 36"),
         {mark_of(ADDRESS): "Гараж"}),
    case("адрес: первый раз, можно забрать", questions.ask_address, (), may_fetch=True),
    case("оплата: заберёт сам", questions.ask_payment, ""),
    case("подтверждение: куда везти, ещё не известно", checkout.confirmation,
         replace(samples.checkout(), services=samples.SERVICES, address=""),
         notice=texts.deliveries.no_pickup()),
    case("подтверждение: где забрать, ещё не известно", checkout.confirmation,
         replace(samples.checkout(), **{**samples.FETCHED, "pickup": None})),
    case("самовывоз отключили", texts.deliveries.no_pickup),
    case("у кнопки: доставку отключили", texts.deliveries.service_gone, samples.SERVICES[1]),
    case("у кнопки: пункт закрыли", texts.deliveries.store_gone, samples.POINT),
    case("у кнопки: времени больше нет", texts.deliveries.hours_gone, SLOTS[0]),
    case("заказ не принят: по ссылке больше не платят", endings.refused,
         lambda: texts.checkout.pay_system_gone(PaymentKind.PREPAID), WANTED),
    case("заказ не принят: доставки больше нет", endings.refused, texts.checkout.delivery_gone, WANTED),
    case("заказать: куда, не известно", texts.checkout.where_first),
    case("адрес: какому дать название", questions.choose_to_name, (ADDRESS, "Москва, Новый Арбат, 36"),
         {mark_of(ADDRESS): "Гараж"}),
    case("адрес: название", questions.ask_name, ADDRESS),
    case("адрес: название не подходит", texts.addresses.address_name_odd),
    case("адрес: не похоже", texts.addresses.address_odd),
    case("адрес: удалён", texts.addresses.address_forgotten),
    case("адрес: точка на карте", questions.ask_words, POINT),
    case("адрес: слова к точке не подходят", texts.addresses.words_odd),
    case("оплата: точка на карте", questions.ask_payment, lambda: texts.addresses.pointed("", POINT)),
    case("оплата: точка и слова", questions.ask_payment,
         lambda: texts.addresses.pointed("Тверь, <двор> за складом", POINT)),
    case("оплата", questions.ask_payment, ADDRESS),
    case("подтверждение: по ссылке", checkout.confirmation, samples.checkout()),
    case("подтверждение: заказать сразу", checkout.confirmation,
         replace(samples.checkout(DRILL_LINE), from_cart=False)),
    case("подтверждение: второй заказ", checkout.confirmation, samples.checkout(), second=True),
    case("отмена: передумали", texts.cancellation.call_off_left, "5121"),
    case("подтверждение устарело, а заказ оформляется", texts.checkout.placing_other),
    case("вопрос о телефоне: передумали", texts.contact_comment.question_left, phone=True, waits=True),
    case("вопрос о комментарии: передумали", texts.contact_comment.question_left, phone=False, waits=True),
    case("вопрос о комментарии: передумали, а заказа уже нет", texts.contact_comment.question_left,
         phone=False, waits=False),
    case("подтверждение: наличными, под заказ", checkout.confirmation, replace(SCARCE, payment=PaymentKind.CASH)),
    case("подтверждение: изменилась цена", checkout.confirmation, CHANGED,
         [PriceChange(CHANGED.lines[1], Decimal(45))]),
    case("подтверждение: изменилось всё", checkout.confirmation, SCARCE, [
        PriceChange(SAW_LINE, Decimal("12000.5")),
        StockChange(SAW_LINE, Decimal(1)),
        StockChange(DRILL_LINE, Decimal(0)),
        NoLongerSold(BIT_LINE),
    ]),
    case("подтверждение: теперь десятками, по запросу, в другой валюте, столько нет", checkout.confirmation, SCARCE, [
        StepChange(line_of(samples.SCREW, samples.SCREW_OFFER, Decimal(20)), samples.line(samples.SCREW, 12, "1.5")),
        NotForSale(SAW_LINE, Obstacle.ON_REQUEST),
        NotForSale(DRILL_LINE, Obstacle.FOREIGN),
        NotForSale(BIT_LINE, Obstacle.NO_PRICE),
    ]),
    case("подтверждение: стало меньше, закончилось", checkout.confirmation, LIMITED, [
        LimitChange(FROM_STOCK, Decimal(4)),
        NotForSale(replace(BIT_LINE, limit=Decimal(0)), Obstacle.SOLD_OUT),
    ]),
    case("подтверждение: доставка на выбор", checkout.confirmation,
         replace(samples.checkout(), services=samples.SERVICES, delivery="3")),
    case("подтверждение: стоимость доставки ещё не известна", checkout.confirmation,
         replace(samples.checkout(), services=samples.SERVICES, delivery="7")),
    case("доставка: выбор", questions.choose_delivery,
         replace(samples.checkout(), services=samples.SERVICES, delivery="7")),
    case("доставка: где забрать", questions.choose_store, samples.checkout(), "5", [
        StockedPoint(samples.POINT, {"7": Decimal(1), "8": Decimal(10)}),
        StockedPoint(samples.OTHER_POINT, {"7": Decimal(1), "8": Decimal(9)}),
        StockedPoint(replace(samples.OTHER_POINT, id="3", name="Магазин на Мира"), {}),
        StockedPoint(replace(samples.OTHER_POINT, id="4", name="Где остатков не считают")),
    ]),
    case("самовывоз: в магазин вместо адреса", texts.deliveries.fetched_at, samples.OTHER_POINT),
    case("подтверждение: выбрано время", checkout.confirmation,
         replace(samples.checkout(), services=samples.SERVICES, slots=SLOTS, slot="b")),
    case("доставка: время", questions.choose_hours, replace(samples.checkout(), slots=SLOTS, slot="b")),
    case("доставка: забрать негде", questions.choose_store, samples.checkout(), "5", []),
    case("подтверждение: самовывоз", checkout.confirmation, replace(samples.checkout(), **samples.FETCHED)),
    case("заказ создан: прочитать его не удалось", endings.order_made, samples.checkout(), UNLINKED, unread=True),
    case("заказ создан: самовывоз, наличными", endings.order_made,
         replace(CASH_CHECKOUT, **samples.FETCHED), UNLINKED),
    case("подтверждение: метры", checkout.confirmation, replace(samples.checkout(METRES), available=SHORT)),
    case("подтверждение: с телефоном и комментарием", checkout.confirmation,
         replace(samples.checkout(), phone="+79123456789", comment="Позвоните <за час> & приезжайте")),
    case("телефон: вопрос под первым заказом", texts.contact_comment.offer_phone),
    case("телефон: пропущен", texts.contact_comment.phone_skipped),
    case("телефон: добавлен", texts.contact_comment.phone_added, "+79123456789"),
    case("телефон: вопрос", texts.contact_comment.ask_phone),
    case("телефон: не похоже", texts.contact_comment.phone_odd),
    case("телефон: чужая карточка", texts.contact_comment.phone_not_his),
    case("телефон: запомнили", texts.contact_comment.phone_kept, "+79123456789"),
    case("комментарий: вопрос", texts.contact_comment.ask_comment),
    case("комментарий: длинный", texts.contact_comment.comment_odd),
    case("изменить поздно", texts.contact_comment.amended_too_late),
    case("оформляем", checkout.busy_keyboard),
    case("уже оформляем", texts.checkout.placing),
    case("уже создан", texts.checkout.already_placed, "5121"),
    case("ответ портала не разобрать", endings.not_made, texts.trouble.misread_checkout,
         CASH_CHECKOUT.lines, from_cart=True),
    case("ничего не осталось", endings.nothing_left, [NoLongerSold(BIT_LINE), GONE], from_cart=True),
    case("ничего не осталось: всё раскупили", endings.nothing_left, [GONE], from_cart=True),
    case("заказ создан: по ссылке", endings.order_made, samples.checkout(), MADE),
    case("заказ создан: доставка платная", endings.order_made, samples.checkout(), MADE, BROUGHT),
    case("заказ создан: другие цены и скидка", endings.order_made, CASH_CHECKOUT, UNLINKED, DISCOUNTED),
    case("заказ создан: налог сверху, отложили не всё", endings.order_made, samples.checkout(), MADE, TAXED,
         [ShortReserve(FROM_STOCK, Decimal(1))]),
    case("заказ создан: отложили не всё", endings.order_made, samples.checkout(), MADE, None, [
        ShortReserve(FROM_STOCK, Decimal(1)), ShortReserve(BIT_LINE, Decimal(0)),
    ]),
    case("заказ создан: ссылки нет", endings.order_made, samples.checkout(), UNLINKED),
    case("счёт для клиента", endings.invoice, "5121", Decimal(8440), "RUB", PAY_URL),
    case("счёт для клиента: длинная ссылка", endings.invoice, "5121", Decimal(8440), "RUB",
         PAY_URL + "?k=" + "x" * 195),
    case("счёт для клиента: слишком длинная ссылка", endings.invoice, "5121", Decimal(8440), "RUB",
         PAY_URL + "?a=1&b=" + "x" * 250),
    case("счёт для клиента: платить не нужно", endings.about_order,
         lambda: texts.checkout.nothing_to_pay("5121"), OrderRef("5121")),
    case("счёт для клиента: сумма счёта другая", endings.about_order,
         lambda: texts.checkout.sum_in_doubt("5121", operators_know=True), OrderRef("5121")),
    case("счёт для клиента: сумма счёта другая, операторов нет", endings.about_order,
         lambda: texts.checkout.sum_in_doubt("5121", operators_know=False), OrderRef("5121")),
    case("отмена: точно?", endings.ask_call_off, samples.known_order()),
    case("отмена: отменяем", endings.calling_off_keyboard),
    case("отмена: второе нажатие", texts.cancellation.calling_off),
    case("отмена: отменён", endings.order_canceled, OrderRef("5121"), "по просьбе <мастера>"),
    case("отмена: о ней уже сказано", endings.about_order,
         lambda: texts.cancellation.called_off("5121"), OrderRef("5121")),
    case("отмена: поздно", endings.about_order,
         lambda: texts.cancellation.too_late_to_call_off("5121"), OrderRef("5121")),
    case("отмена: портал молчит", endings.about_order, texts.cancellation.call_off_silent, OrderRef("5121")),
    case("отмена: не принята", endings.about_order, texts.cancellation.call_off_refused, OrderRef("5121")),
    case("отмена: неизвестно", endings.about_order, texts.cancellation.call_off_unsure, OrderRef("5121")),
    case("отмена: так и не узнали", endings.about_order,
         lambda: texts.cancellation.call_off_lost(people=True), OrderRef("5121")),
    case("отмена: так и не узнали, передать некому", endings.about_order,
         lambda: texts.cancellation.call_off_lost(people=False), OrderRef("5121")),
    case("заказ создан: наличными", endings.order_made, CASH_CHECKOUT, UNLINKED),
    case("беда: портал молчит до заказа", endings.not_made, texts.trouble.portal_silent_checkout,
         CASH_CHECKOUT.lines, from_cart=True),
    case("беда: не принят", endings.refused, texts.checkout.order_refused, WANTED),
    case("беда: не хватило", endings.refused, texts.checkout.out_of_stock, WANTED),
    case("беда без корзины: не принят", endings.refused,
         lambda: texts.checkout.order_refused(from_cart=False), AT_ONCE),
    case("беда без корзины: не хватило", endings.refused,
         lambda: texts.checkout.out_of_stock(from_cart=False), AT_ONCE),
    case("беда без корзины: список не принят", endings.refused,
         lambda: texts.checkout.order_refused(from_cart=False), LIST_AT_ONCE),
    case("беда без корзины: раскупили", endings.nothing_left, [GONE], from_cart=False),
    case("беда без корзины: товара больше нет", endings.nothing_left, [NoLongerSold(BIT_LINE)], from_cart=False),
    case("заказать сразу: второе нажатие", texts.checkout.opened_already),
    case("беда: медленно", endings.unsure, texts.checkout.order_slow),
    case("беда: неизвестно, создан ли", endings.unsure, texts.checkout.order_unsure),
    case("беда: так и не узнали", endings.unsure, lambda: texts.checkout.order_lost(people=True)),
    case("беда: так и не узнали, передать некому", endings.unsure, lambda: texts.checkout.order_lost(people=False)),
    case("беда: ошибка у нас", common_screens.apology),
]  # fmt: skip


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "checkout.txt", painted(CASES))
