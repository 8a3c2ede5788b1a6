"""The ten statuses against the spec's own table, and what of an order is news."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.orders import PaymentKind
from shared.domain.statuses import STATUSES, news, short_status, status_text
from shared.status import Status
from tests.assistant.samples import portal_order

SPEC = """
| Bitrix статус | Назначение | Telegram текст | Категория | Комментарии |
| --- | --- | --- | --- | --- |
| `NEW` | Заказ создан | «Заказ принят, ждём оплату» | Prepaid/COD | Ответ сразу после `order.add` |
| `PAYED` | Оплата подтверждена | «Оплата получена» | Prepaid | Приходит по `payment.status.changed` |
| `WAITING_FOR_DELIVERY` | Готов к отгрузке | «Собираем заказ, готовим к отправке» | Prepaid/COD | Дополнительно отображаем ETA |
| `SHIPPED` | Передан курьеру | «Курьер уже в пути» | Prepaid/COD | Уточняем дату/номер отслеживания |
| `DELIVERED` | Доставлен | «Заказ доставлен» | Prepaid/COD | Для COD инициирует запрос подтверждения оплаты |
| `FINISHED` | Завершён | «Заказ закрыт» | Prepaid/COD | После подтверждения оплаты/возврата |
| `CANCELED` | Отменён | «Заказ отменён. Причина: …» | Любой | Включает подпись причины |
| `RETURN_IN_PROGRESS` | Возврат проверяется | «Возврат на рассмотрении» | RMA | Вебхук `rma.status.changed` |
| `RETURN_COMPLETED` | Возврат завершён | «Возврат принят, средства будут возвращены» | RMA | Отражается в `/return` |
| `RETURN_REJECTED` | Возврат отклонён | «Возврат отклонён: …» | RMA | Требует указания причины |
"""  # noqa: E501 - the spec's own lines
"""Copied letter by letter from the spec's §3."""

LIFE = [
    Status.NEW,
    Status.PAYED,
    Status.WAITING_FOR_DELIVERY,
    Status.SHIPPED,
    Status.DELIVERED,
    Status.FINISHED,
    Status.CANCELED,
]
RETURNS = [Status.RETURN_IN_PROGRESS, Status.RETURN_COMPLETED, Status.RETURN_REJECTED]


@dataclass(frozen=True)
class SpecRow:
    code: str
    text: str
    category: str


def _rows() -> list[SpecRow]:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| «([^»]+)» \| ([^|]+) \| [^|]+ \|$", SPEC, re.MULTILINE)
    return [SpecRow(*row) for row in rows]


def test_the_spec_has_ten() -> None:
    assert [row.code for row in _rows()] == [str(status) for status in STATUSES] == [str(status) for status in Status]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.code)
def test_a_status_reads_as_in_the_spec(row: SpecRow) -> None:
    entry = STATUSES[Status(row.code)]
    assert entry.text == row.text.removesuffix("…")
    assert entry.reason is row.text.endswith("…")
    assert entry.category == row.category


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.code)
def test_the_place_of_the_reason_is_filled(row: SpecRow) -> None:
    assert status_text(Status(row.code), " нет на складе ") == row.text.replace("…", "нет на складе")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.CANCELED, "Заказ отменён. Причина: не указана"),
        (Status.RETURN_REJECTED, "Возврат отклонён: причина не указана"),
    ],
)
@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_missing_reason_is_said_and_logged(
    status: Status, told: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert status_text(status, reason) == told
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert vars(record)["fields"] == {"event": "no_reason", "status": str(status)}


def test_a_status_without_a_reason_misses_none(caplog: pytest.LogCaptureFixture) -> None:
    assert status_text(Status.SHIPPED) == "Курьер уже в пути"
    assert caplog.records == []


def test_short_names_have_no_place_for_a_reason() -> None:
    assert short_status(Status.CANCELED) == "Заказ отменён"
    assert short_status(Status.RETURN_REJECTED) == "Возврат отклонён"
    assert short_status(Status.RETURN_COMPLETED) == "Возврат принят, средства будут возвращены"


PREPAID, CASH = PaymentKind.PREPAID, PaymentKind.CASH
N, P, W, S, D, F, C = LIFE


@pytest.mark.parametrize(
    ("now", "paid", "payment", "shown", "told"),
    [
        (N, False, PREPAID, [], [N]),
        (N, False, PREPAID, [N], []),
        (P, True, PREPAID, [N], [P]),
        (P, True, PREPAID, [N, P], []),
        # Paid, but the portal's status lags behind.
        (N, True, PREPAID, [N], [P]),
        (N, True, PREPAID, [N, P], []),
        # Paid and moved on between two looks.
        (W, True, PREPAID, [N], [P, W]),
        (S, True, PREPAID, [N], [P, S]),
        (D, True, PREPAID, [N], [P, D]),
        (F, True, PREPAID, [N], [P, F]),
        (S, True, PREPAID, [N, P], [S]),
        # Skipped steps stay skipped.
        (D, False, PREPAID, [N], [D]),
        (W, False, PREPAID, [N, P, S], []),
        # Never backwards.
        (N, False, PREPAID, [N, S], []),
        (P, True, PREPAID, [N, W], []),
        (W, True, PREPAID, [N, W], []),
        # Cash is not «получена» by link.
        (P, True, CASH, [N], []),
        (N, True, CASH, [N], []),
        (W, True, CASH, [N], [W]),
        (S, True, CASH, [N, W], [S]),
        (F, True, CASH, [N, D], [F]),
        # The end is the end.
        (C, False, PREPAID, [N], [C]),
        (C, True, PREPAID, [N], [C]),
        (C, False, CASH, [N, D], [C]),
        (D, True, PREPAID, [N, F], []),
        (C, False, PREPAID, [N, F], []),
        (F, True, PREPAID, [N, C], []),
        (N, False, PREPAID, [N, C], []),
        # A return is not a state of the order.
        *((status, True, PREPAID, [N], []) for status in RETURNS),
    ],
)
def test_what_is_news(now: Status, paid: bool, payment: PaymentKind, shown: list[Status], told: list[Status]) -> None:
    assert news(portal_order(now, paid=paid), payment, shown) == told


LOOKS = st.lists(st.tuples(st.sampled_from(list(Status)), st.booleans()), max_size=20)


@given(looks=LOOKS, payment=st.sampled_from(PaymentKind))
def test_whatever_the_portal_says_each_is_told_once_and_never_backwards(
    looks: list[tuple[Status, bool]], payment: PaymentKind
) -> None:
    shown: list[Status] = [Status.NEW]
    for status, paid in looks:
        ended = bool({Status.FINISHED, Status.CANCELED} & set(shown))
        fresh = news(portal_order(status, paid=paid), payment, shown)
        assert not (ended and fresh)
        shown += fresh
        if status in LIFE and not ended and (status is not Status.PAYED or payment is PREPAID):
            assert LIFE.index(max(shown, key=LIFE.index)) >= LIFE.index(status), "the newest state was not told"
    places = [LIFE.index(status) for status in shown]
    assert places == sorted(set(places))
    assert payment is PREPAID or Status.PAYED not in shown


@given(looks=LOOKS, payment=st.sampled_from(PaymentKind))
def test_the_same_look_twice_tells_nothing_new(looks: list[tuple[Status, bool]], payment: PaymentKind) -> None:
    shown: list[Status] = [Status.NEW]
    for status, paid in looks:
        order = portal_order(status, paid=paid)
        shown += news(order, payment, shown)
        assert news(order, payment, shown) == []
