"""One client that asks for all goods' prices and stock: `python -m infra.bench.client_asking NAME ADDRESS`.

On stdout goes JSON: `time` and `CPU` in seconds, `offers` as product → price and pieces.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from infra.bench.growth_worlds import goods
from infra.local.sandbox.environment import NATIVE

GOODS = [one.id for one in goods(1_000).all()]
PRODUCTS = {"select": ["id", "iblockId", "quantity"], "filter": {"iblockId": NATIVE.iblock_id}}
PRICES = {"select": ["id", "productId", "price"], "filter": {"catalogGroupId": NATIVE.price_type_id}}
PATIENCE = 60.0
"""Seconds that an answer may take: the others wait as long, and a machine may be busy."""

Offers = dict[str, list[float]]
Rows = Iterable[Mapping[str, Any]]


def _joined(products: Rows, prices: Rows) -> Offers:
    costs = {str(row["productId"]): float(row["price"]) for row in prices}
    return {str(row["id"]): [costs[str(row["id"])], float(row["quantity"] or 0)] for row in products}


def fast_bitrix24(address: str) -> Callable[[], Offers]:
    """Ask by `get_all`."""
    client = importlib.import_module("fast_bitrix24").BitrixAsync

    async def ask() -> Offers:
        asking = client(address, verbose=False)
        products = await asking.get_all("catalog.product.list", PRODUCTS)
        prices = await asking.get_all("catalog.price.list", PRICES)
        return _joined(products, prices)

    return lambda: asyncio.run(ask())


def b24pysdk(address: str) -> Callable[[], Offers]:
    """Ask by `call_list`, which reads the further pages in batches."""
    webhook = importlib.import_module("b24pysdk").BitrixWebhook
    session = importlib.import_module("requests").Session
    parts = urlsplit(address)
    reach = session.request

    def without_tls(self: object, method: str, url: str, **more: object) -> object:
        """It knows no portal without TLS."""
        return reach(self, method, url.replace("https://", "http://"), **more)

    session.request = without_tls
    _, _, user, key, _ = parts.path.split("/")
    asking = webhook(domain=parts.netloc, webhook_token=f"{user}/{key}")

    def ask() -> Offers:
        products = asking.call_list("catalog.product.list", PRODUCTS)["result"]
        return _joined(products, asking.call_list("catalog.price.list", PRICES)["result"])

    return ask


def ours(address: str) -> Callable[[], Offers]:
    """Ask by quotes of fifty goods, as many as a request carries."""
    import httpx  # noqa: PLC0415 - each process loads its own client only

    from shared.bitrix.auth import WebhookAuth  # noqa: PLC0415 - the same
    from shared.bitrix.client import BitrixClient  # noqa: PLC0415 - the same
    from shared.bitrix.native import NativePortal  # noqa: PLC0415 - the same

    portal, http = NativePortal(_settings()), httpx.AsyncClient()
    client = BitrixClient(http, address, auth=WebhookAuth(), read_timeout=PATIENCE)
    parts: Sequence[Sequence[str]] = [GOODS[begin : begin + 50] for begin in range(0, len(GOODS), 50)]

    async def ask() -> Offers:
        async with http:
            answers: list[Any] = await client.read([portal.quote(one) for one in parts])
        return {id_: [float(one.price), float(one.available)] for part in answers for id_, one in part.items()}

    return lambda: asyncio.run(ask())


def _settings() -> Any:  # noqa: ANN401 - loaded by who needs it
    from shared.bitrix.native import NativeSettings  # noqa: PLC0415 - see `ours`
    from shared.domain.orders import PaymentKind  # noqa: PLC0415 - the same

    return NativeSettings(
        iblock_id=str(NATIVE.iblock_id), price_type_id=str(NATIVE.price_type_id),
        person_type_id=str(NATIVE.person_type_id), pay_systems={PaymentKind.CASH: "2"}, delivery_id="3",
        address_property_id="26", price_ranges=1,
    )  # fmt: skip


ASKING = {"fast-bitrix24": fast_bitrix24, "b24pysdk": b24pysdk, "ours": ours}


def main(name: str, address: str) -> None:
    """Ask once."""
    ask = ASKING[name](address)
    began, used = time.perf_counter(), time.process_time()
    offers = ask()
    told = {"time": time.perf_counter() - began, "CPU": time.process_time() - used, "offers": offers}
    print(json.dumps(told))  # noqa: T201 - for who started it


if __name__ == "__main__":
    main(*sys.argv[1:])
