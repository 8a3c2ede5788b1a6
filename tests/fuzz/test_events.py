"""What is posted to the portal's entrance, genuine and not: refused or handled, without a 5xx or a traceback."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.bitrix import events, form_events
from shared.entry.container import Container
from tests.entry.conftest import Lines
from tests.entry.test_bitrix_webhook import order_of_ours, signed
from tests.entry.world import call
from tests.fuzz.conftest import EXAMPLES
from tests.fuzz.schema import NUMBERS, hostile_texts, rubbish
from tests.support.stores import FaultyStore, documents

TOKEN = "application-token-1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

pytestmark = [
    pytest.mark.usefixtures("here"),
    pytest.mark.parametrize("here", [{"BITRIX_APPLICATION_TOKEN": TOKEN}], indirect=True),
]

names = st.sampled_from([*events.HEARD, *form_events.HEARD, "RMA.STATUS.CHANGED"]) | hostile_texts
ids = st.sampled_from(("77", "0", "-1", "e1", "../x", "__x__", "9" * 200)) | st.sampled_from(NUMBERS) | hostile_texts
fields = st.dictionaries(
    st.sampled_from(("ORDER_ID", "ID", "RMA_ID", "STATUS", "STATUS_ID", "REASON", "PAID", "FIELDS", "order_id", "")),
    ids | rubbish | st.fixed_dictionaries({"ID": ids}),
    max_size=5,
)
posts = st.fixed_dictionaries(
    {"event": names | rubbish}, optional={"event_id": ids | rubbish, "ts": ids | rubbish, "data": fields | rubbish}
)
forms = st.dictionaries(
    st.sampled_from(("event", "data[FIELDS][ID]", "data[FIELDS][ENTITY_TYPE_ID]", "ts", "auth[domain]", "data[", "][")),
    names | hostile_texts,
    max_size=6,
)


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def _form(parts: dict[str, str], token: str) -> bytes:
    return urlencode({**parts, "auth[application_token]": token}, errors="surrogatepass").encode()


async def is_quiet(here: Container, lines: Lines, body: bytes, headers: dict[str, str], statuses: set[int]) -> None:
    before = len(lines())
    assert (await call(here, "bitrix_webhook", body, headers=headers)).status_code in statuses
    assert [entry for entry in lines()[before:] if entry["severity"] in ("ERROR", "CRITICAL")] == []


@settings(max_examples=EXAMPLES * 10, suppress_health_check=QUIET)
@given(post=posts)
async def test_signed_json_is_handled_or_no_event(here: Container, store: FaultyStore, lines: Lines, post: Any):
    if not documents(store):
        await order_of_ours(store, here.now)
    body = _bytes(post)
    await is_quiet(here, lines, body, signed(body), {200, 400})


@settings(max_examples=EXAMPLES * 10, suppress_health_check=QUIET)
@given(parts=forms)
async def test_a_form_with_the_token_is_handled_or_no_event(
    here: Container, store: FaultyStore, lines: Lines, parts: dict[str, str]
):
    if not documents(store):
        await order_of_ours(store, here.now)
    await is_quiet(here, lines, _form(parts, TOKEN), FORM, {200, 400})


@settings(max_examples=EXAMPLES * 10, suppress_health_check=QUIET)
@given(
    body=st.binary(max_size=200) | posts.map(_bytes) | forms.map(lambda parts: _form(parts, "guess")), data=st.data()
)
async def test_what_proves_nothing_is_refused_and_leaves_nothing(
    here: Container, store: FaultyStore, lines: Lines, body: bytes, data: st.DataObject
):
    headers = data.draw(st.sampled_from([{}, FORM, {"X-Webhook-Signature": "sha256=00"}, signed(b"another")]))
    statuses = {400, 401} if headers is FORM else {401}
    for function in ("bitrix_webhook", "telegram_update"):
        answer = await call(here, function, body, headers=headers)
        assert answer.status_code in (statuses if function == "bitrix_webhook" else {401})
    assert [entry for entry in lines() if entry["severity"] in ("ERROR", "CRITICAL")] == []
    assert documents(store) == {}


@pytest.mark.parametrize(
    "body", [b"[" * 500_000, b'{"a":' * 150_000, b"{" + b'"a":1,' * 150_000 + b'"a":1}', b"\xff" * 1000, b"9" * 100_000]
)
async def test_deep_long_and_broken_json_is_refused(here: Container, store: FaultyStore, lines: Lines, body: bytes):
    await is_quiet(here, lines, body, signed(body), {400})
    secret = {"X-Telegram-Bot-Api-Secret-Token": "telegram-secret-1"}
    assert (await call(here, "telegram_update", body, headers=secret)).status_code == 400
    assert documents(store) == {}
