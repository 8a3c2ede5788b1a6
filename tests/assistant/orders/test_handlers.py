"""/myorders, /track and their buttons; and the one job they want."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from shared.assistant import texts
from shared.assistant.keyboard import COPIED
from shared.assistant.navigation import ShowOrder, ShowOrders
from shared.bitrix.errors import NotFound
from shared.domain import order_records
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.domain.orders import OrderLine, Payment, PaymentKind, Shipment
from shared.pipeline.jobs import Lane
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork
from tests.assistant.samples import NATIVE, OTHER, PAY_URL, USER, known_order, portal_order
from tests.assistant.stage import OPERATORS, SCREEN, Stage


async def _put(order: OrderRecord, unit: UnitOfWork) -> None:
    await order_records.remember(unit, order)


@pytest.fixture
async def seven(stage: Stage) -> Stage:
    """A master with seven orders, № 7 the newest, and somebody else's № 100."""
    for number in [*range(1, 8), 100]:
        user = OTHER if number == 100 else USER
        known = known_order(id_=str(number), user_id=user)
        await stage.put(partial(_put, known))
    return stage


async def test_the_list_asks_nobody(seven: Stage) -> None:
    seen = await seven.write("/myorders")
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text.startswith("📦 <b>Ваши заказы</b> — 7\n\n№\u00a07 · ")
    assert seen.screen.labels[:5] == [f"📦 Заказ №\u00a0{number}" for number in (7, 6, 5, 4, 3)]
    assert seen.screen.labels[5:8] == ["‹", "1 из 2", "›"]
    assert seen.jobs == []


async def test_pages_turn_in_place(seven: Stage) -> None:
    first = await seven.write("/myorders")
    seen = await seven.tap(first.screen.data("›"))
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert seen.screen.labels[:2] == ["📦 Заказ №\u00a02", "📦 Заказ №\u00a01"]
    assert seen.toasts == [None]


@pytest.mark.parametrize(("page", "first"), [(99, 2), (-1, 7)])
async def test_a_page_that_is_not_there_is_the_nearest(seven: Stage, page: int, first: int) -> None:
    seen = await seven.tap(ShowOrders(page=page))
    assert seen.screen.labels[0] == f"📦 Заказ №\u00a0{first}"


async def test_no_orders_yet(stage: Stage) -> None:
    for seen in (await stage.write("/myorders"), await stage.write("/track 5"), await stage.tap(ShowOrders(page=0))):
        assert seen.screen.text == texts.orders.no_orders()
        assert seen.jobs == []


@pytest.mark.parametrize(
    ("command", "number"),
    [("/track", "7"), ("/track 3", "3"), ("/track № 3", "3"), ("/track №3.", "3"), ("/track !", "7")],
)
async def test_track_asks_for_the_order_or_the_newest(seven: Stage, command: str, number: str) -> None:
    seen = await seven.write(command)
    assert (seen.job.kind, seen.job.lane, seen.typing) == ("show_order", Lane.READ, True)
    assert seen.job.payload == {"chat_id": USER, "message_id": None, "order": number}


@pytest.mark.parametrize("wanted", ["100", "99", "__x__", "я" * 3000, "а б"])
async def test_an_order_that_is_not_his(seven: Stage, wanted: str) -> None:
    seen = await seven.write(f"/track {wanted}")
    assert seen.screen.text == texts.orders.order_unknown(wanted)
    assert seen.jobs == []


@pytest.mark.parametrize("number", ["100", "99"])
async def test_a_button_of_somebody_elses_order(seven: Stage, number: str) -> None:
    seen = await seven.tap(ShowOrder(order=number, fresh=False))
    assert seen.screen.text == texts.orders.order_unknown(number)
    assert seen.jobs == []


@pytest.mark.parametrize(("fresh", "message_id"), [(True, None), (False, SCREEN)])
async def test_an_order_opens_where_the_button_says(seven: Stage, fresh: bool, message_id: int | None) -> None:
    seen = await seven.tap(ShowOrder(order="5", fresh=fresh))
    assert (seen.toasts, seen.typing) == ([None], True)
    assert seen.job.payload == {"chat_id": USER, "message_id": message_id, "order": "5"}


async def test_the_order_as_the_portal_has_it_now(seven: Stage) -> None:
    job = (await seven.tap(ShowOrder(order="5", fresh=False))).job
    (command,) = seven.kinds["show_order"].plan(job).commands.values()
    assert (command.method, command.params) == ("sale.order.get", {"id": 5})
    seen = await seven.answer(job, portal_order(Status.NEW, id_="5"))
    assert seen.screen.method == "editMessageText"
    assert seen.screen.buttons[0] == {"text": "💳 Оплатить", "url": PAY_URL}


