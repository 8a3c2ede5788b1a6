"""How checks ask the portal, and what they say when it does not answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from infra.preflight.result import Result, failed
from shared.bitrix.errors import (
    AccessDenied,
    AuthFailed,
    BitrixError,
    MethodMissing,
    MissingScope,
    NotSent,
    PortalFailed,
)
from shared.bitrix.portal import Operation
from shared.bitrix.tokens import TokenDead, TokenMissing

T = TypeVar("T")

SCOPES = ("catalog", "sale", "pay_system", "salescenter", "crm", "disk")
"""What the bot's methods need on a real portal (shared/bitrix/README.md, «Rights and keys»)."""

_FIXES: Sequence[tuple[type[BitrixError], str]] = (
    (TokenMissing, "install the application's first pair: assistant tokens install"),
    (TokenDead, "install the application again at the portal, then: assistant tokens install"),
    (AuthFailed, "make an inbound webhook at the portal and put its whole address into BITRIX_BASE_URL"),
    (AccessDenied, "the portal's plan must include REST, and the user behind the key must be an administrator"),
    (MissingScope, f"give the webhook or application the scopes {', '.join(SCOPES)}"),
    (MethodMissing, "is BITRIX_BASE_URL this portal's REST address, and BITRIX_DIALECT how it speaks?"),
    (NotSent, "is the host in BITRIX_BASE_URL right, and may this machine reach it?"),
    (PortalFailed, "open the portal in a browser; when it is up, run this again"),
)


Sleep = Callable[[float], Awaitable[None]]
"""Waits for some seconds."""


class Reader(Protocol):
    """What asks a portal: `BitrixClient`."""

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
        """Perform reads in one HTTP request; return each one's value or error, in order."""
        ...


class Client(Reader, Protocol):
    """What asks a portal and changes it: `BitrixClient`."""

    async def write(self, operation: Operation[T], key: str) -> T:
        """Perform a change in one HTTP request; raise `BitrixError`."""
        ...


@dataclass
class Paced:
    """A client that waits before each request but the first, for the functions' own calls go on meanwhile."""

    client: Client
    per_second: float
    sleep: Sleep
    requests: int = 0

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
        """Perform reads when it is their turn."""
        await self._turn()
        return await self.client.read(operations)

    async def write(self, operation: Operation[T], key: str) -> T:
        """Perform a change when it is its turn."""
        await self._turn()
        return await self.client.write(operation, key)

    async def _turn(self) -> None:
        if self.requests:
            await self.sleep(1 / self.per_second)
        self.requests += 1


async def ask(reader: Reader, operation: Operation[T]) -> T | BitrixError:
    """Perform one read."""
    (answer,) = await reader.read([operation])
    found: T | BitrixError = answer
    return found


def batches(names: Sequence[str], size: int) -> list[Sequence[str]]:
    """Return the names in parts that one request takes: a read has 3 seconds."""
    return [names[start : start + size] for start in range(0, len(names), size)]


def unanswered(name: str, error: BitrixError) -> Result:
    """Return the line of a check whose question was not answered."""
    return failed(name, str(error), fix_of(error))


def fix_of(error: BitrixError) -> str:
    """Return what to do about an error of the portal, "" when the error says it all."""
    return next((fix for kind, fix in _FIXES if isinstance(error, kind)), "")
