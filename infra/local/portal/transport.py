"""The REST end point: from an HTTP request to a method of the dialect and back.

The order of things is that of a real portal: the rate bucket, then who calls, then the method. Faults on demand strike
between the last two.

See shared/bitrix/README.md, «Calling a method».
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from infra.local.clock import Clock
from infra.local.portal.auth import Credentials
from infra.local.portal.calls import CallLog, CallRecord, visible_headers, without_secrets
from infra.local.portal.commands import Command, method_name
from infra.local.portal.dialect import Caller
from infra.local.portal.encoding import read_params
from infra.local.portal.errors import (
    RequestTimeoutError,
    RestError,
    access_denied,
    expired_token,
    insufficient_scope,
    internal,
    method_not_found,
    overload,
    query_limit,
)
from infra.local.portal.faults import Fault, FaultBook, FaultKind
from infra.local.portal.idempotency import IdempotencyKeys, Outcome, check_key
from infra.local.portal.limiter import LeakyBucket
from infra.local.portal.oauth import TokenServer
from infra.local.portal.options import PortalOptions
from infra.local.portal.renaming import moved, new_address
from infra.local.portal.runner import BATCH, Progress, Runner, Trouble, Work
from infra.local.portal.timing import Stopwatch

REPLAYED_HEADER = "Idempotent-Replayed"
_JSON = "application/json; charset=utf-8"
_HTML = "text/html; charset=utf-8"

_REFUSALS: Mapping[FaultKind, Callable[[], RestError]] = {
    FaultKind.SERVER_ERROR: internal,
    FaultKind.RATE_LIMIT: query_limit,
    FaultKind.EXPIRED_TOKEN: expired_token,
    FaultKind.OVERLOAD: overload,
    FaultKind.ACCESS_DENIED: access_denied,
    FaultKind.INSUFFICIENT_SCOPE: insufficient_scope,
}


@dataclass(frozen=True)
class _Asked:
    """A request that was let in."""

    work: Work
    commands: list[Command]
    key: str


class RestEndpoint:
    """Answers `/rest/<user>/<key>/<method>` and `/rest/<method>`."""

    def __init__(self, runner: Runner, options: PortalOptions, clock: Clock, tokens: TokenServer) -> None:
        self.calls = CallLog()
        self.faults = FaultBook(options.seed)
        self.credentials = Credentials(options, tokens)
        self.tokens = tokens
        self._runner = runner
        self._options = options
        self._clock = clock
        self._bucket = LeakyBucket(options.rate, options.burst, clock)
        self._keys = IdempotencyKeys(clock)

    async def handle(self, request: Request) -> Response:
        """Answer one request and record it."""
        watch = Stopwatch.start(self._clock)
        record = CallRecord(
            time=watch.started_at,
            kind="rest",
            http_method=request.method,
            method=method_name(request.path_params["method"]),
            path=_visible_path(request),
            headers=visible_headers(request.headers),
        )
        self.calls.add(record)
        try:
            outcome, replayed, fault = await self._answer(request, record)
        except RestError as error:
            outcome, replayed, fault = _refusal(error, watch), False, None
        record.duration = self._clock.monotonic() - watch.started
        if fault is not None and fault.kind in (FaultKind.TIMEOUT_AFTER, FaultKind.TIMEOUT_BEFORE):
            return await self._keep_silent(request)
        record.status, record.error, record.replayed = outcome.status, outcome.error, replayed
        headers = {REPLAYED_HEADER: "true"} if replayed else {}
        if outcome.location:
            headers["Location"] = outcome.location
        return Response(outcome.body, outcome.status, headers, media_type=outcome.content_type)

    async def _answer(self, request: Request, record: CallRecord) -> tuple[Outcome, bool, Fault | None]:
        moved_to = new_address(request, self._options.renamed_to)
        if moved_to:
            return moved(moved_to), False, None
        params = await read_params(request, self._options.body_limit)
        work = Work(record.method, without_secrets(params), self._host(request))
        record.params = work.params
        self.count_request()
        work = replace(work, caller=self._caller(request, params))
        commands = self._runner.commands(work)
        record.commands = [{"key": c.key, "method": c.method, "params": c.params} for c in commands]
        fault = self.faults.strike({work.method, *(command.method for command in commands)})
        if fault is not None:
            record.fault = fault.kind.value
            spoilt = await self._spoil(fault, request)
            if spoilt is not None:
                return spoilt, False, fault
            work = replace(work, trouble=_trouble(fault))
        key = request.headers.get("idempotency-key", "")
        outcome, replayed = await self._do(_Asked(work, commands, key), record)
        if fault is not None and fault.kind is FaultKind.DONE_THEN_5XX:
            return _refusal(internal(), Stopwatch.start(self._clock)), False, fault
        return outcome, replayed, fault

    def count_request(self) -> None:
        """Count one HTTP request to REST. Raises `RestError` QUERY_LIMIT_EXCEEDED when the bucket is full."""
        if not self._bucket.take():
            raise query_limit()

    def _caller(self, request: Request, params: dict[str, Any]) -> Caller:
        if "key" in request.path_params:
            return self.credentials.check_webhook(request.path_params["user"], request.path_params["key"])
        return self.credentials.check_token(request.headers, params)

    def _host(self, request: Request) -> str:
        return (self._options.public_url or str(request.base_url)).rstrip("/")

    async def _spoil(self, fault: Fault, request: Request) -> Outcome | None:
        """Return the answer a fault gives in place of the work, or None when the work is done all the same."""
        refusal = _REFUSALS.get(fault.kind)
        if refusal is not None:
            raise refusal()
        if fault.kind is FaultKind.HTML_502:
            return _gateway(502, "Bad Gateway")
        if fault.kind is FaultKind.TIMEOUT_BEFORE:
            return _gateway(504, "Gateway Time-out")
        if fault.kind is FaultKind.RENAMED:
            return moved(new_address(request, fault.location or None, else_alias=True))
        if fault.kind is FaultKind.SLOW:
            await self._clock.sleep(fault.seconds)
        return None

    async def _do(self, asked: _Asked, record: CallRecord) -> tuple[Outcome, bool]:
        if not self._runner.knows(asked.work.method):
            raise method_not_found()
        if not self._runner.modifies(asked.work, asked.commands):
            return await self._work(asked, record), False
        if self._options.dialect == "native":  # a real portal ignores the key and finishes what it began
            return await asyncio.shield(asyncio.ensure_future(self._work(asked, record))), False
        key = check_key(asked.key)
        scope = f"{asked.work.caller.name} {asked.work.method}"
        return await self._keys.once(scope, key, _fingerprint(asked.work), lambda: self._work(asked, record))

    async def _work(self, asked: _Asked, record: CallRecord) -> Outcome:
        watch, progress = Stopwatch.start(self._clock), Progress()
        try:
            reply = await self._runner.run(asked.work, asked.commands, watch, progress)
            if reply.content is not None:
                return Outcome(200, await reply.content(), content_type="application/octet-stream")
        except RestError as error:
            return _refusal(error, watch)
        except RequestTimeoutError:
            return _gateway(504, "Gateway Time-out", keep=progress.changed)
        for command, entry in zip(asked.commands, record.commands, strict=True):
            if command.key in progress.errors:
                entry["error"] = progress.errors[command.key]["error"]
        body = {**reply.envelope(), "time": watch.view(operating=asked.work.method != BATCH)}
        return Outcome(200, _dump(body), keep=progress.changed)

    async def _keep_silent(self, request: Request) -> Response:
        """Hold the request unanswered until its client goes away, or for `silence` seconds."""
        gone = asyncio.ensure_future(request.receive())
        bored = asyncio.ensure_future(self._clock.sleep(self._options.silence))
        try:
            await asyncio.wait([gone, bored], return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            bored.cancel()
            await asyncio.gather(gone, bored, return_exceptions=True)
        silent = _gateway(504, "Gateway Time-out")
        return Response(silent.body, silent.status, media_type=silent.content_type)


def _trouble(fault: Fault) -> Trouble:
    """Return what a fault does inside the request."""
    if fault.kind is FaultKind.PARTIAL_BATCH:
        return Trouble(dies_after=fault.commands)
    if fault.kind is FaultKind.OPERATION_LIMIT:
        return Trouble(over_budget=fault.method or "")
    if fault.kind is FaultKind.SAVED_THEN_REFUSED:
        return Trouble(saves_first=fault.saves_first)
    return Trouble()


def _visible_path(request: Request) -> str:
    if "key" in request.path_params:
        return f"/rest/{request.path_params['user']}/***/{request.path_params['method']}"
    return request.url.path


def _fingerprint(work: Work) -> str:
    return hashlib.sha256(json.dumps(work.params, sort_keys=True).encode()).hexdigest()


def _refusal(error: RestError, watch: Stopwatch) -> Outcome:
    body = _dump({**error.body(), "time": watch.view(operating=False)})
    return Outcome(error.status, body, error=str(error.code), content_type=_JSON)


def _gateway(status: int, reason: str, *, keep: bool = False) -> Outcome:
    page = (
        f"<html>\r\n<head><title>{status} {reason}</title></head>\r\n"
        f"<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Outcome(status, page.encode(), keep=keep, error=reason, content_type=_HTML)


def _dump(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
