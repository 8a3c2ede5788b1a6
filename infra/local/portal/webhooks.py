"""Events of the portal, delivered in the background; those of the contract are made here (spec §2 last row, §4).

A delivery of the contract is `POST` of JSON with `X-Webhook-Signature` = hex HMAC-SHA256 of the raw body. A 5xx answer
or a broken connection is tried again with a growing pause, a bounded number of times (`Delivery.tries`); any other
answer ends the matter. Events of one order wait for each other, so they never overtake; orders do not wait for other
orders. Nothing here blocks the change that caused the event.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx

from infra.local.clock import Clock
from infra.local.portal.options import PortalOptions

SIGNATURE_HEADER = "X-Webhook-Signature"
_MAX_PAUSE = 30.0
_SERVER_ERROR = 500
_ERROR = 300


class Event(StrEnum):
    """The events of the spec's §4."""

    PAID = "ONSALEORDERPAYMENT_PAID"
    DELIVERY = "ONSALEORDERDELIVERY_SHPMENTSETMARKED"
    SAVED = "ONSALEORDER_ENTITY_SAVED"
    RETURN = "RMA_STATUS_CHANGED"


class DeliveryState(StrEnum):
    """How a delivery stands; the last three are final."""

    PENDING = "pending"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass
class Delivery:
    """An event on its way. `attempts` holds one entry a try (`tries` at most): time, HTTP status or what broke.

    `event_id` is empty for a native event, which has none.
    """

    event_id: str
    event: str
    data: Mapping[str, str]
    created_at: datetime
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tries: int = 1
    state: DeliveryState = DeliveryState.PENDING
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def view(self) -> dict[str, Any]:
        """Return the delivery as JSON."""
        return {
            "event_id": self.event_id,
            "event": str(self.event),
            "data": dict(self.data),
            "created_at": self.created_at.isoformat(timespec="milliseconds"),
            "state": self.state.value,
            "attempts": list(self.attempts),
        }


def sign(body: bytes, secret: str) -> str:
    """Return the signature of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class WebhookSender:
    """Sends events in the background, one lane per order. `url` may be set after the start; None sends nothing."""

    def __init__(self, options: PortalOptions, clock: Clock, http: httpx.AsyncClient) -> None:
        self.url = options.webhook_url
        self._options = options
        self._clock = clock
        self._http = http
        self._deliveries: list[Delivery] = []
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    def announce(self, event: Event, data: Mapping[str, str], lane: str) -> Delivery | None:
        """Send a signed event; None when there is nowhere to send."""
        if self.url is None:
            return None
        now = self._clock.now()
        event_id = str(uuid.uuid4())
        body = {"event": event.value, "event_id": event_id, "data": dict(data), "ts": int(now.timestamp())}
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign(raw, self._options.webhook_secret)}
        delivery = Delivery(event_id, event, data, now, raw, headers, self._options.webhook_attempts)
        self.send(delivery, self.url, lane)
        return delivery

    def send(self, delivery: Delivery, url: str, lane: str) -> None:
        """Send an event after those already waiting in the same lane."""
        self._deliveries.append(delivery)
        before = self._lanes.get(lane)
        task = asyncio.create_task(self._deliver(delivery, url, before))
        self._lanes[lane] = task
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._leave(lane, done))

    def _leave(self, lane: str, done: asyncio.Task[None]) -> None:
        self._under_way.discard(done)
        if self._lanes.get(lane) is done:
            del self._lanes[lane]

    async def _deliver(self, delivery: Delivery, url: str, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        pause = self._options.webhook_backoff
        for attempt in range(delivery.tries):
            if attempt:
                await self._clock.sleep(pause)
                pause = min(pause * 2, _MAX_PAUSE)
            if await self._try(delivery, url):
                return
        delivery.state = DeliveryState.GIVEN_UP

    async def _try(self, delivery: Delivery, url: str) -> bool:
        """Make one attempt; True when the delivery is settled."""
        note: dict[str, Any] = {"time": self._clock.now().isoformat(timespec="milliseconds")}
        delivery.attempts.append(note)
        try:
            answer = await self._http.post(
                url, content=delivery.body, headers=dict(delivery.headers), timeout=self._options.webhook_timeout
            )
        except httpx.HTTPError as error:
            note["error"] = type(error).__name__
            return False
        note["status"] = answer.status_code
        if answer.status_code >= _SERVER_ERROR:
            return False
        delivery.state = DeliveryState.REFUSED if answer.status_code >= _ERROR else DeliveryState.DELIVERED
        return True

    def all(self) -> list[Delivery]:
        """Return every event, oldest first."""
        return list(self._deliveries)

    async def settle(self) -> None:
        """Wait until nothing is on its way."""
        while self._lanes:
            await asyncio.wait(list(self._lanes.values()))
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Stop what is on its way, also what others of its lane wait for."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
