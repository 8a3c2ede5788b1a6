"""Events as a real portal posts them: known by the token inside, remembered, and turned into «look again»."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from shared.entry.container import Container
from shared.store.port import Key
from tests.entry.conftest import Environment, Lines
from tests.entry.test_bitrix_webhook import DUE, about, event, order_of_ours, signed, wanted
from tests.entry.world import call
from tests.pipeline.bench import NOW
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore

TOKEN = "application-token-1"
MEMBER = "0f00e1"
SETTINGS = {"BITRIX_APPLICATION_TOKEN": TOKEN, "BITRIX_MEMBER_ID": MEMBER}
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def configured(configured: Environment) -> Environment:
    """What makes parts, with both modes open."""
    return lambda **environment: configured(**(SETTINGS | environment))


def form(name: str = "ONSALEORDERSAVED", changed: str = "77", **differs: str | None) -> bytes:
    """Return the post of an event; a keyword replaces a part of `auth`, None leaves it out."""
    auth = {"domain": "masters.bitrix24.ru", "member_id": MEMBER, "application_token": TOKEN, **differs}
    fields = {
        "event": name,
        "event_handler_id": "975",
        "data[FIELDS][ID]": changed,
        "data[FIELDS][ACTION]": "save",
        "ts": "1788000000",
        **{f"auth[{part}]": value for part, value in auth.items() if value is not None},
    }
    return urlencode(fields).encode()


async def post(here: Container, body: bytes, content_type: str = FORM) -> httpx.Response:
    """Send a post as the portal does."""
    return await call(here, "bitrix_webhook", body, headers={"Content-Type": content_type})


@pytest.mark.parametrize(
    ("name", "changed", "job"),
    [
        ("ONSALEORDERSAVED", "77", "sync_order:77"),
        ("ONORDERENTITYSAVED", "77", "sync_order:77"),
        ("ONORDERDELETED", "77", "sync_order:77"),
        ("ONPAYMENTENTITYSAVED", "901", "find_order:payment:901"),
        ("ONSHIPMENTENTITYSAVED", "902", "find_order:shipment:902"),
    ],
)
async def test_what_changed_is_looked_at_again(
    here: Container, store: FaultyStore, queue: FakeQueue, lines: Lines, name: str, changed: str, job: str
):
    await order_of_ours(store, here.now)
    response = await post(here, form(name, changed))
    assert (response.status_code, response.text) == (200, "ok")
    assert await wanted(store) == [job]
    assert queue.permits == [DUE]
    [entry] = lines()
    assert (entry["name"], entry["handled"]) == (name, "done")
    assert TOKEN not in str(entry)
    record = await store.get(Key("inbox_bitrix", entry["bitrix_event"]))
    assert record is not None
    assert record.expires_at == NOW + timedelta(minutes=10)


@pytest.mark.parametrize("content_type", [f"{FORM}; charset=UTF-8", "Application/X-WWW-Form-Urlencoded"])
async def test_the_content_type_may_be_written_in_other_ways(here: Container, store: FaultyStore, content_type: str):
    await order_of_ours(store, here.now)
    assert (await post(here, form(), content_type)).status_code == 200
    assert await wanted(store) == ["sync_order:77"]


@pytest.mark.parametrize("body", [form(changed="78"), form("ONAPPTEST"), form("ONSALEBEFOREORDERDELETE")])
async def test_what_is_not_about_our_orders_is_handled_and_leads_to_nothing(
    here: Container, store: FaultyStore, queue: FakeQueue, body: bytes
):
    await order_of_ours(store, here.now)
    assert (await post(here, body)).status_code == 200
    assert await wanted(store) == []
    assert queue.tasks == []
    assert store.commits == 1


async def test_a_repeated_event_writes_nothing(here: Container, store: FaultyStore, queue: FakeQueue):
    await order_of_ours(store, here.now)
    await post(here, form())
    commits = store.commits
    assert (await post(here, form())).status_code == 200
    assert store.commits == commits
    assert len(queue.tasks) == 2, "whether the first one's permit was made nobody noted: one more does no harm"


@pytest.mark.parametrize("token", [None, "", "another token", f"{TOKEN}x", "None", "ж"])
async def test_who_does_not_know_the_token_is_turned_away(
    here: Container, store: FaultyStore, queue: FakeQueue, lines: Lines, token: str | None
):
    await order_of_ours(store, here.now)
    response = await post(here, form(application_token=token))
    assert (response.status_code, response.json()) == (401, {"error": "unauthorized"})
    assert store.commits == 0
    assert queue.tasks == []
    assert TOKEN not in str(lines())


@pytest.mark.parametrize("member", [None, "", "0f00e2"])
async def test_another_portals_event_is_turned_away(here: Container, store: FaultyStore, member: str | None):
    await order_of_ours(store, here.now)
    assert (await post(here, form(member_id=member))).status_code == 401
    assert store.commits == 0


@pytest.mark.parametrize("here", [{"BITRIX_MEMBER_ID": ""}], indirect=True)
async def test_without_a_member_id_the_token_is_enough(here: Container, store: FaultyStore):
    await order_of_ours(store, here.now)
    assert (await post(here, form(member_id="0f00e2"))).status_code == 200
    assert await wanted(store) == ["sync_order:77"]


@pytest.mark.parametrize(
    "body",
    [
        form(""),
        form("ON SALE"),
        form(changed=""),
        form(changed="../5"),
        form() + b"&x=%FF",
        form() + "&x=ж".encode(),
        form() + b"&x=1" * 300,
        form() + b"&x=" + b"1" * 70_000,
    ],
)
async def test_what_is_no_event_is_refused(here: Container, store: FaultyStore, body: bytes):
    response = await post(here, body)
    assert (response.status_code, response.json()) == (400, {"error": "not_an_event"})
    assert store.commits == 0


async def test_without_a_store_the_event_is_asked_for_again(here: Container, store: FaultyStore):
    store.down = True
    assert (await post(here, form())).status_code == 503


async def test_both_modes_work_beside_each_other(here: Container, store: FaultyStore):
    await order_of_ours(store, here.now)
    await order_of_ours(store, here.now, "78")
    assert (await post(here, form())).status_code == 200
    assert (await event(here, about("78"))).status_code == 200
    assert await wanted(store) == ["sync_order:77", "sync_order:78:PAYED"]


@pytest.mark.parametrize("here", [{"BITRIX_APPLICATION_TOKEN": ""}], indirect=True)
@pytest.mark.parametrize("token", [TOKEN, "", None, "None"])
async def test_without_a_token_in_the_settings_only_forms_are_shut_out(
    here: Container, store: FaultyStore, token: str | None
):
    await order_of_ours(store, here.now)
    assert (await post(here, form(application_token=token))).status_code == 401
    assert store.commits == 0
    assert (await event(here, about("77"))).status_code == 200
    assert await wanted(store) == ["sync_order:77:PAYED"]


@pytest.mark.parametrize("here", [{"WEBHOOK_SECRET": ""}], indirect=True)
async def test_without_a_webhook_secret_only_json_is_shut_out(here: Container, store: FaultyStore):
    await order_of_ours(store, here.now)
    assert (await event(here, about("77"))).status_code == 401
    assert store.commits == 0
    assert (await post(here, form())).status_code == 200
    assert await wanted(store) == ["sync_order:77"]


async def test_one_modes_secret_opens_no_other_mode(here: Container, store: FaultyStore):
    """A form with its token is no signed JSON; signed JSON that calls itself a form has no token inside."""
    await order_of_ours(store, here.now)
    assert (await post(here, form(), "application/json")).status_code == 401
    body = json.dumps(about("77")).encode()
    assert (await event(here, body, **signed(body), **{"Content-Type": FORM})).status_code == 401
    assert store.commits == 0


RETURNS = "1038"


@pytest.mark.parametrize("here", [{"BITRIX_RETURNS_ENTITY_TYPE_ID": RETURNS}], indirect=True)
@pytest.mark.parametrize(("entity", "kind"), [(RETURNS, "return"), ("1040", "unused")])
async def test_a_return_is_known_by_its_smart_process(here: Container, lines: Lines, entity: str, kind: str):
    body = form("ONCRMDYNAMICITEMUPDATE", "5") + f"&data[FIELDS][ENTITY_TYPE_ID]={entity}".encode()
    assert (await post(here, body)).status_code == 200
    [entry] = [line for line in lines() if line["event"] == "webhook"]
    assert entry["kind"] == kind


MAP = json.dumps({"EXECUTING": "WAITING_FOR_DELIVERY"})


@pytest.mark.parametrize(
    ("here", "jobs"),
    [
        ({"BITRIX_DIALECT": "native", "BITRIX_DEAL_STAGE_MAP": MAP}, ["find_deals_orders:301"]),
        ({"BITRIX_DIALECT": "native"}, []),
        ({"BITRIX_DEAL_STAGE_MAP": MAP}, []),
    ],
    indirect=["here"],
)
async def test_deals_are_heard_where_their_stages_mean_something(here: Container, store: FaultyStore, jobs: list[str]):
    assert (await post(here, form("ONCRMDEALUPDATE", "301"))).status_code == 200
    assert await wanted(store) == jobs
