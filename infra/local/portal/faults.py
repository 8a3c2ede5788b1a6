"""Faults on demand: what goes wrong with the next requests, or with some share of them.

| kind | what happens |
|---|---|
| `5xx` | 500 INTERNAL_SERVER_ERROR, nothing done |
| `done_then_5xx` | the same answer, but the work is done |
| `timeout_before`, `timeout_after` | no answer at all; nothing done, or all done |
| `rate_limit`, `overload` | 503 QUERY_LIMIT_EXCEEDED, 503 OVERLOAD_LIMIT |
| `expired_token`, `access_denied`, `insufficient_scope` | 401, 403, 403 of that name |
| `saved_then_refused` | `method` is done, then its warning is its error: such methods are `WARNINGS_ARE_ERRORS` |
| `operation_limit` | 429 OPERATION_TIME_LIMIT for the method, inside a batch for each command of it |
| `slow` | `seconds` longer than usual |
| `html_502` | the page of a gateway, nothing done |
| `partial_batch` | a batch dies after `commands` of its commands (those are done), then 504 in HTML |
| `renamed` | 302 to `location`, or to the same port under another name of this machine |

The token end point is the method `oauth.token`; a fault strikes there only when it names it.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What can go wrong."""

    SERVER_ERROR = "5xx"
    TIMEOUT_AFTER = "timeout_after"
    TIMEOUT_BEFORE = "timeout_before"
    RATE_LIMIT = "rate_limit"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a fault, not a secret
    SLOW = "slow"
    HTML_502 = "html_502"
    DONE_THEN_5XX = "done_then_5xx"
    PARTIAL_BATCH = "partial_batch"
    OPERATION_LIMIT = "operation_limit"
    OVERLOAD = "overload"
    RENAMED = "renamed"
    ACCESS_DENIED = "access_denied"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    SAVED_THEN_REFUSED = "saved_then_refused"


BATCH = "batch"
OAUTH_TOKEN = "oauth.token"  # noqa: S105 - the name of an end point, not a secret
WARNINGS_ARE_ERRORS = frozenset({
    "sale.order.delete",
    "sale.order.modify",
    "sale.payment.update",
    "sale.shipment.add",
    "sale.shipment.update",
    "sale.shipmentitem.add",
})  # fmt: skip
"""Methods that save first, of those this portal has (shared/bitrix/CORE.md, «6. Deals, payments, refusals»)."""


@dataclass
class Fault:
    """A fault in force.

    It hits the next `count` requests, or each with the probability `rate`; with `method`, only requests of that method
    and batches that hold it. `seconds` is how much longer a `slow` request takes, `commands` after how many a
    `partial_batch` dies, `location` the new address of a `renamed` portal (empty: another name of this machine).
    """

    id: int
    kind: FaultKind
    count: int | None = 1
    rate: float | None = None
    method: str | None = None
    seconds: float = 0.0
    hits: int = 0
    commands: int = 1
    location: str = ""

    def view(self) -> dict[str, Any]:
        """Return the fault as JSON; `count` is how many hits are left."""
        special: dict[str, Any] = {}
        if self.kind is FaultKind.PARTIAL_BATCH:
            special = {"commands": self.commands}
        if self.kind is FaultKind.RENAMED:
            special = {"location": self.location}
        return {
            "id": self.id,
            "kind": self.kind.value,
            "count": self.count,
            "rate": self.rate,
            "method": self.method,
            "seconds": self.seconds,
            "hits": self.hits,
            **special,
        }

    @property
    def saves_first(self) -> frozenset[str]:
        """Methods that this fault lets save before they refuse."""
        return WARNINGS_ARE_ERRORS if self.method is None else WARNINGS_ARE_ERRORS & {self.method}

    def concerns(self, methods: Collection[str]) -> bool:
        """Say whether the fault is still in force for a request that carries these methods."""
        if self.count == 0 or (self.kind is FaultKind.PARTIAL_BATCH and BATCH not in methods):
            return False
        if self.kind is FaultKind.SAVED_THEN_REFUSED:
            return bool(self.saves_first & set(methods))
        return self.method in methods or (self.method is None and OAUTH_TOKEN not in methods)


class FaultBook:
    """The faults in force, oldest first."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._faults: list[Fault] = []
        self._next_id = 1

    def add(
        self,
        kind: FaultKind,
        *,
        count: int | None = None,
        rate: float | None = None,
        method: str | None = None,
        seconds: float = 5.0,
        commands: int = 1,
        location: str = "",
    ) -> Fault:
        """Put a fault in force; without `count` and `rate` it hits once."""
        hits = count if count is not None or rate is not None else 1
        lower = method.lower() if method else None
        longer = seconds if kind is FaultKind.SLOW else 0.0
        fault = Fault(self._next_id, kind, hits, rate, lower, longer, commands=commands, location=location)
        self._next_id += 1
        self._faults.append(fault)
        return fault

    def all(self) -> list[Fault]:
        """Return every fault, spent ones included."""
        return list(self._faults)

    def end(self, fault: Fault) -> None:
        """Let one fault strike no more."""
        self._faults = [one for one in self._faults if one is not fault]

    def clear(self) -> None:
        """Let everything work again."""
        self._faults.clear()

    def strike(self, methods: Collection[str]) -> Fault | None:
        """Return the fault that hits this request, and count the hit."""
        for fault in self._faults:
            if fault.concerns(methods) and (fault.rate is None or self._dice.random() < fault.rate):
                fault.hits += 1
                if fault.count is not None:
                    fault.count -= 1
                return fault
        return None
