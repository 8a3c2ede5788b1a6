"""The client of a portal: operations in, answers out, one HTTP request each time.

The one exception to «one HTTP request» is a portal that was renamed, see `shared.bitrix.transport`.

See shared/pipeline/README.md, «Jobs and permits».
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from shared.bitrix.auth import Auth
from shared.bitrix.calls import Outcomes, PackedCall, censor_of, decode, exchange_failed, outgoing, pack
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.envelope import parse_json
from shared.bitrix.error_codes import PortalError, classify
from shared.bitrix.errors import BadAnswer, BitrixError, PartlyDone, Refused, Verdict
from shared.bitrix.pictures import METHOD as PICTURE
from shared.bitrix.pictures import PICTURE_LIMIT, picture_bytes, picture_command, picture_request
from shared.bitrix.portal import Answer, Command, Operation, weight_together
from shared.bitrix.transport import ExchangeError, Outgoing, Received, Transport
from shared.tracing import span

T = TypeVar("T")

log = logging.getLogger(__name__)

ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of an answer; fifty pages of fifty products are about 3 MB."""
PAUSE_WITHOUT_END = timedelta(minutes=1)
"""How long a method rests when the portal does not say for how long."""
_SHORTEST_SECRET = 4
_ODD_DATA = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class CallReport:
    """What one HTTP request was like. `methods` has one entry per command, `duration` is in seconds.

    `verdict` is None when the portal answered (single commands of a batch may have failed all the same), `http_status`
    is None when there was no answer, `operating` has the seconds used of methods' ten-minute budgets, where the portal
    tells.
    """

    methods: tuple[str, ...]
    verdict: Verdict | None
    duration: float
    http_status: int | None
    operating: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def per_command(self) -> float:
        """Seconds per command."""
        return self.duration / max(1, len(self.methods))


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class BitrixClient:
    """Speaks to one portal. `base_url` ends in `/rest/` or `/rest/<user>/<key>/` and is a secret in the latter case.

    Timeouts are seconds for a whole request. `now` dates the pauses whose end the portal does not tell; `on_call`
    hears of every request.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        *,
        auth: Auth,
        read_timeout: float = 3.0,
        write_timeout: float = 60.0,
        now: Callable[[], datetime] = utc_now,
        on_call: Callable[[CallReport], None] | None = None,
    ) -> None:
        self._transport = Transport(http, base_url)
        self._auth = auth
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._now = now
        self._on_call = on_call
        after_rest = self._transport.root.partition("/rest/")[2]
        self._secrets = tuple(part for part in after_rest.split("/") if len(part) >= _SHORTEST_SECRET)

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any | BitrixError]:
        """Perform reads in one HTTP request; return each one's value, or the `BitrixError` it met, in order.

        A single command goes as a plain call, more go as one `batch`. Operations that ask the same share what is sent
        and what comes back. An error of one command touches the operations that asked it only; an error of the whole
        request is returned for every one. More than 50 commands (by weight) is a ValueError.
        """
        if not operations:
            return []
        if (weight := weight_together(operations)) > MOST_COMMANDS:
            raise ValueError(f"one request takes {MOST_COMMANDS} commands, not {weight}")
        distinct = {operation.asked: operation for operation in operations}
        prefixes = {asked: f"o{number}_" for number, asked in enumerate(distinct)}
        by_prefix = {prefixes[asked]: operation for asked, operation in distinct.items()}
        try:
            outcomes = await self._perform(pack(by_prefix))
        except Refused as error:
            return [_refused(operation, error) for operation in operations]
        except BitrixError as error:
            return [error] * len(operations)
        return [self._read_one(operation, prefixes[operation.asked], outcomes) for operation in operations]

    async def write(self, operation: Operation[T], key: str) -> T:
        """Perform a change in one HTTP request with `Idempotency-Key: key`; raise `BitrixError`.

        Several commands go as one `batch` that stops at the first error. Except for verdict UNKNOWN, an error means
        that nothing was changed.
        """
        outcomes = await self._perform(pack({"": operation}, key))
        answers: dict[str, Answer] = {}
        for name, command in operation.commands.items():
            outcome = outcomes.get(name)
            if not isinstance(outcome, Answer):
                error = self._error_of(outcome, command, write=True)
                if name in operation.optional:
                    answers[name] = Answer(None, error=error)
                    continue
                raise PartlyDone(error, tuple(answers), name) if answers else error
            answers[name] = outcome
        try:
            return _understood(operation, answers)
        except BadAnswer as error:
            error.verdict = Verdict.UNKNOWN
            raise

    async def picture(self, url: str) -> bytes:
        """Download a picture of the portal (an address there, or a reference to a product's), at most 10 MB.

        Raises `PictureRefused` for what is elsewhere or not a picture, `PortalFailed` for what may work later; of a
        reference also what any call of a method raises, for it is one.
        """
        command = picture_command(url)
        if command is not None:
            return await self._product_picture(PackedCall(command, {"": command}))
        request = picture_request(url, self._transport.is_own)
        started = time.perf_counter()
        received, picture, error = None, b"", None
        try:
            received = await self._exchange(request, (PICTURE,), PICTURE_LIMIT, write=False)
            picture = picture_bytes(received)
        except BitrixError as raised:
            error = raised
        self._report((PICTURE,), error, started, received)
        if error is not None:
            raise error
        return picture

    async def _product_picture(self, call: PackedCall) -> bytes:
        """Download through the REST, which refuses in JSON and gives bytes."""
        auth = await self._auth.parameters()
        censor = censor_of(call, (*self._secrets, *auth.values()))
        request = outgoing(call, self._transport.root, auth)
        started = time.perf_counter()
        received, picture, error = None, b"", None
        try:
            received = await self._exchange(request, call.methods, PICTURE_LIMIT, write=False)
            if received.content_type.lower().startswith("application/json"):
                decode(call, received.status, parse_json(received.body), censor, self._pause_end())
            picture = picture_bytes(received)
        except BitrixError as raised:
            error = raised
        self._report(call.methods, error, started, received)
        if error is not None:
            await self._auth.failed(auth, error)
            raise error
        return picture

    async def _perform(self, call: PackedCall) -> Outcomes:
        """Send the call; return what each command came back with, or raise what befell the whole of it."""
        auth = await self._auth.parameters()
        censor = censor_of(call, (*self._secrets, *auth.values()))
        request = outgoing(call, self._transport.root, auth)
        started = time.perf_counter()
        received, body, error = None, None, None
        outcomes: Outcomes = {}
        try:
            received = await self._exchange(request, call.methods, ANSWER_LIMIT, write=call.is_write)
            body = parse_json(received.body)
            outcomes = decode(call, received.status, body, censor, self._pause_end())
        except BitrixError as raised:
            error = raised
        self._report(call.methods, error, started, received, call.operating(body))
        if error is not None:
            await self._auth.failed(auth, error)
            raise error
        return outcomes

    async def _exchange(self, request: Outgoing, methods: Sequence[str], limit: int, *, write: bool) -> Received:
        timeout = self._write_timeout if write else self._read_timeout
        try:
            with span("bitrix", method=methods[0], commands=len(methods)):
                return await self._transport.exchange(request, timeout=timeout, limit=limit)
        except ExchangeError as error:
            raise exchange_failed(error, methods, write=write) from None

    def _report(
        self,
        methods: tuple[str, ...],
        error: BitrixError | None,
        started: float,
        received: Received | None,
        operating: Mapping[str, Decimal] | None = None,
    ) -> None:
        if self._on_call is not None:
            duration = time.perf_counter() - started
            verdict = error.verdict if error is not None else None
            status = received.status if received is not None else None
            self._on_call(CallReport(methods, verdict, duration, status, operating or {}))

    def _read_one(self, operation: Operation[Any], prefix: str, outcomes: Outcomes) -> object:
        answers: dict[str, Answer] = {}
        for name, command in operation.commands.items():
            outcome = outcomes.get(prefix + name)
            if isinstance(outcome, Answer):
                answers[name] = outcome
                continue
            error = self._error_of(outcome, command, write=False)
            if name not in operation.optional:
                return error
            answers[name] = Answer(None, error=error)
        try:
            return _understood(operation, answers)
        except BitrixError as error:
            return error

    def _error_of(self, outcome: PortalError | None, command: Command, *, write: bool) -> BitrixError:
        """Return the error of one command; None means that the portal said nothing about it."""
        fault = outcome or PortalError(status=HTTPStatus.INTERNAL_SERVER_ERROR, message="no answer to this command")
        return classify(fault, write=write, methods=(command.method,), default_until=self._pause_end())

    def _pause_end(self) -> datetime:
        return self._now() + PAUSE_WITHOUT_END


def _refused(operation: Operation[Any], error: Refused) -> object:
    """Return what a request that was refused as a whole means to an operation.

    That of a single command is the command's own refusal, which may be optional.
    """
    if len(operation.commands) > 1 or not operation.optional:
        return error
    try:
        return _understood(operation, {name: Answer(None, error=error) for name in operation.commands})
    except BitrixError as understood:
        return understood


def _understood(operation: Operation[T], answers: Mapping[str, Answer]) -> T:
    """Let the operation read its answers; whatever data breaks its parser becomes a `BadAnswer`."""
    methods = tuple(command.method for command in operation.commands.values())
    try:
        return operation.read(answers)
    except BitrixError as error:
        error.methods = error.methods or methods
        raise
    except _ODD_DATA as odd:
        # Only the kind: the text of such an error may repeat what the portal sent.
        kind = type(odd).__name__
    log.error("the answer of %s broke its parser: %s", ", ".join(methods), kind)
    raise BadAnswer(f"the answer broke its parser: {kind}", methods=methods)
