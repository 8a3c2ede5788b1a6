"""Single checks, where the simulated others cannot be brought into the state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from infra.preflight import access, goods, reference, returning, surroundings
from infra.preflight import telegram as telegram_checks
from infra.preflight.lists import Known, Lists, read_lists
from infra.preflight.methods import methods_of
from shared.bitrix.errors import AuthFailed, BadAnswer, BitrixError, NotFound, PortalFailed
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.portal import Operation
from shared.bitrix.rights import MethodAccess
from shared.domain.catalogue import Product, ProductPage, Section, Sections
from shared.domain.offers import Offer
from shared.settings import BitrixAuth, Settings
from shared.status import Status
from shared.store.port import Unavailable
from shared.telegram.api import WebhookInfo
from tests.bitrix.native.speaking import native

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PORTAL = native()


@dataclass
class Told:
    """A portal that answers by the method asked; what nobody told it about, it refuses."""

    answers: dict[str, Any] = field(default_factory=dict)
    raises: Exception | None = None

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
        if self.raises:
            raise self.raises
        methods = [next(iter(operation.commands.values())).method for operation in operations]
        return [self.answers.get(method, PortalFailed("no answer", methods=(method,))) for method in methods]


def config(**changes: Any) -> Settings:
    usual: dict[str, Any] = {
        "bitrix_person_type_id": 3,
        "bitrix_pay_system_prepaid": "1",
        "bitrix_pay_system_cod": "2",
        "bitrix_delivery_id": "3",
        "bitrix_address_property_id": "26",
        "bitrix_phone_property_id": "22",
    }
    return Settings.model_construct(**(usual | changes))


GOOD = Lists(
    catalogues=[],
    price_types=[],
    statuses=[Entry("N", kind="O")],
    pay_systems=[Entry("1", kind="A"), Entry("2", kind="Y")],
    deliveries=[Entry("3", "Курьер")],
    person_types=[Entry("3", "Физическое лицо")],
    processes=[Entry("1038", "Возвраты", kind="12")],
    properties=[Entry("26", "Адрес", is_address=True), Entry("22", "Телефон", is_phone=True)],
    categories=[Entry("12", "Общая", kind="Y")],
    fields=frozenset(f"ufCrm12{name}" for name in ("OrderId", "Reason", "Items", "DiskFiles", "RejectReason")),
    stages=[Entry("DT1038_12:NEW"), Entry("DT1038_12:CHECK")],
)


async def test_a_token_that_cannot_be_read_is_told_as_such():
    result, scopes = await access.check_access(Told(raises=Unavailable("the store is away")))
    assert (result.ok, scopes) == (False, None)
    assert "gcloud auth" in result.fix


async def test_methods_that_cannot_be_asked_about():
    assert [it.ok for it in await access.check_methods(Told(), PORTAL)] == [False]


@pytest.mark.parametrize(
    ("access_of", "reason", "fix"),
    [
        (MethodAccess.DENIED, "not allowed: sale.order.add", "more rights"),
        (MethodAccess.MISSING, "missing: sale.order.add", "a module"),
    ],
)
async def test_a_method_that_is_not_allowed_is_there(access_of: MethodAccess, reason: str, fix: str):
    told = dict.fromkeys(methods_of(PORTAL), MethodAccess.OPEN) | {"sale.order.add": access_of}
    (result,) = await access.check_methods(Told({"scope": told}), PORTAL)
    assert (result.ok, result.reason, fix in result.fix) == (False, reason, True)


async def test_lists_that_are_refused_fail_their_own_lines_only():
    lists = await read_lists(Told(), Known("3", "1038", "12"))
    results = [*reference.check_reference(config(), lists), *returning.check_returns(PORTAL.settings, lists)]
    assert {result.ok for result in results} == {False}
    assert {result.name for result in results} >= {reference.STATUSES, reference.ADDRESS, returning.PROCESS}
    refused = NotFound("no")
    broken = replace(GOOD, categories=refused, fields=refused, stages=refused)
    assert [result.ok for result in returning.check_returns(PORTAL.settings, broken)] == [True, False, False, False]


def test_all_is_well_with_the_good_lists():
    assert [it.name for it in reference.check_reference(config(), GOOD) if it.ok is False] == []
    assert [it.ok for it in returning.check_returns(PORTAL.settings, GOOD)] == [True, True, True, True]


def test_a_portal_without_a_delivered_status_is_no_failure():
    unclear = [
        it for it in reference.check_reference(config(bitrix_status_map={"N": Status.NEW}), GOOD) if it.ok is None
    ]
    assert [it.name for it in unclear] == [reference.DELIVERED]


def test_properties_that_the_portal_wants_and_nobody_fills_in():
    lists = replace(GOOD, properties=[*GOOD.properties, Entry("31", "ИНН", required=True)])  # type: ignore[misc]
    unclear = {it.name: it.reason for it in reference.check_reference(config(), lists) if it.ok is None}
    assert "31 «ИНН»" in unclear[reference.REQUIRED]


def test_a_delivery_day_by_its_code():
    lists = replace(GOOD, properties=[*GOOD.properties, Entry("30", "День", "ETA")])  # type: ignore[misc]
    results = {it.name: it for it in reference.check_reference(config(bitrix_eta_property_id="ETA"), lists)}
    assert results[reference.ETA].ok
    gone = {it.name: it for it in reference.check_reference(config(bitrix_eta_property_id="ETA"), GOOD)}
    assert gone[reference.ETA].ok is False


def test_returns_that_nobody_has_set_up():
    nothing = replace(GOOD, processes=[])
    (result,) = returning.check_returns(native(returns_entity_type_id="").settings, nothing)
    assert (result.reason, "README" in result.fix) == ("none is set", True)
    other = returning.check_returns(native(returns_category_id="99").settings, GOOD)
    assert other[1].fix == "BITRIX_RETURNS_CATEGORY_ID=12"
    bare = returning.check_returns(
        native(returns_category_id="").settings, replace(GOOD, categories=[], fields=frozenset())
    )
    assert [it.ok for it in bare] == [True, False, False, True]
    assert "--make-fields" in bare[2].fix


@pytest.mark.parametrize(
    ("answers", "line", "words"),
    [
        ({"catalog.section.list": AuthFailed("no")}, goods.CATALOGUE, "inbound webhook"),
        ({"catalog.section.list": Sections(None, [])}, goods.CATALOGUE, "no product in the first sections"),
        ({"catalog.section.list": Sections(None, [Section("1", "А")])}, goods.CATALOGUE, "no answer"),
    ],
)
async def test_a_catalogue_that_does_not_answer(answers: dict[str, Any], line: str, words: str):
    (result,) = await goods.check_goods(Told(answers), PORTAL, "")
    assert (result.name, result.ok) == (line, False)
    assert words in f"{result.reason} {result.fix}"


async def test_sections_are_looked_into_but_not_for_ever():
    asked: list[str] = []

    class Deep:
        async def read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
            method = next(iter(operations[0].commands.values())).method
            asked.append(method)
            if method == "catalog.section.list":
                return [Sections(None, [Section("1", "А", has_children=True)])]
            return [ProductPage([], 0)]

    assert await goods.find_products(Deep(), PORTAL, "") == ()
    assert asked.count("catalog.product.list") == 10


async def test_a_section_inside_that_is_refused():
    class Half(Told):
        async def read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
            found = await super().read(operations)
            self.answers["catalog.section.list"] = NotFound("gone")
            return found

    half = Half({"catalog.section.list": Sections(None, [Section("1", "А", has_children=True)]),
                 "catalog.product.list": ProductPage([], 0)})  # fmt: skip
    assert isinstance(await goods.find_products(half, PORTAL, ""), NotFound)


@pytest.mark.parametrize(("offers", "ok"), [(PortalFailed("no"), False), ({"1": Offer("1", Decimal(5), "RUB")}, None)])
async def test_prices_of_some_only(offers: Any, ok: bool | None):
    found = ProductPage([Product("1", "А"), Product("2", "Б")], 2)
    told = Told({"catalog.product.list": found, "catalog.price.list": offers})
    results = await goods.check_goods(told, PORTAL, "винт")
    assert [it.ok for it in results] == [True, None, ok]


EAST, WEST = "https://oauth.bitrix24.tech/oauth/token/", "https://oauth.bitrix.info/oauth/token/"


@pytest.mark.parametrize(
    ("url", "plan", "ok", "words"),
    [
        (WEST, "de_basic", True, "all regions but ru"),
        (EAST, "ru_project", True, "the regions ru"),
        (WEST, "ru_project", None, f"BITRIX_OAUTH_URL={EAST}"),
        (EAST, "pl_nfr", None, f"BITRIX_OAUTH_URL={WEST}"),
        (WEST, "ru_selfhosted", None, "region is not told"),
        (WEST, PortalFailed("no answer"), None, "region is not told"),
        ("https://proxy.example/oauth/token/", "ru_basic", None, "neither"),
    ],
)
async def test_which_portals_the_token_server_is_for(url: str, plan: Any, ok: bool | None, words: str):
    settings = config(bitrix_auth=BitrixAuth.OAUTH, bitrix_oauth_url=url)
    (result,) = await access.check_token_server(Told({"app.info": plan}), settings)
    assert result.ok is ok
    assert words in f"{result.reason} {result.fix}"


async def test_a_key_needs_no_token_server():
    assert await access.check_token_server(Told(), config(bitrix_auth=BitrixAuth.WEBHOOK, bitrix_oauth_url=WEST)) == []


MACHINE = Product("1", "Круг отрезной, 125 мм")


@pytest.mark.parametrize(
    ("found", "ok", "words"),
    [
        (ProductPage([MACHINE], 1), True, "«мм Круг» finds 1"),
        (ProductPage([Product("2", "Круг 5 мм")], 1), False, "?name"),
        (ProductPage([Product("2", "Круг 5 мм")], 70, 50), True, "70"),
        (BadAnswer("the search by name returned something else"), False, "?name"),
        (PortalFailed("no answer"), False, "no answer"),
    ],
)
async def test_two_words_must_find_what_has_them(found: Any, ok: bool, words: str):
    class Second(Told):
        async def read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
            answered = await super().read(operations)
            self.answers["catalog.product.list"] = found
            return answered

    told = Second({"catalog.product.list": ProductPage([Product("9", "Винт"), MACHINE], 2)})
    _, result, _ = await goods.check_goods(told, PORTAL, "винт")
    assert (result.name, result.ok) == (goods.WORDS, ok)
    assert words in f"{result.reason} {result.fix}"


def webhook(**changes: Any) -> WebhookInfo:
    usual: dict[str, Any] = {"url": "https://f.test/", "has_custom_certificate": False, "pending_update_count": 0}
    return WebhookInfo(**(usual | changes))


def test_an_address_may_differ_by_its_last_slash():
    assert telegram_checks.check_address(webhook(), "https://f.test").ok


def test_updates_that_nobody_chose():
    assert "the usual ones" in telegram_checks.check_updates(webhook()).reason


def test_updates_that_pile_up():
    assert telegram_checks.check_backlog(webhook(pending_update_count=50)).ok
    assert telegram_checks.check_backlog(webhook(pending_update_count=51)).ok is False


@pytest.mark.parametrize(
    ("minutes", "message", "ok", "fix"),
    [
        (1, "Wrong response from the webhook: 401 Unauthorized", False, "secret differs"),
        (1, "Connection timed out", False, "runbook"),
        (60, "Connection timed out", True, ""),
    ],
)
def test_the_last_error(minutes: int, message: str, ok: bool, fix: str):
    info = webhook(last_error_date=NOW - timedelta(minutes=minutes), last_error_message=message)
    result = telegram_checks.check_last_error(info, NOW)
    assert result.ok is ok
    assert f"{minutes} min ago" in result.reason
    assert fix in result.fix


def test_a_clock_nobody_speaks_of():
    assert surroundings.check_clock({}).ok is None


async def test_odd_dates_are_not_heard():
    clocks = surroundings.Clocks(lambda: NOW)
    for date in ("", "yesterday", "Tue, 01 Sep 2026 12:00:30 -0000"):
        request = httpx.Request("GET", "https://a.test:8443/")
        await clocks.hear(httpx.Response(200, headers={"Date": date}, request=request))
    assert clocks.offsets == {"a.test:8443": timedelta(seconds=30)}


Answering = Callable[[httpx.Request], httpx.Response]


@pytest.mark.parametrize(
    ("answer", "wanted", "ok", "words"),
    [
        (httpx.Response(200, text="203.0.113.7\n"), "", True, "203.0.113.7"),
        (httpx.Response(200, text="203.0.113.7"), "203.0.113.7", True, "203.0.113.7"),
        (httpx.Response(200, text="2001:db8::1"), "203.0.113.7", False, "not 203.0.113.7"),
        (httpx.Response(200, text="<html>"), "", False, "did not answer"),
        (httpx.Response(500, text="203.0.113.7"), "", False, "did not answer"),
        (httpx.Response(200, content="адрес".encode()), "", False, "did not answer"),
        (httpx.Response(200, content=b""), "", False, "did not answer"),
    ],
)
async def test_the_address_we_come_from(answer: httpx.Response, wanted: str, ok: bool, words: str):
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)) as http:
        (result,) = await surroundings.check_egress(http, "https://ip.test/", wanted)
    assert result.ok is ok
    assert words in result.reason


async def test_without_an_address_to_ask_nothing_is_said():
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(500))) as http:
        assert await surroundings.check_egress(http, "", "203.0.113.7") == []
