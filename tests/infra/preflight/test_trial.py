"""The happy paths where they are not happy: what was made is taken back, what cannot be is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal.faults import FaultKind
from infra.preflight import trial
from infra.preflight.result import Result
from infra.preflight.trial import Trial
from shared.bitrix.errors import BitrixError, NotFound, Refused
from shared.bitrix.portal import Operation
from shared.domain.catalogue import Product, ProductPage
from shared.domain.offers import Offer
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import Order, Payment, PaymentKind
from shared.domain.returns import Photo, ReturnState
from shared.status import Status
from tests.bitrix.native.speaking import native
from tests.infra.preflight.town import town
from tests.support.logs import same_logging_afterwards

__all__ = ["same_logging_afterwards"]

DRILL = Product("1", "Дрель")
OFFER = Offer("1", Decimal(100), "RUB")
DONE = OrderProgress("77", complete=True, payment_url="https://pay.test/1")
GOOD: Mapping[str, Any] = {
    "catalog.product.list": ProductPage([DRILL], 1),
    "catalog.price.list": {"1": OFFER},
    "sale.order.add": DONE,
    "sale.order.get": Order("77", Status.NEW, Decimal(100)),
    "sale.order.list": OrderProgress(absent=True),
    "disk.folder.uploadfile": Photo("9"),
    "crm.item.add": ReturnState("5", Status.RETURN_IN_PROGRESS),
    "crm.item.list": (ReturnState("5", Status.RETURN_IN_PROGRESS),),
    "disk.file.delete": None,
    "sale.order.update": None,
}


@dataclass
class Told:
    """A portal whose methods answer what they were told to."""

    answers: dict[str, Any]
    written: list[str] = field(default_factory=list)

    def _of(self, operation: Operation[Any]) -> Any:
        return self.answers[next(iter(operation.commands.values())).method]

    async def read(self, operations: Any) -> list[Any]:
        return [self._of(operation) for operation in operations]

    async def write(self, operation: Operation[Any], key: str) -> Any:
        assert key
        self.written.append(next(iter(operation.commands.values())).method)
        answer = self._of(operation)
        if isinstance(answer, BitrixError):
            raise answer
        return answer


async def tried(**changes: Any) -> tuple[dict[str, Result], Told]:
    told = Told({**GOOD, **{name.replace("_", "."): answer for name, answer in changes.items()}})
    results = await Trial(told, native(), "17").run("дрель")
    return {result.name: result for result in results}, told


async def test_all_is_well():
    results, told = await tried()
    assert {result.ok for result in results.values()} == {True}
    assert told.written[-3:] == ["disk.file.delete", "sale.order.update", "sale.order.update"]


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"catalog_product_list": ProductPage([], 0)}, trial.GOODS, "nothing is found"),
        ({"catalog_product_list": Refused("no")}, trial.GOODS, "no"),
        ({"catalog_price_list": Refused("no prices")}, trial.GOODS, "no prices"),
        ({"catalog_price_list": {}}, trial.GOODS, "none of the first products"),
        ({"sale_order_add": Refused("no person type")}, trial.PREPAID, "no person type"),
        ({"sale_order_add": OrderProgress()}, trial.PREPAID, "requests were not enough"),
        ({"sale_order_add": OrderProgress("77", complete=True)}, trial.PREPAID, "no payment link"),
        ({"sale_order_get": NotFound("gone")}, trial.PREPAID, "cannot be read"),
        ({"sale_order_get": Order("77", Status.NEW, Decimal(0))}, trial.PREPAID, "0 RUB"),
        ({"sale_order_get": Order("77", Status.CANCELED, Decimal(1))}, trial.PREPAID, "CANCELED"),
        (
            {"sale_order_get": Order("77", Status.NEW, Decimal(1), payments=[
                Payment("1", "2", Decimal(1), paid=False, kind=PaymentKind.CASH)])},
            trial.PREPAID,
            "of another kind",
        ),
        ({"disk_folder_uploadfile": Refused("full")}, trial.RETURN, "full"),
        ({"crm_item_add": Refused("no such process")}, trial.RETURN, "no such process"),
        ({"crm_item_list": ()}, trial.RETURN, "not among the returns"),
        ({"crm_item_list": Refused("no")}, trial.RETURN, "not among the returns"),
        ({"disk_file_delete": NotFound("gone")}, trial.CLEAN_UP, "file 9"),
        ({"sale_order_update": Refused("paid")}, trial.CLEAN_UP, "order 77"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_told_in_its_line(changes: dict[str, Any], line: str, words: str):
    results, _ = await tried(**changes)
    bad = [result for result in results.values() if result.ok is False]
    assert [result.name for result in bad] == [line]
    assert words in bad[0].reason
    assert trial.CLEAN_UP in results


async def test_an_order_whose_fate_is_unclear_is_found_and_canceled():
    async with town("native", {}, {}) as here:
        here.portal.rest.faults.add(FaultKind.DONE_THEN_5XX, method="sale.order.add")
        results = {it.name: it for it in await Trial(here.here.client, here.here.portal, "17").run("шуруповёрт")}
        (order,) = here.portal.front.orders.all()
    assert results[trial.PREPAID].ok is False
    assert order.status is Status.CANCELED
    assert order.id in results[trial.CLEAN_UP].reason
