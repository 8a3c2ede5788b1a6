"""A portal that got another name: 302 to the same path there; the client repeats the body."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from infra.local.portal.idempotency import Outcome

_ALIASES = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


def new_address(request: Request, location: str | None, *, else_alias: bool = False) -> str:
    """Return the URL a request should have gone to; empty when it already came to the right host.

    `location` is the new `https://host:port`. Without one, `else_alias` gives the other name of this machine.
    """
    url = request.url
    if location:
        target = urlsplit(location)
        if target.netloc == url.netloc:
            return ""
        return str(url.replace(scheme=target.scheme, netloc=target.netloc))
    if not else_alias:
        return ""
    other = _ALIASES.get(url.hostname or "", "renamed.portal.test")
    return str(url.replace(hostname=other))


def moved(url: str) -> Outcome:
    """Return the redirect. Its address holds the webhook's key, as the original did."""
    page = b"<html><head><title>302 Found</title></head><body><h1>302 Found</h1></body></html>"
    return Outcome(302, page, error="302", content_type="text/html", location=url)
