"""The OAuth server: one refresh token (or one code of a consent) in, one new pair out.

The credentials travel in the query, as the documentation has it; `shared.bitrix.transport` sees to it that no address
gets into an error or a log.

See shared/bitrix/README.md, «Tokens».
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

import httpx

from shared.bitrix.encoding import query_string
from shared.bitrix.envelope import Redactor, fault_in, parse_json
from shared.bitrix.error_codes import BY_CODE, PortalError
from shared.bitrix.errors import AuthFailed, BitrixError, NeedsOperators
from shared.bitrix.tokens.errors import METHODS, GrantRefused, TokenUnavailable
from shared.bitrix.tokens.pair import BadPair, TokenPair, from_answer
from shared.bitrix.transport import ExchangeError, Outgoing, Received, Transport

log = logging.getLogger(__name__)

ANSWER_LIMIT = 64 * 1024
_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class OAuthServer:
    """The token address of the OAuth server, with the application's id and secret. `timeout` is in seconds."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        now: Callable[[], datetime],
        timeout: float = 10.0,
    ) -> None:
        self._transport = Transport(http, url)
        self._client_id = client_id
        self._client_secret = client_secret
        self._now = now
        self.timeout = timeout

    async def refresh(self, pair: TokenPair) -> TokenPair:
        """Trade the refresh token for a new pair, in one HTTP request.

        Raises `GrantRefused` for a refresh token that is not accepted (it may have been used already), another
        `NeedsOperators` when a person must act (application, licence, address), `TokenUnavailable` for everything that
        may pass. After the last one the refresh token may have been used up all the same.
        """
        grant = {"grant_type": "refresh_token", "refresh_token": pair.refresh}
        return await self._granted(grant, (pair.refresh, pair.access))

    async def exchange(self, code: str) -> TokenPair:
        """Trade the code of a person's consent for the first pair; it lives 30 s. Raises what `refresh` raises."""
        return await self._granted({"grant_type": "authorization_code", "code": code}, (code,))

    async def _granted(self, grant: Mapping[str, str], secrets: Sequence[str]) -> TokenPair:
        query = {**grant, "client_id": self._client_id, "client_secret": self._client_secret}
        request = Outgoing("GET", self._transport.root, query_string(query), headers={"Accept": "application/json"})
        asked_at = self._now()
        received = await self._exchange(request)
        body = parse_json(received.body)
        censor = Redactor(secrets=(*secrets, self._client_secret, self._client_id))
        fault = fault_in(body, received.status, censor)
        if fault is None and received.status == HTTPStatus.OK:
            return _pair(body, asked_at)
        raise refusal(fault or PortalError(status=received.status))

    async def _exchange(self, request: Outgoing) -> Received:
        try:
            return await self._transport.exchange(request, timeout=self.timeout, limit=ANSWER_LIMIT)
        except ExchangeError as error:
            problem = TokenUnavailable(f"the OAuth server: {error}", methods=METHODS)
        raise problem


def _pair(body: object, asked_at: datetime) -> TokenPair:
    try:
        return from_answer(body, asked_at)
    except BadPair as odd:
        problem = TokenUnavailable(f"the OAuth server's answer: {odd}", methods=METHODS, http_status=HTTPStatus.OK)
    raise problem


def refusal(fault: PortalError) -> BitrixError:
    """Return the error for what the OAuth server said instead of a pair.

    The word decides. A word or page nobody knows may pass when it is a 5xx or says «slower»; else it would come again,
    so it is for operators.
    """
    code = fault.code.lower()
    message = fault.message or f"HTTP {fault.status}"
    if code == GrantRefused.usual_code:
        return GrantRefused(message, methods=METHODS, http_status=fault.status)
    kind = BY_CODE.get(code)
    if kind is None and code:
        log.warning("unknown error code %s from the OAuth server (HTTP %s)", fault.code, fault.status)
    if kind is None and _would_come_again(fault.status):
        kind = AuthFailed
    if kind is not None and issubclass(kind, NeedsOperators):
        return kind(message, code=fault.code, methods=METHODS, http_status=fault.status)
    return TokenUnavailable(message, code=fault.code, methods=METHODS, http_status=fault.status)


def _would_come_again(status: int | None) -> bool:
    return status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _MAY_PASS
