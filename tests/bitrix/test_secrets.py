"""Every failure is run, and everything it leaves behind is searched for the key, the token and the request's words."""

from __future__ import annotations

import contextlib
import io
import logging
import traceback
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.bitrix.auth import TokenAuth, WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import BitrixError
from shared.domain.catalogue import Product
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, PaymentKind
from tests.support.portal import BASE, KEY, FakePortal

TOKEN = "0a1b2c3d4e5f.access-token-value"
ADDRESS = "Тверь, Малая Самара 7"
PHONE = "+79991234567"
FORBIDDEN = (KEY, TOKEN, "Самара", PHONE, "9991234567", "masters.example")
URL = f"{BASE}sale.order.add"
ECHO = f"{URL}?auth={TOKEN} refused: {ADDRESS} / {PHONE} / {KEY} {TOKEN}"

FAILURES: list[httpx.Response | Exception] = [
    httpx.ConnectError(f"cannot reach {URL}"),
    httpx.ReadTimeout(f"timeout of {URL}"),
    httpx.RemoteProtocolError(ECHO),
    httpx.Response(302, headers={"Location": URL}),
    httpx.Response(302, headers={"Location": f"https://renamed.example/login?back={URL}"}),
    httpx.Response(302, headers={"Location": f"https://[{KEY}"}),
    httpx.Response(303, headers={"Location": URL}),
    httpx.Response(502, html=f"<html>{ECHO}</html>"),
    httpx.Response(200, html=f"<html>{ECHO}</html>"),
    httpx.Response(200, json={"result": {"NOT_AN_ID": ECHO}}),
    httpx.Response(200, json={"result": [ECHO]}),
    httpx.Response(200, json={"no": ECHO}),
    httpx.Response(200, json={"error": ECHO, "error_description": ECHO}),
    httpx.Response(200, json={"error": KEY, "error_description": ECHO}),
    httpx.Response(200, json={"error": {"code": TOKEN, "message": ECHO}}),
    httpx.Response(
        200, json={"result": {"result": {}, "result_error": {"order": {"error": "0", "error_description": ECHO}}}}
    ),
    *(
        httpx.Response(status, json={"error": code, "error_description": ECHO})
        for status, code in [
            (400, "100"),
            (400, "NEVER_SEEN"),
            (401, "expired_token"),
            (401, "NO_AUTH_FOUND"),
            (403, "insufficient_scope"),
            (404, "ERROR_METHOD_NOT_FOUND"),
            (429, "OPERATION_TIME_LIMIT"),
            (500, "INTERNAL_SERVER_ERROR"),
            (503, "QUERY_LIMIT_EXCEEDED"),
            (503, "OVERLOAD_LIMIT"),
        ]
    ),
]


async def get_token() -> str:
    return TOKEN


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Everything that any logger lets out, at the loudest level of the root."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(message)s %(fields)s", defaults={"fields": ""}))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def traces_of(error: BaseException | None) -> str:
    """What anyone could print of an error, its causes and contexts included."""
    seen: list[str] = []
    while error is not None:
        seen += [str(error), repr(error), repr(error.args), repr(vars(error)), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "\n".join(seen)


def contract() -> ContractPortal:
    return ContractPortal(
        ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="1")
    )


ORDER = NewOrder(
    "6a0f7a35", "17", (LineItem("7", Decimal(1)),), PaymentKind.CASH, ADDRESS, PHONE, comment="Позвонить в Самара-плаза"
)


@pytest.mark.parametrize("number", range(len(FAILURES)))
@pytest.mark.parametrize("oauth", [False, True])
async def test_no_failure_tells_a_secret(portal: FakePortal, http: httpx.AsyncClient, number: int, oauth: bool) -> None:
    auth: Any = TokenAuth(get_token) if oauth else WebhookAuth()
    client = BitrixClient(http, BASE, auth=auth, on_call=portal.reports.append)
    portal.replies += [FAILURES[number]] * 3
    with everything_logged() as logged:
        with pytest.raises(BitrixError) as caught:
            await client.write(contract().place_order(ORDER, OrderProgress(in_basket=ORDER.quantities)), "6a0f7a35")
        left = await client.read([contract().search(f"{ADDRESS} {PHONE}"), contract().order("5")])
        with pytest.raises(BitrixError) as refused:
            await client.picture(f"/rest/17/{KEY}/picture?auth={TOKEN}")
    errors = [caught.value, refused.value, *(item for item in left if isinstance(item, BitrixError))]
    told = "\n".join([logged.getvalue(), repr(portal.reports), *map(traces_of, errors)])
    assert len(errors) == 4
    for secret in FORBIDDEN:
        assert secret not in told


async def test_a_picture_from_elsewhere_is_not_named(client: BitrixClient) -> None:
    with pytest.raises(BitrixError) as caught:
        await client.picture(f"https://elsewhere.example/rest/17/{KEY}/x")
    assert KEY not in traces_of(caught.value)
    with pytest.raises(BitrixError) as caught:
        await client.picture(f"https://[{KEY}")
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_what_is_shown_of_products_and_clients_holds_no_address(client: BitrixClient) -> None:
    assert KEY not in repr(Product("1", "Дрель", picture=URL)) + repr(client) + repr(vars(client._auth))
