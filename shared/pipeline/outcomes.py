"""The outcomes a request to the portal can have, in the pipeline's own words.

The pipeline does not know Bitrix; who wires the two together translates (`shared.assistant.bitrix_backend`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

BackendRequest = Any
"""What a job kind asks for; only the back end looks inside."""


@dataclass(frozen=True)
class Answered:
    """It was done; `value` is what came back."""

    value: Any


@dataclass(frozen=True)
class Postponed:
    """It was not run (rate limit, pause of a method); try again at `until`, which costs no attempt."""

    until: datetime


@dataclass(frozen=True)
class TokenRenewed:
    """It was not run because the credential was out of date; there is a new one now. Worth another try at once."""

    code: str


@dataclass(frozen=True)
class TransientFailure:
    """It failed for a reason that may pass (timeout of a read, 5xx). Worth another attempt.

    Of a write it also says that it was surely not run: it never got out.
    """

    code: str


@dataclass(frozen=True)
class UnknownOutcome:
    """A write whose outcome nobody knows: the request went out, no answer came."""

    code: str


@dataclass(frozen=True)
class Refusal:
    """The portal said no. `operators`: people must look (credentials, rights, a method missing).

    `unsure`: it was not even a no — the outcome of a write was never found out. `partly`: the no came after some of the
    write had been done; `at` is the command that was refused then, by its key in the request.
    """

    code: str
    message: str = ""
    operators: bool = False
    unsure: bool = False
    partly: bool = False
    at: str = ""


Outcome = Answered | Postponed | TokenRenewed | TransientFailure | UnknownOutcome | Refusal


class Backend(Protocol):
    """What performs requests: each call is exactly one HTTP request to the portal.

    Each may raise `StoreError` instead, when the credential it needs is out of reach: then nothing was run.
    """

    def weight(self, request: BackendRequest) -> int:
        """Return how many of the 50 commands of a shared request it takes."""
        ...

    def asks(self, request: BackendRequest) -> str:
        """Return what it asks, word by word: reads that ask the same share commands and answer. "" is like no other."""
        ...

    async def read(self, requests: Sequence[BackendRequest]) -> list[Outcome]:
        """Perform reads together; one outcome per request, in order."""
        ...

    async def write(self, request: BackendRequest, idempotency_key: str) -> Outcome:
        """Perform one modifying request."""
        ...

    async def fetch(self, request: BackendRequest) -> Outcome:
        """Download one file; the value is its bytes."""
        ...
