"""What is proposed for a portal, and in which form."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from typing import Any

import pytest

from infra.cli import main
from infra.local.sandbox import environment
from infra.preflight.command import look
from infra.preflight.lists import Lists
from infra.preflight.proposals import UNKNOWABLE, Proposal, as_env, as_tfvars, guessed_of_goods, propose
from infra.preflight.survey import Survey
from shared.bitrix.errors import MissingScope
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.survey import GoodsProperty
from shared.settings import Settings
from shared.status import Status
from tests.infra.preflight.town import town
from tests.support.logs import same_logging_afterwards

__all__ = ["same_logging_afterwards"]

EMPTY = Lists(catalogues=[], price_types=[], statuses=[], pay_systems=[], deliveries=[], person_types=[], processes=[])


NOTHING = Survey(
    offers_block="",
    measures=[],
    stores=0,
    currencies=[],
    in_stores=0,
    in_steps=0,
    by_quantity=0,
    properties=[],
    newest=None,
    discounted_lines=0,
    in_stock=0,
    vat_on_top=0,
    in_units=0,
    in_other_currency=0,
)


def by_name(proposals: list[Proposal]) -> dict[str, Proposal]:
    return {proposal.variable: proposal for proposal in proposals}


async def test_the_simulated_portal_gets_the_settings_it_was_made_with():
    async with town("native", {}, {}) as here:
        proposals, _ = await look(here.here.client)
    right = environment.native_defaults()
    proposed = dict(line.split("=", 1) for line in as_env(proposals).splitlines() if not line.startswith("#"))
    told = {name: shlex.split(value)[0] for name, value in proposed.items()}
    assert {name: told.get(name) for name in right if name not in UNKNOWABLE} == {
        name: value for name, value in right.items() if name not in UNKNOWABLE
    }
    assert (told["BITRIX_PAY_SYSTEM_PREPAID"], told["BITRIX_PAY_SYSTEM_COD"], told["BITRIX_DELIVERY_ID"]) == (
        "1",
        "2",
        "3",
    )


async def test_a_process_with_another_number_than_its_funnel():
    async with town("native", {"native": {"returns_type_id": 7}}, {}) as here:
        proposals = by_name((await look(here.here.client))[0])
    assert proposals["BITRIX_RETURNS_FIELD_PREFIX"].value == "ufCrm7"


def test_a_portal_with_nothing_is_told_what_is_missing():
    text = as_env(propose(EMPTY, NOTHING))
    assert [line for line in text.splitlines() if not line.startswith("#")] == ["BITRIX_DIALECT=native"]
    assert "# none fits; there are: none\n# BITRIX_IBLOCK_ID=" in text
    assert all(f"# {name}=" in text for name in UNKNOWABLE)


def test_a_list_that_is_refused_is_told():
    refused = replace(EMPTY, pay_systems=MissingScope("no"), statuses=MissingScope("no"))
    told = by_name(propose(refused, NOTHING))
    assert "insufficient_scope" in told["BITRIX_PAY_SYSTEM_COD"].comment
    assert "insufficient_scope" in told["BITRIX_STATUS_MAP"].comment


def test_what_else_there_was_and_what_nobody_can_guess():
    lists = replace(
        EMPTY,
        pay_systems=[Entry("5", "Карта\nонлайн", kind="A"), Entry("6", "Счёт", kind="N")],
        statuses=[Entry("N", "Принят"), Entry("ZZ", "Загадочный"), Entry("DV", "Доставлен")],
    )
    told = by_name(propose(lists, NOTHING))
    assert told["BITRIX_PAY_SYSTEM_PREPAID"].comment == "5 «Карта онлайн»; also there: 6 «Счёт»"
    assert told["BITRIX_STATUS_MAP"].value == {"DV": "DELIVERED"}
    assert "say yourself what these are: ZZ «Загадочный»" in told["BITRIX_STATUS_MAP"].comment


def test_what_tells_variations_apart():
    found = [
        GoodsProperty("110", "Элемент каталога", "CML2_LINK", "N", type="E"),
        GoodsProperty("205", "Артикул", "ARTNUMBER", "N", type="S"),
        GoodsProperty("210", "Вариант", "KIND", "N", type="L"),
        GoodsProperty("211", "Цвет", "COLOR_REF", "N", type="S", user_type="directory"),
        GoodsProperty("212", "Диаметр, мм", "D", "N", type="N"),
        GoodsProperty("213", "Метки", "TAGS", "Y", type="L"),
        GoodsProperty("214", "Заметка", "NOTE", "N", type="S"),
    ]
    survey = replace(NOTHING, offers_block="25", variations=4, offers_properties=found)
    told = by_name(propose(EMPTY, survey))["BITRIX_VARIATION_PROPERTIES"]
    assert told.value == "property210,property212"
    assert told.comment.startswith("210 «Вариант», 212 «Диаметр, мм»; also there: 110 «Элемент каталога»")
    assert guessed_of_goods(survey)["variation_properties"] == ("property210", "property212")


def test_barcodes_and_analogues_are_proposed_where_the_shop_keeps_them():
    kept = [
        GoodsProperty("115", "Аналоги", "ANALOGUES", "Y", type="E"),
        GoodsProperty("125", "Штрихкод", "CML2_BAR_CODE", "N", type="S"),
        GoodsProperty("135", "Сопутствующие товары", "GOES_WITH", "Y", type="E"),
    ]
    of_offers = [GoodsProperty("225", "Штрихкод", "CML2_BAR_CODE", "N", type="S")]
    told = by_name(propose(EMPTY, replace(NOTHING, properties=kept, offers_block="25", offers_properties=of_offers)))
    assert told["BITRIX_ANALOGUES_PROPERTY"].value == "property115"
    assert told["BITRIX_EAN_PROPERTY"].value == "property125"
    assert told["BITRIX_ACCESSORIES_PROPERTY"].value == "property135"
    assert told["BITRIX_OFFERS_EAN_PROPERTY"].value == "property225"
    for nothing in ((), MissingScope("no")):
        silent = by_name(propose(EMPTY, replace(NOTHING, properties=nothing)))
        assert not {"BITRIX_ANALOGUES_PROPERTY", "BITRIX_EAN_PROPERTY", "BITRIX_OFFERS_EAN_PROPERTY"} & silent.keys()


@pytest.mark.parametrize(
    ("found", "comment"),
    [
        ([GoodsProperty("205", "Артикул", "ARTNUMBER")], "none fits; there are: 205 «Артикул»"),
        (MissingScope("no"), "the portal does not tell"),
    ],
)
def test_what_tells_variations_apart_may_be_nothing(found: Any, comment: str):
    survey = replace(NOTHING, offers_block="25", variations=4, offers_properties=found)
    told = by_name(propose(EMPTY, survey))["BITRIX_VARIATION_PROPERTIES"]
    assert (told.value, told.comment.startswith(comment)) == ("", True)


def test_terraform_gets_numbers_texts_and_maps():
    lists = replace(EMPTY, catalogues=[Entry("23", "Товары")], deliveries=[Entry("3", "Курьер")])
    told = as_tfvars(propose(replace(lists, statuses=[Entry("DV", "Доставлен")]), NOTHING))
    assert told.startswith('settings = {\n  bitrix_dialect = "native"\n')
    assert "\n  bitrix_iblock_id = 23\n" in told
    assert '\n  bitrix_delivery_id = "3"\n' in told
    assert '\n  bitrix_status_map = { "DV" = "DELIVERED" }\n' in told
    assert "\n  # bitrix_disk_folder_id =\n" in told
    assert told.endswith("\n}")


def test_every_proposal_is_a_setting():
    names = {proposal.variable.lower() for proposal in propose(EMPTY, NOTHING)} | {name.lower() for name in UNKNOWABLE}
    assert names <= set(Settings.model_fields)


def test_the_contract_says_what_to_ask_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("BITRIX_DIALECT", "contract")
    assert main(["config"]) == 0
    assert "# BITRIX_PAY_SYSTEM_COD: pay system of orders paid in cash" in capsys.readouterr().out


async def test_a_portal_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("STORE", "memory")
    monkeypatch.setenv("BITRIX_BASE_URL", "http://127.0.0.1:1/rest/1/k3y-of-the-portal/")
    assert await asyncio.to_thread(main, ["config"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("assistant: not_sent: ")
    assert "k3y-of-the-portal" not in said.err + said.out


@pytest.mark.parametrize(("deal", "value"), [(True, {"WON": Status.FINISHED}), (False, None), (None, None)])
def test_what_stages_mean_is_proposed_where_orders_make_deals(deal: bool | None, value: dict[str, Status] | None):
    lists = replace(EMPTY, deal_stages=[Entry("NEW", "Новая"), Entry("WON", "Сделка успешна", kind="S")])
    proposed = by_name(propose(lists, replace(NOTHING, deal=deal)))
    found = proposed.get("BITRIX_DEAL_STAGE_MAP")
    assert (found.value if found else None) == value
    if found:
        assert found.comment == "WON «Сделка успешна»; nothing is told at NEW «Новая»"
