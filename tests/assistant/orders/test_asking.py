"""What counts as asking for an order."""

from __future__ import annotations

import pytest

from shared.assistant.orders.asking import AskedOrder, number_of, read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5121", "5121"),
        ("№ 5121", "5121"),
        ("№ИМ-5121", "ИМ-5121"),
        ("#5121?", "5121"),
        ("где заказ 5121", "5121"),
        ("Где мой заказ № 5121?", "5121"),
        ("что там с заказом ИМ-5121/2", "ИМ-5121/2"),
        ("статус заказа 5121", "5121"),
        ("заказ5121", "5121"),
        ("номер заказа 5121.", "5121"),
        ("отменить заказ 5121", "5121"),
        ("Здравствуйте, хочу отменить заказ № 5121", "5121"),
        ("отмените заказ", ""),
        ("возврат по заказу 5121", "5121"),
        ("как оплатить заказ?", ""),
        ("когда придёт мой заказ 5121", "5121"),
        ("статус?", ""),
        ("как оплатить", ""),
        ("а когда привезут", ""),
        ("Где курьер?", ""),
        ("где мой заказ?", ""),
        ("где заказ", ""),
    ],
)
def test_an_order_is_asked_for(text: str, number: str) -> None:
    assert read(text) == AskedOrder(number, surely=text != "5121")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "заказать дрель",
        "дрель под заказ",
        "HR2470",
        "бита 50",
        "51 21",
        "где дрель",
        "заказ дрели",
        "номер 5121",
        "вернуть дрель",
        "отмена",
        "статус реле",
        "трек для лампы",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [("№ 5121.", "5121"), ("№", ""), ("!", ""), (" ИМ 5121 ", "ИМ 5121"), ("#ИМ-5121/2;", "ИМ-5121/2")],
)
def test_signs_around_a_number_do_not_count(typed: str, number: str) -> None:
    assert number_of(typed) == number
