"""What is said of a shop and its orders, trait by trait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from infra.preflight import goods, shop, trade
from infra.preflight.survey import Survey, take_survey
from shared.bitrix.errors import BadAnswer, BitrixError, MissingScope
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.survey import GoodsProperty, NewestOrder, PropertyPage, in_steps
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.orders import ListedOrder, OrderPage
from shared.status import Status
from tests.bitrix.native.speaking import native
from tests.infra.preflight.town import town

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
NEWEST = NewestOrder("7", NOW, 0)
SETTINGS = native().settings
PLAIN = Survey(
    offers_block="",
    measures=[Entry("5", "шт", "796", "Y"), Entry("1", "м", "6", "N")],
    stores=3,
    currencies=[Entry("RUB", kind="Y"), Entry("USD", kind="N")],
    in_stores=9,
    in_steps=0,
    by_quantity=0,
    properties=[GoodsProperty("105", "Артикул", "ARTNUMBER", "N")],
    newest=NEWEST,
    discounted_lines=0,
    in_stock=3,
    vat_on_top=0,
    in_units=0,
    in_other_currency=0,
    changed=OrderPage([ListedOrder("7", "", NOW)]),
    deal=False,
)
REFUSED = MissingScope("no")
FIX = 'BITRIX_DEAL_STAGE_MAP={"WON": "FINISHED"}'
OFFERS = {"offers_iblock_id": "25"}
SIZED = {"offers_block": "25", "variations": 4, "offers_properties": [GoodsProperty("205", "Артикул")]}


def lines(told: Survey, settings: Any = SETTINGS) -> dict[str, tuple[bool | None, str]]:
    results = [*shop.check_shop(settings, told), *trade.check_orders(settings, told)]
    return {it.name: (it.ok, f"{it.reason} {it.fix}") for it in results}


def shop_properties(told: Survey) -> Sequence[GoodsProperty]:
    assert not isinstance(told.properties, BitrixError)
    return told.properties


def test_a_plain_shop_has_nothing_to_mend():
    assert {ok for ok, _ in lines(PLAIN).values()} == {True}


@pytest.mark.parametrize(
    ("changes", "name", "ok", "words"),
    [
        ({"in_units": 1, "in_steps": 20}, shop.UNITS, False, "BITRIX_UNITS=true"),
        ({"offers_block": "25", "variations": 4}, shop.VARIATIONS, False, "BITRIX_OFFERS_IBLOCK_ID=25"),
        ({"offers_block": "25", "variations": 0}, shop.VARIATIONS, True, "none"),
        ({"offers_block": "25", "variations": REFUSED}, shop.VARIATIONS, None, "does not tell"),
        ({"by_quantity": 4}, shop.RANGES, True, "4 prices from a second piece on"),
        ({"vat_on_top": 2}, shop.VAT, False, "BITRIX_VAT_ON_TOP=true"),
        ({"in_other_currency": 1}, shop.CURRENCY, None, "1 price in another than RUB"),
        ({"in_other_currency": 9, "currencies": [Entry("KZT", kind="Y")]}, shop.CURRENCY, False, "BITRIX_CURRENCY=KZT"),
        ({"currencies": [Entry("KZT", kind="Y")]}, shop.CURRENCY, True, "own is KZT; every price is in RUB"),
        ({"currencies": REFUSED}, shop.CURRENCY, True, "not told; every price is in RUB"),
        ({"in_stores": 0}, shop.INVENTORY, None, "BITRIX_INVENTORY=false"),
        ({"in_stores": 0, "in_stock": 0}, shop.INVENTORY, None, "nothing is in stock"),
        ({"in_stores": 0, "in_stock": REFUSED}, shop.INVENTORY, None, "does not tell"),
        ({"stores": 6}, shop.STORES, True, "6: a card reads them on 1 page of 50"),
        ({"stores": 11}, shop.STORES, None, "BITRIX_STORES=11"),
        ({"properties": [GoodsProperty("105", "Артикул", kind="Y")]}, shop.ARTICLES, True, "several values"),
        ({"properties": []}, shop.ARTICLES, False, "the catalogue has no property105"),
        ({"newest": None}, trade.CHANGES, None, "no order yet"),
        ({"newest": None}, trade.MODE, None, "no order yet"),
        ({"changed": OrderPage([])}, trade.CHANGES, False, "7 is not found by its own dateUpdate"),
        ({"changed": BadAnswer("other rows")}, trade.CHANGES, False, "other rows"),
        ({"discounted_lines": 3}, trade.DISCOUNTS, True, "3 lines"),
        ({"newest": replace(NEWEST, discounted=2)}, trade.DISCOUNTS, True, "2 of the newest orders"),
        ({"deal": True}, trade.MODE, None, "masters hear only what changes in the order"),
    ],
)
def test_each_trait_is_told(changes: dict[str, Any], name: str, ok: bool | None, words: str):
    told = lines(replace(PLAIN, **changes))
    assert told.pop(name)[0] is ok
    assert words in lines(replace(PLAIN, **changes))[name][1]
    assert False not in {other for other, _ in told.values()}, "one trait is told in one line"


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("measures", {shop.UNITS}),
        ("in_steps", {shop.UNITS}),
        ("in_units", {shop.UNITS}),
        ("by_quantity", {shop.RANGES}),
        ("vat_on_top", {shop.VAT}),
        ("in_other_currency", {shop.CURRENCY}),
        ("in_stores", {shop.INVENTORY}),
        ("stores", {shop.STORES}),
        ("properties", {shop.ARTICLES}),
        ("newest", {trade.CHANGES, trade.DISCOUNTS, trade.MODE}),
        ("discounted_lines", {trade.DISCOUNTS}),
        ("deal", {trade.MODE}),
    ],
)
def test_what_the_portal_does_not_tell_is_no_failure(field: str, names: set[str]):
    refused: dict[str, Any] = {field: REFUSED}
    told = lines(replace(PLAIN, **refused))
    assert {name for name, (ok, _) in told.items() if ok is not True} == names
    assert {told[name][0] for name in names} == {None}


@pytest.mark.parametrize(
    ("changes", "settings", "name", "ok", "words"),
    [
        ({"in_units": 1, "in_steps": 20}, {"units": True}, shop.UNITS, True, "1 product in other units"),
        (
            {"vat_on_top": 2},
            {"vat_on_top": True},
            shop.VAT,
            True,
            "2 products with VAT on top of the price: the bot",
        ),
        ({"in_stores": 0}, {"inventory": False}, shop.INVENTORY, True, "the product's own quantity"),
        ({}, {"inventory": False}, shop.INVENTORY, None, "BITRIX_INVENTORY=true"),
        ({"stores": 60}, {"inventory": False}, shop.STORES, True, "2 pages"),
        (
            {"offers_block": "25", "variations": 4},
            {"offers_iblock_id": "25"},
            shop.VARIATIONS,
            True,
            "4 in information",
        ),
        ({"offers_block": "25", "variations": 4}, {"offers_iblock_id": "26"}, shop.VARIATIONS, False, "lie in 25"),
        ({}, {"offers_iblock_id": "26"}, shop.VARIATIONS, False, "it has no variations"),
        (SIZED, OFFERS, shop.VARIATIONS, None, "BITRIX_OFFERS_ARTICLE_PROPERTY=property205"),
        (SIZED, OFFERS | {"offers_article_property": "property205"}, shop.VARIATIONS, True, "choose"),
        (
            SIZED,
            {"offers_iblock_id": "25", "offers_article_property": "property9"},
            shop.VARIATIONS,
            False,
            "property9",
        ),
    ],
)
def test_what_a_setting_already_says(
    changes: dict[str, Any], settings: dict[str, Any], name: str, ok: bool | None, words: str
):
    told = lines(replace(PLAIN, **changes), replace(SETTINGS, **settings))
    assert told[name][0] is ok
    assert words in told[name][1]


def test_articles_in_names_and_a_property_for_them():
    unset = replace(SETTINGS, article_property="")
    assert lines(PLAIN, unset)[shop.ARTICLES] == (
        None,
        "no property is set: articles are looked for in names BITRIX_ARTICLE_PROPERTY=property105 («Артикул»)",
    )
    assert lines(replace(PLAIN, properties=[GoodsProperty("8", "Цвет")]), unset)[shop.ARTICLES][0] is True


def test_discounts_that_are_kept_off():
    assert (
        "kept off"
        in lines(replace(PLAIN, discounted_lines=3), replace(SETTINGS, external_order=True))[trade.DISCOUNTS][1]
    )


@pytest.mark.parametrize(
    ("deal", "stages", "ok", "words"),
    [
        (True, {"C5:1": Status.SHIPPED, "WON": Status.FINISHED}, True, "ONCRMDEALUPDATE and ONCRMDEALDELETE"),
        (
            True,
            {"WON": Status.FINISHED, "UC_1": Status.SHIPPED},
            None,
            'no UC_1, which the map names BITRIX_DEAL_STAGE_MAP={"WON": "FINISHED"}',
        ),
        (True, {}, None, FIX),
        (False, {"WON": Status.FINISHED}, None, "unset BITRIX_DEAL_STAGE_MAP"),
        (False, {}, True, "orders stand alone"),
    ],
)
def test_the_mode_and_what_is_made_of_it(deal: bool, stages: dict[str, Status], ok: bool | None, words: str):
    funnel = [Entry("NEW", "Новая"), Entry("WON", "Сделка успешна", kind="S")]
    told = trade.check_orders(replace(SETTINGS, deal_stage_map=stages), replace(PLAIN, deal=deal), funnel)
    mode = next(it for it in told if it.name == trade.MODE)
    assert mode.ok is ok
    assert words in f"{mode.reason} {mode.fix}"


def test_where_the_funnel_is_not_told_the_map_is_not_judged():
    settings = replace(SETTINGS, deal_stage_map={"UC_1": Status.SHIPPED})
    told = trade.check_orders(settings, replace(PLAIN, deal=True), REFUSED)
    assert next(it.ok for it in told if it.name == trade.MODE) is True


async def test_only_what_there_is_is_asked_about():
    class Silent:
        def __init__(self) -> None:
            self.asked: list[str] = []

        async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
            self.asked += [next(iter(it.commands.values())).method for it in operations]
            return [REFUSED] * len(operations)

    portal = Silent()
    told = await take_survey(portal, SETTINGS, "")
    assert told.in_units == 0
    assert (told.variations, told.changed, told.deal) == (None, None, None)
    assert "crm.orderentity.list" not in portal.asked


async def test_all_pages_of_properties_are_read():
    class Pages:
        def __init__(self) -> None:
            self.starts: list[tuple[int, int]] = []

        async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
            return [self._one(next(iter(it.commands.values())), it) for it in operations]

        def _one(self, command: Command, asked: Operation[Any]) -> Any:
            if command.method != "catalog.productProperty.list":
                return REFUSED
            block, start = command.params["filter"]["iblockId"], command.params["start"]
            self.starts.append((block, start))
            row = {"id": 100 + start, "name": "Артикул", "multiple": "N"}
            return asked.read({"list": Answer({"productProperties": [row]}, next=start + 50 if start < 100 else None)})

    portal = Pages()
    told = await take_survey(portal, replace(SETTINGS, article_property=""), "25")
    assert portal.starts == [(23, 0), (23, 50), (23, 100), (25, 0), (25, 50), (25, 100)]
    assert [it.id for it in shop_properties(told)] == ["100", "150", "200"]
    wanted = replace(SETTINGS, offers_iblock_id="25", offers_article_property="property200")
    assert lines(replace(PLAIN, offers_block="25", variations=4, offers_properties=told.offers_properties), wanted)[
        shop.VARIATIONS
    ][0]


COLOUR = GoodsProperty("8", "Цвет")


@pytest.mark.parametrize(("second", "told"), [(PropertyPage([COLOUR], 0), [COLOUR, COLOUR]), (REFUSED, REFUSED)])
async def test_pages_of_properties_end(second: PropertyPage | BitrixError, told: Any):
    class Circle:
        async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
            commands = [next(iter(it.commands.values())) for it in operations]
            return [self._answer(command) for command in commands]

        def _answer(self, command: Command) -> PropertyPage | BitrixError:
            if command.method != "catalog.productProperty.list":
                return REFUSED
            return second if command.params["start"] else PropertyPage([COLOUR], 50)

    assert (await take_survey(Circle(), SETTINGS, "")).properties == told


@pytest.mark.parametrize(
    ("row", "total", "count"),
    [({"id": 1, "ratio": 0.5}, 7, 7), ({"id": 1, "ratio": 0.5}, None, 1), ({"id": 1, "ratio": 1}, 7, None)],
)
def test_a_count_of_everything_is_no_count(row: dict[str, Any], total: int | None, count: int | None):
    rows = [{name: Decimal(str(value)) for name, value in row.items()}]
    answers = {"list": Answer({"ratios": rows}, total=total)}
    operation = in_steps()
    if count is not None:
        assert operation.read(answers) == count
        return
    with pytest.raises(BadAnswer, match="dropped the filter"):
        operation.read(answers)


async def test_a_wrong_property_of_articles_is_not_told_as_a_wrong_search():
    async with town("native", {}, {"BITRIX_ARTICLE_PROPERTY": "property999"}) as here:
        found = await goods.check_goods(here.here.client, here.here.portal, "")
    assert {it.name: it.ok for it in found}[goods.WORDS] is True


async def test_the_table_of_the_spec_alone_has_no_sections_to_look_into():
    async with town("contract", {"spec_only": True}, {}) as here:
        (unclear,) = await goods.check_goods(here.here.client, here.here.portal, "")
    assert (unclear.ok, "--query" in unclear.fix) == (None, True)
