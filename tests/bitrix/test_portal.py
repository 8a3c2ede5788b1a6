"""The port to a portal: nothing in it that nobody asks for, and two dialects that are built alike."""

from __future__ import annotations

import inspect
import re

import pytest

from shared.bitrix.contract import ContractPortal
from shared.bitrix.native import NativePortal
from shared.bitrix.portal import Portal
from tests.architecture.sources import modules

METHODS = [name for name, _ in inspect.getmembers(Portal, inspect.isfunction) if not name.startswith("_")]
SOURCES = {name: path.read_text(encoding="utf-8") for name, path in modules().items()}


def modules_of(dialect: str) -> set[str]:
    prefix = f"shared.bitrix.{dialect}."
    return {name.removeprefix(prefix) for name in SOURCES if name.startswith(prefix)}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_asked_for_by_the_bot(method: str) -> None:
    asking = re.compile(rf"portal\.{method}\b")
    assert [name for name, source in SOURCES.items() if name.startswith("shared.assistant.") and asking.search(source)]


@pytest.mark.parametrize("dialect", [ContractPortal, NativePortal])
def test_a_dialect_offers_the_port_and_no_more(dialect: type[Portal]) -> None:
    assert [name for name, _ in inspect.getmembers(dialect, inspect.isfunction) if not name.startswith("_")] == METHODS


def test_both_dialects_have_the_same_rooms() -> None:
    """A real portal has some more.

    Statuses, reference data and a survey of it, what of an order makes sense, its look-up, what it costs part by part
    and whose it is, what its lines are called, its deal, its
    delivery services
    and where goods are fetched, people and talks in the CRM, the link of its payment,
    information blocks and how they and barcodes are searched, and the lists that a quote is of.
    """
    more = {
        "charges",
        "contacts",
        "deals",
        "deliveries",
        "line_names",
        "order_clients",
        "order_lookup",
        "order_records",
        "payment_links",
        "pickup",
        "process_fields",
        "reference_data",
        "statuses",
        "survey",
        "timeline",
    }
    of_goods = {"articles", "blocks", "eans", "goods_filters", "goods_rows", "search", "search_ways"}
    of_quotes = {"goods_state", "price_rows", "store_rows", "units", "vat"}
    assert modules_of("native") - more - of_goods - of_quotes == modules_of("contract")
