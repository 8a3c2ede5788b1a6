"""Faults on demand: what goes wrong with the next requests, or with some share of them."""

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


@dataclass
class Fault:
    """A fault in force.

    It hits the next `count` requests, or each with the probability `rate`; with `method`, only requests of that method
    and batches that hold it. `seconds` is how much longer a `slow` request takes.
    """

    id: int
    kind: FaultKind
    count: int | None = 1
    rate: float | None = None
    method: str | None = None
    seconds: float = 0.0
    hits: int = 0

    def view(self) -> dict[str, Any]:
        """Return the fault as JSON; `count` is how many hits are left."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "count": self.count,
            "rate": self.rate,
            "method": self.method,
            "seconds": self.seconds,
            "hits": self.hits,
        }

    def concerns(self, methods: Collection[str]) -> bool:
        """Say whether the fault is still in force for a request that carries these methods."""
        return self.count != 0 and (self.method is None or self.method in methods)


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
    ) -> Fault:
        """Put a fault in force; without `count` and `rate` it hits once."""
        hits = count if count is not None or rate is not None else 1
        lower = method.lower() if method else None
        fault = Fault(self._next_id, kind, hits, rate, lower, seconds if kind is FaultKind.SLOW else 0.0)
        self._next_id += 1
        self._faults.append(fault)
        return fault

    def all(self) -> list[Fault]:
        """Return every fault, spent ones included."""
        return list(self._faults)

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
