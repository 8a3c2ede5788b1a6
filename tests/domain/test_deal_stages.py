"""The merging of an order and its deal's stage."""

from __future__ import annotations

import pytest

from shared.domain.deal_stages import merged
from shared.status import Status

S = Status


@pytest.mark.parametrize(
    ("order", "stage", "status"),
    [
        (S.NEW, None, S.NEW),
        (S.NEW, S.WAITING_FOR_DELIVERY, S.WAITING_FOR_DELIVERY),
        (S.SHIPPED, S.WAITING_FOR_DELIVERY, S.SHIPPED),
        (S.WAITING_FOR_DELIVERY, S.DELIVERED, S.DELIVERED),
        (S.PAYED, S.NEW, S.PAYED),
        (S.NEW, S.FINISHED, S.FINISHED),
        (S.NEW, S.CANCELED, S.CANCELED),
        (S.FINISHED, S.CANCELED, S.CANCELED),
        (S.CANCELED, S.FINISHED, S.CANCELED),
        (S.CANCELED, S.RETURN_IN_PROGRESS, S.CANCELED),
        (S.DELIVERED, S.RETURN_IN_PROGRESS, S.RETURN_IN_PROGRESS),
        (S.RETURN_COMPLETED, S.FINISHED, S.RETURN_COMPLETED),
        (S.RETURN_IN_PROGRESS, S.RETURN_REJECTED, S.RETURN_REJECTED),
        (S.RETURN_IN_PROGRESS, S.CANCELED, S.RETURN_IN_PROGRESS),
    ],
)
def test_the_rule(order: Status, stage: Status | None, status: Status) -> None:
    assert merged(order, stage) is status


@pytest.mark.parametrize("order", [S.NEW, S.WAITING_FOR_DELIVERY, S.PAYED])
def test_a_stage_cannot_pay(order: Status) -> None:
    assert merged(order, S.PAYED) is order


def test_every_pair_of_words_has_an_answer() -> None:
    for order in Status:
        for stage in Status:
            assert merged(order, stage) in (order, stage)
