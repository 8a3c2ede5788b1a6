"""The sections of the catalogue, in both dialects."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.portal import Answer, Operation, Portal
from shared.domain.catalogue import Section, Sections
from shared.domain.orders import PaymentKind
from tests.bitrix.native.speaking import ODD, asked, native

CONTRACT = ContractPortal(
    ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="3")
)


def row(number: int, name: str, parent: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": name, "iblockSectionId": parent, "sort": 500, "active": "Y", **more}


TREE = [
    row(1, "Инструмент", sort=20),
    row(2, "Дрели", 1),
    row(3, "аккумуляторные", "2"),
    row(4, "Болгарки", 1, sort=None),
    row(5, "Расходники", 0, sort="10"),
    row(6, "Архив", active="N"),
    row(7, "Старое", 6),
]


def heard(operation: Operation[Sections], *pages: Any, following: int | None = None) -> Sections:
    """Answer with these pages and then empty ones; the last has a page after it when `following` is given."""
    given = [*pages, *[{"sections": []}] * (len(operation.commands) - len(pages))]
    answers = {key: Answer(page) for key, page in zip(operation.commands, given, strict=True)}
    answers["page5"] = Answer(answers["page5"].result, next=following)
    return operation.read(answers)


def test_the_whole_tree_is_asked_for_in_one_request() -> None:
    operation = native().sections(None)
    assert operation.weight == len(operation.commands) == 6
    assert [command.params["start"] for command in operation.commands.values()] == [0, 50, 100, 150, 200, 250]
    assert asked(operation)["page1"] == (
        "catalog.section.list",
        {
            "select": ["id", "iblockSectionId", "name", "sort", "active"],
            "filter": {"iblockId": 23, "active": "Y"},
            "order": {"id": "asc"},
            "start": 50,
        },
    )


def test_the_contract_asks_in_its_spelling() -> None:
    assert asked(CONTRACT.sections("7"))["page0"] == (
        "catalog.section.list",
        {
            "select": ["ID", "IBLOCK_SECTION_ID", "NAME", "SORT", "ACTIVE"],
            "filter": {"ACTIVE": "Y"},
            "order": {"ID": "ASC"},
            "start": 0,
        },
    )


@pytest.mark.parametrize("portal", [native(), CONTRACT])
def test_the_top(portal: Portal) -> None:
    found = heard(portal.sections(None), {"sections": TREE})
    consumables, tools = Section("5", "Расходники"), Section("1", "Инструмент", has_children=True)
    assert found == Sections(None, (consumables, tools))


def test_inside_a_section_with_the_way_to_it() -> None:
    tools, drills = Section("1", "Инструмент", has_children=True), Section("2", "Дрели", "1", has_children=True)
    found = heard(native().sections("1"), {"sections": TREE})
    assert found == Sections("1", (Section("4", "Болгарки", "1"), drills), (tools,))
    deeper = heard(native().sections("2"), {"sections": TREE})
    assert deeper == Sections("2", (Section("3", "аккумуляторные", "2"),), (tools, drills))
    assert heard(native().sections("3"), {"sections": TREE}).sections == ()


def test_pages_are_joined_and_a_repeated_last_page_changes_nothing() -> None:
    found = heard(CONTRACT.sections("1"), {"items": TREE[:3]}, TREE[3:], TREE[3:])
    assert [section.id for section in found.sections] == ["4", "2"]
    assert found.complete


def test_more_sections_than_are_read(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert not heard(native().sections(None), {"sections": TREE}, following=300).complete
    assert "more than 300" in caplog.text


@pytest.mark.parametrize("parent", ["99", "6", "7"])
def test_a_section_that_is_not_shown(parent: str) -> None:
    with pytest.raises(NotFound):
        heard(native().sections(parent), {"sections": TREE})


def test_sections_that_hold_each_other() -> None:
    circle = [row(1, "а", 2), row(2, "б", 1)]
    with pytest.raises(NotFound):
        heard(native().sections("1"), {"sections": circle})
    assert heard(native().sections(None), {"sections": circle}).sections == ()


@pytest.mark.parametrize(
    "page",
    [{"goods": []}, "text", {"sections": "x"}],
)
def test_answers_that_make_no_sense(page: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(native().sections(None), page)


@given(st.dictionaries(st.sampled_from(["id", "iblockSectionId", "name", "sort", "active"]), ODD, max_size=4))
def test_no_odd_section_costs_the_list(odd: dict[str, Any]) -> None:
    found = heard(native().sections(None), {"sections": [row(1, "а") | odd, row(2, "б")]})
    assert "2" in {section.id for section in found.sections}


@pytest.mark.parametrize(
    ("odd", "field"), [({"name": ""}, "name"), ({"sort": "x"}, "sort"), ({"active": "?"}, "active")]
)
def test_a_section_that_makes_no_sense_is_told(
    odd: dict[str, Any], field: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        heard(native().sections(None), {"sections": [row(1, "а") | odd]})
    (told,) = caplog.records
    assert vars(told)["fields"] == {"event": "field_unread", "method": "catalog.section.list", "field": field}
