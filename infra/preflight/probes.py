"""The two public functions: they must be there, take what is signed and refuse what is not.

A probe is an event of a kind nobody uses, so it leads to nothing but a record that is forgotten after ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from pydantic import SecretStr

from infra.preflight.result import Result, failed, passed, unknown
from shared.entry.setting_views import EventSettings
from shared.settings import Settings

TIMEOUT = 15.0
"""Seconds: a cold start is part of it."""
TELEGRAM, EVENTS = "telegram function", "portal events"
_TELEGRAM_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Probe:
    """A request as its sender would make it, and the same as a stranger would."""

    name: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    forged_body: bytes = field(repr=False)
    forged_headers: Mapping[str, str] = field(repr=False)
    setting: str


async def check_telegram_function(http: httpx.AsyncClient, config: Settings, url: str) -> list[Result]:
    """Probe the function that takes Telegram's updates."""
    if not url:
        return [unknown(TELEGRAM, "not probed", "name its address with --telegram-webhook URL")]
    secret = config.telegram_webhook_secret
    if secret is None:
        return [failed(TELEGRAM, "TELEGRAM_WEBHOOK_SECRET is not set: every update is refused", "set it")]
    body = json.dumps({"update_id": 0, "preflight": {}}).encode()
    right, wrong = {_TELEGRAM_SECRET: secret.get_secret_value()}, {_TELEGRAM_SECRET: "preflight-guesses"}
    probe = Probe(TELEGRAM, body, right, body, wrong, "TELEGRAM_WEBHOOK_SECRET")
    return await _sent(http, url, probe)


async def check_events(http: httpx.AsyncClient, config: Settings, url: str) -> list[Result]:
    """Probe the function that takes the portal's events, in each of its two modes that is open."""
    if not url:
        return [unknown(EVENTS, "not probed", "name its address with --bitrix-webhook URL")]
    probes = list(_event_probes(config))
    if not probes:
        reason = "neither WEBHOOK_SECRET nor BITRIX_APPLICATION_TOKEN is set: every event is refused"
        return [failed(EVENTS, reason, "set the one the sender signs with")]
    return [result for probe in probes for result in await _sent(http, url, probe)]


def _event_probes(settings: Settings) -> Iterator[Probe]:
    config = settings.require(EventSettings)
    event_id = f"preflight-{uuid4()}"
    if config.webhook_secret:
        body = json.dumps({"event": "PREFLIGHT", "event_id": event_id, "data": {}}).encode()
        right = {"Content-Type": _JSON, "X-Webhook-Signature": _signature(body, config.webhook_secret)}
        yield Probe(f"{EVENTS} (JSON)", body, right, body, {"Content-Type": _JSON}, "WEBHOOK_SECRET")
    if config.bitrix_application_token:
        token = config.bitrix_application_token.get_secret_value()
        right, member = {"Content-Type": _FORM}, config.bitrix_member_id
        body, forged = _form(event_id, member, token), _form(event_id, member, "preflight-guesses")
        yield Probe(f"{EVENTS} (form)", body, right, forged, right, "BITRIX_APPLICATION_TOKEN")


def _signature(body: bytes, secret: SecretStr) -> str:
    return hmac.new(secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()


def _form(event_id: str, member_id: str, token: str) -> bytes:
    auth = {"auth[member_id]": member_id, "auth[application_token]": token}
    return urlencode({"event": "PREFLIGHT", "event_handler_id": event_id, **auth}).encode()


async def _sent(http: httpx.AsyncClient, url: str, probe: Probe) -> list[Result]:
    """Send both; the forged one only where somebody answers."""
    answer = await _post(http, url, probe.body, probe.headers)
    if isinstance(answer, str):
        return [failed(probe.name, f"{url}: {answer}", "is the function deployed, and the address its own?")]
    first = _signed(probe, answer)
    forged = await _post(http, url, probe.forged_body, probe.forged_headers)
    return [first, _forged(probe, forged)]


def _signed(probe: Probe, status: int) -> Result:
    if status == HTTPStatus.OK:
        return passed(probe.name, "reachable, and takes what is signed")
    if status == HTTPStatus.UNAUTHORIZED:
        fix = f"{probe.setting} here differs from the function's"
        return failed(probe.name, "401: signed with another secret", fix)
    fix = "is this the function's address? Its log tells more"
    return failed(probe.name, f"HTTP {status} to a signed request", fix)


def _forged(probe: Probe, status: int | str) -> Result:
    name = f"{probe.name}, unsigned"
    if status == HTTPStatus.UNAUTHORIZED:
        return passed(name, "refused")
    reason = f"must be refused with 401, was answered {status}"
    return failed(name, reason, "take it off the net: it is not our function")


async def _post(http: httpx.AsyncClient, url: str, body: bytes, headers: Mapping[str, str]) -> int | str:
    """Return the status, or in one word why there is none."""
    try:
        # Streamed: the body of whoever answers is of no interest, however long it is.
        async with http.stream(
            "POST", url, content=body, headers=dict(headers), timeout=TIMEOUT, follow_redirects=False
        ) as answer:
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
