"""What is printed about different portals, word by word: the files in `golden/`, compared exactly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from infra.local.portal.rich_shop import SETTINGS, make_rich
from infra.preflight.asking import Paced
from infra.preflight.command import look
from infra.preflight.proposals import as_env
from infra.preflight.result import as_comments, as_table
from tests.infra.preflight.town import ASKED, Town, at_once, town
from tests.support.golden import agreed
from tests.support.logs import same_logging_afterwards

__all__ = ["same_logging_afterwards"]

FOLDER = Path(__file__).parent / "golden"


async def plain(_: Town) -> None:
    """Leave the portal as it is."""


async def rich(here: Town) -> None:
    """Have everything that managers like, all together."""
    assert here.portal.states is not None
    make_rich(here.portal.states)
    await make_order(here)


async def make_order(here: Town) -> None:
    """Make an order with a discount."""
    assert here.portal.native is not None
    order = here.portal.native.ledger.add_order(3, "RUB", 17, "tg-1")
    here.portal.native.ledger.save(order)
    await here.sim(f"orders/{order.id}/odd", {"order": {"discountValue": 500}})


async def uncounted(here: Town) -> None:
    """Do not count stock by store, and have more stores than the bot reads."""
    await here.sim("setup", {"inventory": False, "stores": 60})


@dataclass(frozen=True)
class Case:
    dialect: str
    set_up: Callable[[Town], Awaitable[None]] = plain
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


PORTALS = {
    "plain": Case("native"),
    "rich": Case("native", rich, settings=SETTINGS),
    "uncounted": Case("native", uncounted),
    "contract": Case("contract"),
    "contract-by-the-letter": Case("contract", options={"spec_only": True}, query="дрель"),
}
"""File of each portal."""
CONFIGS = {name: PORTALS[name] for name in ("plain", "rich")}


@pytest.mark.parametrize("name", PORTALS)
async def test_preflight_says_what_the_portal_is_like(name: str):
    case = PORTALS[name]
    async with town(case.dialect, case.options, case.settings) as here:
        await here.set_webhook()
        await case.set_up(here)
        here.portal.rest.calls.clear()
        results = await here.look(replace(ASKED, query=case.query))
        requests = len(here.portal.rest.calls.since(None))
    shown = f"{as_table(results, ())}\n{requests} requests of the portal\n"
    assert shown == agreed(FOLDER / f"preflight-{name}.txt", shown)


@pytest.mark.parametrize("name", CONFIGS)
async def test_config_says_what_the_portal_is_like(name: str):
    async with town("native", {}, {}) as here:
        await CONFIGS[name].set_up(here)
        proposals, traits = await look(here.here.client)
    shown = f"{as_env(proposals)}\n\n{as_comments(traits)}\n"
    assert shown == agreed(FOLDER / f"config-{name}.txt", shown)


def test_no_golden_file_is_left_over():
    expected = {f"preflight-{name}.txt" for name in PORTALS} | {f"config-{name}.txt" for name in CONFIGS}
    assert {file.name for file in FOLDER.iterdir()} == expected


async def test_the_portal_is_asked_at_its_pace():
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with town("native", {}, {}) as here:
        await look(Paced(here.here.client, 2, wait))
        requests = len(here.portal.rest.calls.since(None))
        await look(Paced(here.here.client, 5, at_once))
    assert waits == [0.5] * (requests - 1)
