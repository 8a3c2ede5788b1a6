"""The token server over HTTP: `/oauth/authorize/` and `/oauth/token/`.

The person's consent is taken for granted. Token requests are recorded (kind `oauth`, method `oauth.token`) without
their secrets, and faults that name this method strike here: `5xx`, `html_502` and `timeout_before` lose the request,
`done_then_5xx` and `timeout_after` lose the answer, which is how a rotated pair gets lost.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.local.clock import Clock
from infra.local.portal.calls import CallRecord, visible_headers
from infra.local.portal.encoding import read_params
from infra.local.portal.errors import RestError
from infra.local.portal.faults import OAUTH_TOKEN, FaultKind
from infra.local.portal.oauth import Grant, TokenServer
from infra.local.portal.options import PortalOptions
from infra.local.portal.transport import RestEndpoint

_BODY_LIMIT = 64 * 1024
_LOSES_REQUEST = frozenset({FaultKind.SERVER_ERROR, FaultKind.HTML_502, FaultKind.TIMEOUT_BEFORE})
_LOSES_ANSWER = frozenset({FaultKind.DONE_THEN_5XX, FaultKind.TIMEOUT_AFTER})


class OAuthEndpoint:
    """The authorization server's two addresses."""

    def __init__(self, tokens: TokenServer, rest: RestEndpoint, options: PortalOptions, clock: Clock) -> None:
        self._tokens = tokens
        self._rest = rest
        self._options = options
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/oauth/authorize/", self.authorize, methods=["GET"]),
            Route("/oauth/token/", self.token, methods=["GET", "POST"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """Send the person back to the application with a code."""
        code = self._tokens.authorize(request.query_params.get("client_id", ""))
        host = urlsplit(self.host(request)).netloc
        query = {
            "code": code,
            "state": request.query_params.get("state", ""),
            "domain": host,
            "member_id": self._options.native.member_id,
            "scope": ",".join(self._options.native.scopes),
            "server_domain": host,
        }
        return RedirectResponse(f"{self._tokens.options.redirect_url}?{urlencode(query)}", 302)

    async def token(self, request: Request) -> Response:
        """Give out a pair for a code or for a refresh token."""
        params = await read_params(request, _BODY_LIMIT)
        record = self._record(request, params)
        fault = self._rest.faults.strike({OAUTH_TOKEN})
        record.fault = fault.kind.value if fault is not None else None
        if fault is not None and fault.kind in _LOSES_REQUEST:
            return _gateway(record)
        try:
            grant = self._tokens.grant(params)
        except RestError as error:
            record.status, record.error = error.status, str(error.code)
            raise
        if fault is not None and fault.kind in _LOSES_ANSWER:
            return _gateway(record)
        record.status = 200
        return JSONResponse(self.view(grant, request), headers={"Cache-Control": "no-store"})

    def view(self, grant: Grant, request: Request) -> dict[str, Any]:
        """Return a pair as the authorization server writes it; `domain` is the server's, not the portal's."""
        host = self.host(request)
        return {
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "expires": grant.expires,
            "expires_in": grant.expires_in,
            "client_endpoint": f"{host}/rest/",
            "server_endpoint": f"{host}/rest/",
            "domain": urlsplit(host).netloc,
            "member_id": self._options.native.member_id,
            "scope": ",".join(self._options.native.scopes),
            "status": "L",
            "user_id": int(self._options.webhook_user),
        }

    def host(self, request: Request) -> str:
        """Return the portal's address without a slash at the end."""
        return (self._options.public_url or str(request.base_url)).rstrip("/")

    def _record(self, request: Request, params: dict[str, Any]) -> CallRecord:
        record = CallRecord(
            time=self._clock.now(),
            kind="oauth",
            http_method=request.method,
            method=OAUTH_TOKEN,
            path=request.url.path,
            headers=visible_headers(request.headers),
            params={"grant_type": params.get("grant_type")},
        )
        self._rest.calls.add(record)
        return record


def _gateway(record: CallRecord) -> Response:
    record.status, record.error = 502, "Bad Gateway"
    return HTMLResponse("<html>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n", 502)
