"""A thousand goods' prices and stock by our client, fast-bitrix24 and b24pysdk, from the same simulated portal.

Each asks as its own pages tell to, in a process of its own; the portal counts the requests. The two others are no
part of the product: `pip install --target build/bench/clients fast-bitrix24 b24pysdk` puts them where they are found.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from infra.bench.figures import Case, Round, Table
from infra.bench.growth_worlds import goods
from infra.local.clock import SystemClock
from infra.local.portal import Portal, PortalOptions, create_portal
from infra.local.sandbox import environment
from infra.local.serving import Serving, bind

ROOT = Path(__file__).parents[2]
OTHERS = ROOT / "build" / "bench" / "clients"
CLIENTS = ("fast-bitrix24", "b24pysdk", "ours")
"""The baseline first."""

GOODS = 1_000
UNITS = {"time": "s", "CPU": "s", "requests": ""}
NOTES = (
    "catalog.product.list and catalog.price.list, 50 rows a page; the portal bears 50 requests, then 2 a second",
    "the two others read all prices of the kind: a filter by a thousand ids is more fields than PHP takes in a batch",
    "ours reads each field strictly and counts stock, the others hand out the JSON as it came: that is its CPU",
    "time and CPU are of asking and reading, without the start of the process; a page takes the portal 0.03 to 0.04 s",
)


async def run(rounds: int) -> Table:
    """Have each client ask `rounds` times, in turns. RuntimeError when the others are not installed."""
    if not OTHERS.is_dir():
        raise RuntimeError(f"pip install --target {OTHERS.relative_to(ROOT)} fast-bitrix24 b24pysdk")
    taken = [[await _measure(name) for name in CLIENTS] for _ in range(rounds)]
    cases = [
        Case(name, [one[n] for one in taken], "" if n < len(CLIENTS) - 1 else "fewest requests, time ≤ 1")
        for n, name in enumerate(CLIENTS)
    ]
    return Table("clients", UNITS, cases, NOTES)


async def _measure(name: str) -> Round:
    serving = Serving(bind(0))
    async with httpx.AsyncClient() as nobody:
        portal = create_portal(_options(), clock=SystemClock(), http=nobody)
        await serving.start(portal.app)
        try:
            told = await asyncio.to_thread(_ask, name, environment.rest(serving.url))
        finally:
            await serving.stop()
            await portal.close()
        _check(name, told["offers"], portal)
        return {"time": told["time"], "CPU": told["CPU"], "requests": len(portal.rest.calls.since())}


def _options() -> PortalOptions:
    return PortalOptions(
        dialect="native", native=environment.NATIVE, goods=lambda: goods(GOODS),
        webhook_user=environment.PORTAL_USER, webhook_key=environment.PORTAL_KEY,
    )  # fmt: skip


def _ask(name: str, address: str) -> Mapping[str, Any]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    paths = os.pathsep.join(map(str, (ROOT, OTHERS)))
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "infra.bench.client_asking", name, address],
        cwd=ROOT, env={**kept, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{name} got no answer: {done.stderr[-800:]}")
    told: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _check(name: str, offers: Mapping[str, list[float]], portal: Portal) -> None:
    """Raise RuntimeError unless each product has its price and stock."""
    wanted = {one.id: [float(one.price), float(one.available)] for one in portal.shop.catalogue.all()}
    wrong = [product for product, offer in wanted.items() if offers.get(product) != offer]
    if wrong:
        raise RuntimeError(f"{name} read {len(wrong)} of {len(wanted)} goods wrongly, as {wrong[0]}")
