"""Variations that have their parent's name, in an order's lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.encoding import command_line
from shared.bitrix.errors import AccessDenied
from shared.bitrix.native import NativePortal
from shared.bitrix.portal import Answer
from tests.bitrix.native.speaking import ODD, native, told

NAME = "Круг отрезной"
VARIED = {
    "offers_iblock_id": "25",
    "offers_article_property": "property205",
    "variation_properties": ("property210",),
}
NATIVE = native(**VARIED)


def line(number: int, product: int, name: str = NAME) -> dict[str, Any]:
    price, quantity = Decimal(100), Decimal(1)
    return {"id": number, "productId": product, "name": name, "price": price, "quantity": quantity}


def variation(product: int, size: str = "", article: str = "") -> dict[str, Any]:
    return {
        "id": product,
        "iblockId": 25,
        "property205": {"value": article, "valueId": "1"} if article else None,
        "property210": {"value": "7", "valueEnum": size, "valueId": "2"} if size else None,
    }


def names(rows: list[Any] | Answer, *lines: dict[str, Any], portal: NativePortal = NATIVE) -> list[str]:
    order = {"id": 5121, "price": Decimal(200), "currency": "RUB", "statusId": "N", "basketItems": list(lines)}
    variations = rows if isinstance(rows, Answer) else Answer({"products": rows}, len(rows))
    found = told(portal.order("5121"), {"order": {"order": order}, "variations": variations})
    return [one.name for one in found.lines]


def test_the_order_names_its_variations_in_its_own_request() -> None:
    operation = NATIVE.order("5121")
    assert (operation.weight, operation.optional) == (2, frozenset({"variations"}))
    asked = command_line(operation.commands["variations"], "o0_")
    assert "filter[id][1]=0$result[o0_order][order][basketItems][1][productId]" in asked
    assert "active" not in asked


@pytest.mark.parametrize(
    "settings", [{}, {"offers_iblock_id": "25"}, {"offers_article_property": "property205"}], ids=str
)
def test_a_shop_that_tells_nothing_apart_is_asked_nothing_more(settings: dict[str, Any]) -> None:
    assert list(native(**settings).order("5121").commands) == ["order"]


def test_what_a_variation_is_by_is_told_unless_its_name_says_so() -> None:
    rows = [variation(21, "125 мм"), variation(22, "150 мм")]
    lines = line(1, 21), line(2, 22, f"{NAME}, 150 мм"), line(3, 7, "Дрель")
    assert names(rows, *lines) == [f"{NAME}, 125 мм", f"{NAME}, 150 мм", "Дрель"]


def test_variations_that_are_called_alike_have_their_articles() -> None:
    rows = [variation(21, article="KO-5125"), variation(22, article="KO-5150"), variation(23, "230 мм", "KO-5230")]
    lines = line(1, 21), line(2, 22), line(3, 23), line(4, 7, NAME)
    assert names(rows, *lines) == [f"{NAME}, KO-5125", f"{NAME}, KO-5150", f"{NAME}, 230 мм", NAME]


def test_one_variation_in_two_lines_is_called_alike() -> None:
    assert names([variation(21, article="KO-5125")], line(1, 21), line(2, 21)) == [NAME, NAME]


@pytest.mark.parametrize("answer", [Answer(None, error=AccessDenied("no")), Answer(None), Answer({"products": []}, 0)])
def test_what_is_not_told_costs_no_line(answer: Answer) -> None:
    assert names(answer, line(1, 21)) == [NAME]


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(variation(1), ODD)) | ODD, max_size=3))
def test_no_odd_variation_costs_a_line(rows: list[Any]) -> None:
    assert names([*rows, variation(21, "125 мм")], line(1, 21)) == [f"{NAME}, 125 мм"]
