"""The properties that settings name for links and barcodes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from infra.preflight.named_properties import check_named
from shared.bitrix.errors import MissingScope
from shared.bitrix.native.survey import GoodsProperty
from tests.infra.preflight.test_shop import PLAIN, SETTINGS

GOODS = [
    GoodsProperty("105", "Артикул", "ARTNUMBER", "N", type="S"),
    GoodsProperty("115", "Аналоги", "ANALOGUES", "Y", type="E"),
    GoodsProperty("125", "Штрихкод", "EAN", "N", type="S"),
    GoodsProperty("135", "Аксессуары", "ACCESSORIES", "Y", type="E"),
]
OFFERS = [GoodsProperty("225", "Штрихкод", "CML2_BAR_CODE", "N", type="S")]
SURVEY = replace(PLAIN, properties=GOODS, offers_properties=OFFERS)
ALL: dict[str, Any] = {
    "analogues_property": "property115",
    "accessories_property": "property135",
    "ean_property": "property125",
    "offers_ean_property": "property225",
}


def _told(settings: dict[str, Any], **changes: Any) -> list[tuple[bool | None, str, str]]:
    results = check_named(replace(SETTINGS, **settings), replace(SURVEY, **changes))
    return [(one.ok, one.reason, one.fix) for one in results]


def test_a_shop_without_any_is_told_nothing() -> None:
    assert _told({}) == []


def test_those_that_are_there_are_named() -> None:
    ((ok, reason, _),) = _told(ALL)
    assert ok is True
    assert "BITRIX_OFFERS_EAN_PROPERTY=property225" in reason


@pytest.mark.parametrize(
    ("setting", "value", "reason", "fix"),
    [
        (
            "analogues_property",
            "property9",
            "names property9, and there is no such",
            "BITRIX_ANALOGUES_PROPERTY=property115",
        ),
        (
            "accessories_property",
            "property105",
            "«Артикул» is of the kind S, not E",
            "BITRIX_ACCESSORIES_PROPERTY=property135",
        ),
        ("ean_property", "property115", "«Аналоги» is of the kind E, not S or N", "BITRIX_EAN_PROPERTY=property125"),
        ("offers_ean_property", "property125", "there is no such property", "BITRIX_OFFERS_EAN_PROPERTY=property225"),
    ],
)
def test_a_wrong_one_is_told_with_the_likely_one(setting: str, value: str, reason: str, fix: str) -> None:
    ((ok, why, what),) = _told({**ALL, setting: value})
    assert ok is False
    assert reason in why
    assert fix in what


def test_where_none_is_likely_another_is_to_be_named() -> None:
    ((_, _, what),) = _told({"offers_ean_property": "property225"}, offers_properties=None)
    assert what == "name another one, or unset it"


def test_what_the_portal_does_not_tell_is_no_failure() -> None:
    ((ok, _, _),) = _told(ALL, properties=MissingScope("no"))
    assert ok is None
