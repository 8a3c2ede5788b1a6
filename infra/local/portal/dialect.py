"""What a dialect of the portal is made of: methods by name.

Transport, limits, faults, `batch` and idempotency know only this module; the dialect `contract` (and another beside it)
gives the methods.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.portal.params import Params


@dataclass(frozen=True)
class Caller:
    """Who calls: a webhook by its `path` (`/rest/<user>/<key>/`) or an application by its access `token`.

    Both are secrets, and a native portal puts them into the links it answers with.
    """

    name: str
    path: str = field(default="/rest/", repr=False)
    token: str = field(default="", repr=False)

    @property
    def is_application(self) -> bool:
        """Say whether an OAuth application calls."""
        return bool(self.token)


ANONYMOUS = Caller("nobody")


@dataclass(frozen=True)
class Call:
    """One command as a method gets it. `host` is the portal's address without a slash at the end."""

    params: Params
    host: str
    caller: Caller = ANONYMOUS


@dataclass(frozen=True)
class Reply:
    """What a method answers; `extra` goes beside `result` in the envelope and does not survive a batch.

    With `content` the answer is not JSON at all but the bytes it gives.
    """

    result: Any
    total: int | None = None
    next: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    content: Callable[[], Awaitable[bytes]] | None = None

    def envelope(self) -> dict[str, Any]:
        """Return the answer's envelope without its `time`."""
        body: dict[str, Any] = {"result": self.result, **self.extra}
        if self.total is not None:
            body["total"] = self.total
        if self.next is not None:
            body["next"] = self.next
        return body


@dataclass(frozen=True)
class Method:
    """A REST method: what it does (or raises `RestError`), and whether it changes anything.

    `scope` is the permission it needs, empty for none; not every method may stand in a batch.
    """

    run: Callable[[Call], Reply]
    modifies: bool = False
    scope: str = ""
    in_batch: bool = True


Dialect = Mapping[str, Method]
"""Methods by their lower-case name."""


def php_map(values: Mapping[str, Any]) -> Mapping[str, Any] | list[Any]:
    """Return a map the way PHP prints it: an empty one is `[]`."""
    return values or []
