"""What lies between us and the others: the clock, and the address we are seen from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address

import httpx

from infra.preflight.result import Result, failed, passed, unknown
from shared.clock import Now

CLOCK, EGRESS = "clock", "egress address"
MOST_SKEW = timedelta(seconds=60)
"""Tokens, invites and the lives of records are counted in minutes; a `Date` header is whole seconds."""
TIMEOUT = 10.0
_LONGEST_ANSWER = 256


@dataclass
class Clocks:
    """Hears what every answer's `Date` header says; `offsets` are by host, theirs minus ours."""

    now: Now
    offsets: dict[str, timedelta] = field(default_factory=dict)

    async def hear(self, response: httpx.Response) -> None:
        """Note one answer's date: an event hook of the client."""
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return
        aware = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        self.offsets[f"{response.url.host}:{response.url.port or ''}".rstrip(":")] = aware - self.now()


def check_clock(offsets: Mapping[str, timedelta]) -> Result:
    """Tell whether our clock agrees with those we spoke to."""
    if not offsets:
        return unknown(CLOCK, "nobody told the time")
    wrong = {host: offset for host, offset in offsets.items() if abs(offset) > MOST_SKEW}
    if not wrong:
        return passed(CLOCK, f"agrees with {', '.join(offsets)}")
    told = ", ".join(f"{host} is {offset.total_seconds():+.0f} s from it" for host, offset in wrong.items())
    return failed(CLOCK, told, "set this machine's clock by NTP; if it is right, tell the owner of the other one")


async def check_egress(http: httpx.AsyncClient, url: str, wanted: str) -> list[Result]:
    """Ask an address of your own which address we come from. Nothing is asked, and nothing said, without one."""
    if not url:
        return []
    seen = await _seen(http, url)
    if seen is None:
        fix = "it must answer with nothing but the caller's IP"
        return [failed(EGRESS, f"{url} did not answer with an address", fix)]
    if wanted and seen != wanted:
        fix = "run this where the functions run, or let this address in at the portal too"
        return [failed(EGRESS, f"we are seen as {seen}, not {wanted}", fix)]
    return [passed(EGRESS, f"we are seen as {seen}")]


async def _seen(http: httpx.AsyncClient, url: str) -> str | None:
    """Return the address an answer consists of; None for anything else."""
    try:
        async with http.stream("GET", url, timeout=TIMEOUT, follow_redirects=False) as answer:
            body = await anext(answer.aiter_bytes(_LONGEST_ANSWER), b"")
            return str(ip_address(body.decode("ascii").strip())) if answer.is_success else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
