"""The portal that the settings tell of: its dialect, its guards, its credential."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from shared.bitrix import rights
from shared.bitrix.auth import TokenAuth, WebhookAuth
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import OperationPaused, RateLimited
from shared.bitrix.limits import LimitedClient, PortalStopped
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.portal import Operation
from shared.bitrix.tokens import TokenPair
from shared.domain.orders import PaymentKind
from shared.entry.container import Container
from shared.entry.wiring.portal import PortalConnection
from shared.pipeline.jobs import Job, Lane
from shared.settings import SettingsError
from shared.status import Status
from shared.store.memory import MemoryStore
from shared.store.port import Create, Key
from tests.bitrix.memory_vault import MemoryVault
from tests.entry.conftest import Environment
from tests.entry.world import PORTAL_HOST, call
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.portal import FakePortal
from tests.support.stores import FaultyStore

NATIVE = {
    "BITRIX_DIALECT": "native",
    "BITRIX_IBLOCK_ID": "23",
    "BITRIX_PRICE_TYPE_ID": "2",
    "BITRIX_PERSON_TYPE_ID": "5",
    "BITRIX_ADDRESS_PROPERTY_ID": "26",
    "BITRIX_PHONE_PROPERTY_ID": "22",
}
ALL_OF_NATIVE = NATIVE | {
    "BITRIX_PAY_SYSTEM_PREPAID": "11",
    "BITRIX_PAY_SYSTEM_COD": "12",
    "BITRIX_DELIVERY_ID": "3",
    "BITRIX_ETA_PROPERTY_ID": "31",
    "BITRIX_ARTICLE_PROPERTY": "property105",
    "BITRIX_CURRENCY": "KZT",
    "BITRIX_ANALOGUES_PROPERTY": "property115",
    "BITRIX_ACCESSORIES_PROPERTY": "property135",
    "BITRIX_EAN_PROPERTY": "property125",
    "BITRIX_OFFERS_IBLOCK_ID": "25",
    "BITRIX_OFFERS_ARTICLE_PROPERTY": "property205",
    "BITRIX_OFFERS_EAN_PROPERTY": "property225",
    "BITRIX_VARIATION_PROPERTIES": "property210, property211",
    "BITRIX_STORES": "6",
    "BITRIX_PRICE_RANGES": "4",
    "BITRIX_INVENTORY": "false",
    "BITRIX_UNITS": "true",
    "BITRIX_VAT_ON_TOP": "true",
    "BITRIX_ORDER_IN_PHASES": "true",
    "BITRIX_EXTERNAL_ORDER": "true",
    "BITRIX_BUYER_USER_ID": "501",
    "BITRIX_RETURNS_ENTITY_TYPE_ID": "1038",
    "BITRIX_RETURNS_CATEGORY_ID": "0",
    "BITRIX_RETURNS_FIELD_PREFIX": "ufCrm7",
    "BITRIX_DISK_FOLDER_ID": "77",
    "BITRIX_STATUS_MAP": '{"F": "DELIVERED"}',
    "BITRIX_RETURN_STAGE_MAP": '{"DT1038_1:NEW": "NEW"}',
}
OAUTH = {
    "BITRIX_AUTH": "oauth",
    "BITRIX_BASE_URL": f"https://{PORTAL_HOST}/rest/",
    "BITRIX_OAUTH_URL": "https://oauth.test/oauth/token/",
    "BITRIX_CLIENT_ID": "app.1",
    "BITRIX_CLIENT_SECRET": "client-secret-1",
    "BITRIX_TOKEN_SECRET": "bitrix-token",
}


class TestDialects:
    def test_the_contract_as_the_settings_have_it(self, configured: Environment):
        made = configured(
            BITRIX_PAY_SYSTEM_PREPAID="11",
            BITRIX_PAY_SYSTEM_COD="12",
            BITRIX_DELIVERY_ID="3",
            BITRIX_ADDRESS_PROPERTY_ID="WHERE",
            BITRIX_PHONE_PROPERTY_ID="CALL",
            BITRIX_STATUS_MAP='{"F": "DELIVERED"}',
            BITRIX_DISK_FOLDER_ID="77",
            BITRIX_CURRENCY="BYN",
            BITRIX_STORES="6",
            BITRIX_QUOTE_BY_LISTS="true",
            BITRIX_RETURN_METHOD="sale.orderreserves.add",
        )
        assert made.portal == ContractPortal(
            ContractSettings(
                pay_systems={PaymentKind.PREPAID: "11", PaymentKind.CASH: "12"},
                delivery_id="3",
                address_property="WHERE",
                phone_property="CALL",
                status_map={"F": Status.DELIVERED},
                disk_folder_id="77",
                currency="BYN",
                stores=6,
                quote_by_lists=True,
                return_method="sale.orderreserves.add",
            )
        )

    def test_the_contract_needs_nothing_but_its_usual_values(self, configured: Environment):
        usual = {PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}
        assert configured().portal == ContractPortal(ContractSettings(pay_systems=usual, delivery_id="1"))

    def test_a_real_portal_as_the_settings_have_it(self, configured: Environment):
        assert configured(**ALL_OF_NATIVE).portal == NativePortal(
            NativeSettings(
                iblock_id="23",
                price_type_id="2",
                person_type_id="5",
                pay_systems={PaymentKind.PREPAID: "11", PaymentKind.CASH: "12"},
                delivery_id="3",
                address_property_id="26",
                phone_property_id="22",
                eta_property_id="31",
                article_property="property105",
                currency="KZT",
                analogues_property="property115",
                accessories_property="property135",
                ean_property="property125",
                offers_iblock_id="25",
                offers_article_property="property205",
                offers_ean_property="property225",
                variation_properties=("property210", "property211"),
                stores=6,
                price_ranges=4,
                inventory=False,
                units=True,
                vat_on_top=True,
                phases=True,
                external_order=True,
                buyer_user_id="501",
                returns_entity_type_id="1038",
                returns_category_id="0",
                returns_field_prefix="ufCrm7",
                disk_folder_id="77",
                status_map={"F": Status.DELIVERED},
                return_stage_map={"DT1038_1:NEW": Status.NEW},
            )
        )

    def test_what_a_real_portal_need_not_have(self, configured: Environment):
        made = configured(**NATIVE).portal
        assert isinstance(made, NativePortal)
        ids = made.settings
        lacking = (ids.eta_property_id, ids.article_property, ids.buyer_user_id, ids.disk_folder_id)
        assert (*lacking, ids.returns_entity_type_id, ids.returns_category_id) == ("",) * 6

    @pytest.mark.parametrize("unset", ["BITRIX_IBLOCK_ID", "BITRIX_PRICE_TYPE_ID", "BITRIX_PERSON_TYPE_ID"])
    def test_what_a_real_portal_lacks_is_named(self, configured: Environment, unset: str):
        with pytest.raises(SettingsError, match=f"^{unset}: is required here$"):
            _ = configured(**NATIVE | {unset: ""}).portal

    def test_all_that_it_lacks_is_named_at_once(self, configured: Environment):
        with pytest.raises(SettingsError, match=r"IBLOCK_ID.*PRICE_TYPE_ID.*PERSON_TYPE_ID"):
            _ = configured(BITRIX_DIALECT="native").portal

    @pytest.mark.parametrize("setting", ["BITRIX_ADDRESS_PROPERTY_ID", "BITRIX_PHONE_PROPERTY_ID"])
    @pytest.mark.parametrize("name", ["", "ADDRESS", "²"])
    def test_a_real_portal_knows_its_properties_by_number(self, configured: Environment, setting: str, name: str):
        with pytest.raises(SettingsError, match=rf"^{setting}: must be the property's number with [A-Z_=a-z]+$"):
            _ = configured(**NATIVE | {setting: name}).portal

    def test_both_properties_are_named_at_once(self, configured: Environment):
        unset = {"BITRIX_ADDRESS_PROPERTY_ID": "", "BITRIX_PHONE_PROPERTY_ID": ""}
        with pytest.raises(SettingsError, match=r"ADDRESS_PROPERTY_ID: .*; BITRIX_PHONE_PROPERTY_ID: "):
            _ = configured(**NATIVE | unset).portal

    def test_a_prefix_that_is_none_is_refused(self, configured: Environment):
        with pytest.raises(SettingsError, match="BITRIX_RETURNS_FIELD_PREFIX"):
            configured(BITRIX_RETURNS_FIELD_PREFIX="UF_CRM_12").settings.secrets()


class TestCredential:
    @pytest.mark.parametrize("unset", ["BITRIX_CLIENT_ID", "BITRIX_CLIENT_SECRET", "BITRIX_TOKEN_SECRET"])
    def test_what_a_token_manager_lacks_is_named(self, configured: Environment, unset: str):
        with pytest.raises(SettingsError, match=f"^{unset}: is required here$"):
            assert configured(**OAUTH | {unset: ""}).token_manager

    def test_a_webhooks_key_needs_no_token_manager(self, configured: Environment):
        made = configured()
        assert made.token_manager is None
        assert isinstance(made.auth, WebhookAuth)

    def test_a_token_is_the_managers(self, configured: Environment):
        made = configured(**OAUTH)
        assert made.token_manager is not None
        assert isinstance(made.auth, TokenAuth)
        assert set(vars(made)) >= {"token_manager", "vault", "store", "http"}
        assert "client" not in vars(made)

    @pytest.mark.parametrize("here", [OAUTH], indirect=True)
    async def test_a_call_carries_the_managers_token(self, here: Container, portal: FakePortal):
        here = here.override(vault=MemoryVault())
        assert here.token_manager is not None
        await here.token_manager.install(TokenPair("access-1", "refresh-1", NOW + timedelta(hours=1)))
        portal.replies = [httpx.Response(200, json={"result": ["sale"]})]
        assert await here.client.read([rights.scopes()]) == [frozenset({"sale"})]
        [request] = portal.requests
        sent = request.url.query.decode() + request.content.decode()
        assert "access-1" in sent
        assert "refresh-1" not in sent

    @pytest.mark.parametrize("here", [OAUTH], indirect=True)
    async def test_a_token_the_portal_calls_expired_is_renewed(self, here: Container, portal: FakePortal):
        """The call itself is not repeated: it comes again with a permit of its own."""
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            new = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600}
            return httpx.Response(200, json=new) if request.url.host == "oauth.test" else portal(request)

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            here = here.override(http=http, vault=MemoryVault())
            assert here.token_manager is not None
            await here.token_manager.install(TokenPair("access-1", "refresh-1", NOW + timedelta(hours=1)))
            portal.replies = [httpx.Response(401, json={"error": "expired_token", "error_description": "old"})]
            [error] = await here.client.read([rights.scopes()])
            assert error.code == "expired_token"
            assert await here.token_manager.current() == "access-2"
        [_, renewal] = asked
        said = parse_qs(renewal.url.query.decode())
        assert (said["client_id"], said["client_secret"]) == (["app.1"], ["client-secret-1"])
        assert said["refresh_token"] == ["refresh-1"]


@pytest.fixture
async def line(configured: Environment, portal: FakePortal, clock: Clock) -> AsyncIterator[PortalConnection]:
    """The line of settings that allow for five calls a second, on an empty store."""
    settings = configured(BITRIX_CALLS_PER_SECOND="5").settings
    async with httpx.AsyncClient(transport=httpx.MockTransport(portal)) as http:
        yield Container(settings, now=clock, http=http, store=MemoryStore(clock)).connection


@pytest.fixture
def scopes() -> Operation[frozenset[str]]:
    return rights.scopes()


class TestLine:
    async def test_it_keeps_the_pace_of_the_settings(
        self, line: PortalConnection, portal: FakePortal, clock: Clock, scopes: Operation[frozenset[str]]
    ):
        assert isinstance(line.client, LimitedClient)
        answers = [(await line.client.read([scopes]))[0] for _ in range(11)]
        assert len(portal.requests) == 10
        assert isinstance(answers[10], RateLimited)
        clock.advance(0.25)
        await line.client.read([scopes])
        await line.client.read([scopes])
        assert len(portal.requests) == 11

    async def test_a_resting_method_is_not_asked(
        self, line: PortalConnection, portal: FakePortal, scopes: Operation[frozenset[str]]
    ):
        portal.replies = [httpx.Response(429, json={"error": "OPERATION_TIME_LIMIT"})]
        for _ in range(2):
            [error] = await line.client.read([scopes])
            assert isinstance(error, OperationPaused)
        assert len(portal.requests) == 1

    async def test_a_portal_that_refuses_everything_is_left_alone(
        self, line: PortalConnection, portal: FakePortal, scopes: Operation[frozenset[str]]
    ):
        portal.replies = [httpx.Response(401, json={"error": "NO_AUTH_FOUND"})]
        await line.client.read([scopes])
        [error] = await line.client.read([scopes])
        assert isinstance(error, PortalStopped)
        assert len(portal.requests) == 1

    async def test_a_read_that_took_too_long_makes_the_next_batch_smaller(
        self, line: PortalConnection, portal: FakePortal, scopes: Operation[frozenset[str]]
    ):
        before = line.batch_size.size
        portal.replies = [httpx.ReadTimeout("no answer")]
        await line.client.read([scopes])
        assert line.batch_size.size == before // 3


@pytest.mark.usefixtures("here")
class TestWorker:
    async def test_how_many_reads_share_a_request_is_learned(
        self, here: Container, store: FaultyStore, portal: FakePortal
    ):
        """Sixty looks: as many as a batch has at first; a third, then half of that after batches that did not come."""
        jobs = [Job("sync_order", Lane.READ, {"order": str(number)}) for number in range(60)]
        await store.commit([Create(job.key, job.as_data(), None, NOW) for job in jobs])
        portal.replies = [httpx.ReadTimeout("no answer") for _ in range(3)]
        for _ in range(3):
            assert (await call(here, "bitrix_call")).status_code == 200
        assert [request.content.count(b"sale.order.get") for request in portal.requests] == [32, 10, 5]

    async def test_its_requests_go_through_the_guards(self, here: Container, store: FaultyStore, portal: FakePortal):
        """What another instance learned holds here too."""
        stop = {"code": "overloaded", "since": NOW, "failures": 3, "probe_at": NOW + timedelta(minutes=5)}
        await store.commit([Create(Key("portal_state", "breaker"), stop | {"probing": False})])
        job = Job("sync_order", Lane.READ, {"order": "5"})
        await store.commit([Create(job.key, job.as_data(), None, NOW)])
        assert (await call(here, "bitrix_call")).status_code == 200
        assert portal.requests == []
        record = await store.get(job.key)
        assert record is not None
        assert record.data["state"] == "done"
