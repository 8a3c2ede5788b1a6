"""The list of methods is what the code calls, all of it."""

from __future__ import annotations

import re

import pytest

from infra.packaging import ROOT
from infra.preflight.methods import methods_of
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.native import NativePortal
from shared.domain.orders import PaymentKind
from tests.bitrix.native.speaking import native

PORTALS: dict[str, NativePortal | ContractPortal] = {
    "native": native(returns_entity_type_id="", disk_folder_id=""),
    "contract": ContractPortal(
        ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="3")
    ),
}
SHARED_BY_BOTH = ("disk.py", "sections.py")
SETUP = {"process_fields.py", "reference_data.py", "survey.py"}
"""What only preflight and setting up ask."""

ALTERNATIVES = {"sale.orderreserves.add", "catalog.price.list", "catalog.storeproduct.list"}
"""The spec's second ways, which the contract's settings may choose."""

NEVER_SENT = {"disk.folder.getchildren", "catalog.product.get"}
"""A look-up the contract does not need, and a name that only stands inside `crm.product.batch`."""


@pytest.mark.parametrize("dialect", list(PORTALS))
def test_every_method_in_the_sources_is_asked_about(dialect: str):
    bitrix = ROOT / "shared" / "bitrix"
    files = [file for file in (bitrix / dialect).glob("*.py") if file.name not in SETUP]
    files += [bitrix / name for name in SHARED_BY_BOTH]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    called = {name.lower() for name in re.findall(r'Command\(\s*"([\w.]+)"', text)}
    if dialect == "contract":
        called -= ALTERNATIVES | NEVER_SENT
    asked = [name.lower() for name in methods_of(PORTALS[dialect])]
    assert called - set(asked) == set()
    assert len(asked) == len(set(asked)) > 10


def test_pictures_of_a_real_portal_come_by_a_method():
    assert "catalog.product.download" in methods_of(PORTALS["native"])
    assert "catalog.product.download" not in methods_of(PORTALS["contract"])