async def test_looking_is_not_telling(seven: Stage) -> None:
    """The news is still to come as a message of its own."""
    job = (await seven.tap(ShowOrder(order="5", fresh=True))).job
    await seven.answer(job, portal_order(Status.SHIPPED, id_="5"))
    known = await order_records.load(seven.unit(), "5")
    assert known is not None
    assert known.shown == (Status.NEW,)


@pytest.mark.parametrize(
    ("payment", "status", "paid"),
    [
        (PaymentKind.PREPAID, Status.PAYED, True),
        (PaymentKind.PREPAID, Status.NEW, True),
        (PaymentKind.PREPAID, Status.CANCELED, False),
        (PaymentKind.CASH, Status.NEW, False),
    ],
)
async def test_the_link_is_there_only_while_it_is_of_use(
    stage: Stage, payment: PaymentKind, status: Status, paid: bool
) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=payment)))
    job = (await stage.write("/track 5121")).job
    seen = await stage.answer(job, portal_order(status, paid=paid))
    assert not {"💳 Оплатить", "🔗 Ссылка для клиента"} & set(seen.screen.labels)
    assert "🔄 Обновить" in seen.screen.labels


@pytest.mark.parametrize(("paid", "said"), [(True, True), (False, False)])
async def test_a_canceled_order_does_not_wait_for_money(stage: Stage, paid: bool, said: bool) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    job = (await stage.write("/track 5121")).job
    seen = await stage.answer(job, portal_order(Status.CANCELED, paid=paid))
    assert "Ждёт оплаты" not in seen.screen.text
    assert ("Оплачен" in seen.screen.text) is said


async def test_an_order_that_was_forgotten_meanwhile_is_shown_to_nobody(seven: Stage) -> None:
    job = (await seven.tap(ShowOrder(order="5", fresh=True))).job
    seven.clock.advance(days=401)
    assert (await seven.answer(job, portal_order(id_="5"))).calls == []


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("100", "Заказ №\u00a0100 не найден среди ваших."),
        ("99", "Заказ №\u00a099 не найден среди ваших."),
        ("9" * 3000, f"Заказ №\u00a0{'9' * 19}… не найден среди ваших."),
        ("дрель <18>", "Среди ваших заказов нет такого, где есть «дрель &lt;18&gt;»."),
        ("я" * 3000, f"Среди ваших заказов нет такого, где есть «{'я' * 39}…»."),
    ],
)
async def test_what_is_not_his_is_not_found_and_leads_on(seven: Stage, wanted: str, told: str) -> None:
    """Of somebody else's order the same is said as of one that never was."""
    seen = await seven.write(f"/track {wanted}")
    assert seen.screen.text.startswith(told)
    assert seen.screen.labels == ["📦 Мои заказы", "💬 Спросить менеджера"]


async def test_an_order_that_the_portal_has_no_more(seven: Stage) -> None:
    job = (await seven.tap(ShowOrder(order="5", fresh=False))).job
    seen = await seven.refuse(job, Refusal("not_found", "there is no such order [200540400001]"))
    assert seen.screen.method == "editMessageText"
    assert seen.screen.text == texts.orders.order_gone("5")
    assert seen.screen.labels == ["📦 Мои заказы", "💬 Спросить менеджера"]


async def test_stores_are_asked_for_too() -> None:
    stage = Stage(NATIVE)
    await stage.join()
    await stage.put(partial(_put, known_order()))
    job = (await stage.write("/track 5121")).job
    commands = stage.kinds["show_order"].plan(job).commands.values()
    assert [command.method for command in commands] == ["sale.order.get", "catalog.store.list"]


async def test_a_tracking_number_is_copied_by_a_button(seven: Stage) -> None:
    job = (await seven.tap(ShowOrder(order="5", fresh=False))).job
    twice, long = Shipment("2", "RU1"), Shipment("3", "R" * (COPIED + 1))
    parts = (Shipment("1", "RU1"), twice, long, Shipment("4"), Shipment("5", "RU5"))
    seen = await seven.answer(job, portal_order(Status.SHIPPED, id_="5", shipments=parts))
    rows = seen.screen.params["reply_markup"]["inline_keyboard"]
    copied = [button["copy_text"] for (button,) in rows if "copy_text" in button]
    assert copied == [{"text": "RU1"}, {"text": "RU5"}]
    assert "📋 Скопировать RU5" in seen.screen.labels


async def test_a_look_that_failed_says_so(seven: Stage) -> None:
    job = (await seven.tap(ShowOrder(order="5", fresh=False))).job
    seen = await seven.refuse(job)
    assert seen.screen.text == texts.trouble.portal_silent()
    assert seen.screen.buttons


