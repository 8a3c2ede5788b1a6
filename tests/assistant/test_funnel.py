"""The steps of a sale are counted: each once, without a name."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from shared.assistant import funnel
from shared.assistant.funnel import FunnelStep
from shared.domain.catalogue import ProductDetails, ProductPage
from shared.log_events import LogEvent
from tests.assistant.samples import BIT, DRILL, OFFERS
from tests.assistant.stage import Stage


def test_a_step_is_an_event_and_tells_nothing_of_anybody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        funnel.passed(FunnelStep.CARD)
    (record,) = caplog.records
    assert vars(record)["fields"] == {"event": LogEvent.FUNNEL, "step": "card"}


def _steps(caplog: pytest.LogCaptureFixture) -> list[object]:
    told = [vars(record).get("fields", {}) for record in caplog.records]
    return [fields["step"] for fields in told if fields.get("event") == LogEvent.FUNNEL]


async def test_the_way_from_a_search_to_the_cart_is_counted(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asked = (await stage.write("дрель")).job
    nothing = ProductPage((), 0)
    both = ProductPage((DRILL, BIT), 2)
    page = await stage.answer(asked, [both, *[nothing] * (len(asked.payload["ways"]) - 1)])
    shown = await stage.answer(page.job, OFFERS)
    assert _steps(caplog) == ["search"]
    opened = await stage.tap(shown.screen.data("1"))
    card = await stage.answer(opened.job, (ProductDetails(replace(DRILL, picture=None)), OFFERS))
    assert _steps(caplog) == ["search", "card"]
    await stage.tap(card.screen.data("В корзину"))
    assert _steps(caplog) == ["search", "card", "cart"]