async def test_nobody_sees_anothers_list(seven: Stage) -> None:
    await seven.join(Master(OTHER, "502", "Пётр", seven.clock()))
    seen = await seven.write("/myorders", user=OTHER)
    assert [label for label in seen.screen.labels if "№" in label] == ["📦 Заказ №\u00a0100"]


async def test_track_takes_the_number_that_people_know(stage: Stage) -> None:
    for id_, number in {"5121": "5122", "5122": "5123"}.items():
        await stage.put(partial(_put, replace(known_order(id_=id_), account_number=number)))
    assert [(await stage.write(f"/track {number}")).job.payload["order"] for number in ("5122", "5123", "5121")] == [
        "5121",
        "5122",
        "5121",
    ]
    seen = await stage.write("/myorders")
    assert seen.screen.labels[:2] == ["📦 Заказ №\u00a05123", "📦 Заказ №\u00a05122"]


async def test_the_number_is_kept_when_an_order_is_shown(seven: Stage) -> None:
    asked = (await seven.write("/track 3")).job
    seen = await seven.answer(asked, replace(portal_order(), id="3", account_number="ИМ-3"))
    assert seen.screen.text.startswith("<b>Заказ №\u00a0ИМ-3</b>")
    known = await order_records.load(seven.unit(), "3")
    assert known is not None
    assert known.number == "ИМ-3"
    gone = await seven.refuse((await seven.write("/track ИМ-3")).job, Refusal(NotFound.usual_code))
    assert gone.screen.text == texts.orders.order_gone("ИМ-3")


async def test_the_link_is_of_the_payment_that_is_due() -> None:
    """Nobody knows the other payment's link: it is asked for in the same request as the order, once more."""
    native = Stage(NATIVE)
    await native.join()
    await native.put(lambda unit: order_records.remember(unit, replace(known_order(), payment_id="1")))
    parts = (Payment("1", "2", Decimal(3000), paid=True), Payment("2", "2", Decimal(5440), paid=False))
    job = (await native.write("/track 5121")).job
    again = await native.answer(job, replace(portal_order(), payments=parts))
    assert (again.screens, again.job.payload["link_of"]) == ([], "2")
    linked = (parts[0], replace(parts[1], url="https://pay.test/p/2"))
    seen = await native.answer(again.job, replace(portal_order(), payments=linked))
    assert next(button["url"] for button in seen.screen.buttons if "url" in button) == "https://pay.test/p/2"
    assert "К оплате по ссылке: 5\u00a0440\u00a0₽" in seen.screen.text


async def test_an_order_without_the_right_bill_has_no_link(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    other = replace(portal_order(), payments=(Payment("1", "2", Decimal(9000), paid=False),))
    told, shown = (await stage.answer((await stage.write("/track 5121")).job, other)).screens
    assert told.params["chat_id"] == OPERATORS
    assert "💳 Оплатить" not in shown.labels


def holding(id_: str, *names: str) -> OrderRecord:
    lines = tuple(OrderLine(str(number), name, Decimal(1), Decimal(10)) for number, name in enumerate(names))
    return replace(known_order(id_=id_), lines=lines)


@pytest.fixture
async def with_goods(stage: Stage) -> Stage:
    """A master with orders of tools; of the oldest one nobody knows what is in it."""
    tools = (
        known_order(id_="1"),
        holding("2", "Шуруповёрт Makita DF333DWYE"),
        holding("3", "Дрель Bosch GSB 13 RE", "Щётки"),
    )
    for order in (*tools, holding("4", "Шуруповёрт Bosch GSR 120-LI")):
        await stage.put(partial(_put, order))
    return stage


@pytest.mark.parametrize("words", ["дрель", "Дрели BOSCH", "щетки"])
async def test_an_order_is_found_by_words_of_a_product_in_it(with_goods: Stage, words: str) -> None:
    assert (await with_goods.write(f"/track {words}")).job.payload["order"] == "3"


async def test_several_orders_with_such_a_product_are_listed(with_goods: Stage) -> None:
    seen = await with_goods.write("/track шуруповерты")
    assert seen.screen.text.startswith(texts.orders.with_words("шуруповерты"))
    assert seen.screen.labels == ["📦 Заказ №\u00a04", "📦 Заказ №\u00a02", "📦 Мои заказы"]


@pytest.mark.parametrize("words", ["дрель Makita", "13", "бо", "болгарка"])
async def test_no_product_is_called_so(with_goods: Stage, words: str) -> None:
    assert (await with_goods.write(f"/track {words}")).screen.text == texts.orders.order_unknown(words)
