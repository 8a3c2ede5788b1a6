"""The adapter between the pipeline and Bitrix: requests are portal operations, verdicts become outcomes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from shared.bitrix.errors import BitrixError, OperationPaused, PartlyDone, Verdict
from shared.bitrix.limits import PortalStopped
from shared.bitrix.limits.limited_client import PortalClient
from shared.bitrix.portal import Operation
from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.pipeline.outcomes import (
    Answered,
    Outcome,
    Postponed,
    Refusal,
    TokenRenewed,
    TransientFailure,
    UnknownOutcome,
)
from shared.telegram.downloads import FileError, FileLaterError
from shared.telegram.failures import NETWORK_WAIT

log = logging.getLogger(__name__)

RATE_PAUSE = timedelta(seconds=1)
"""After «too many requests»: the portal's bucket leaks two a second, so a second frees what a permit needs."""

_MAY_PASS: Mapping[Verdict, type[TokenRenewed | TransientFailure | UnknownOutcome]] = MappingProxyType({
    Verdict.REFRESH: TokenRenewed,
    Verdict.TRANSIENT: TransientFailure,
    Verdict.UNKNOWN: UnknownOutcome,
})  # fmt: skip


FETCH_SECONDS = 12
"""For a file from Telegram: with the portal's 60 s it stays within the lease of a write."""


@dataclass(frozen=True)
class PictureDownload:
    """A file on the portal's own host."""

    url: str


@dataclass(frozen=True)
class FileUpload:
    """A file that a person sent, on its way to the portal. Telegram is asked for it until `until`."""

    file_id: str
    operation: Callable[[bytes], Operation[Any]]
    until: datetime


READ_SECONDS = 8
"""For reading such a file; with `FETCH_SECONDS` it may outlast the lease, and then the file is read once more."""


@dataclass(frozen=True)
class SentFile:
    """A file that a person sent, to be read here. `read` is plain computing; Telegram is asked until `until`."""

    file_id: str
    read: Callable[[bytes], object]
    until: datetime


Files = Callable[[str], Awaitable[bytes]]
"""Fetches a file of Telegram's by its id; raises `FileError`."""


class BitrixBackend:
    """`shared.pipeline.outcomes.Backend` over a portal's client.

    A `StoreError` of the token manager passes through: the token is read before a request is made, and renewed after
    one that was not run.
    """

    def __init__(self, client: PortalClient, now: Now, files: Files) -> None:
        self._client = client
        self._files = files
        self._now = now

    def weight(self, request: Operation[Any]) -> int:
        """Return the operation's share of a batch."""
        return request.weight

    def asks(self, request: Operation[Any]) -> str:
        """Return what the portal is asked."""
        return request.asked

    async def read(self, requests: Sequence[Operation[Any]]) -> list[Outcome]:
        """Perform reads together. A read of a stopped portal is refused at once: whoever waits for it is told."""
        results = await self._client.read(requests)
        return [self._read_outcome(result) for result in results]

    def _read_outcome(self, result: object) -> Outcome:
        if isinstance(result, PortalStopped):
            return Refusal(result.code, str(result))
        return self._outcome(result) if isinstance(result, BitrixError) else Answered(result)

    async def write(self, request: Operation[Any] | FileUpload, idempotency_key: str) -> Outcome:
        """Perform one modifying operation; what goes up is fetched first."""
        operation = await self._fetched(request) if isinstance(request, FileUpload) else request
        if not isinstance(operation, Operation):
            return operation
        try:
            return Answered(await self._client.write(operation, idempotency_key))
        except BitrixError as error:
            return self._outcome(error)

    async def _fetched(self, request: FileUpload) -> Operation[Any] | Postponed | Refusal:
        """Return the operation with the file's bytes. Nothing has gone to the portal yet, whatever fails here."""
        content = await self._downloaded(request)
        try:
            return request.operation(content) if isinstance(content, bytes) else content
        except ValueError as error:
            return Refusal("FILE_UNFIT", str(error), operators=True)

    async def _downloaded(self, request: FileUpload | SentFile) -> bytes | Postponed | Refusal:
        """Return the bytes of what a person sent."""
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                return await self._files(request.file_id)
        except (FileLaterError, TimeoutError) as error:
            wait = error.retry_after if isinstance(error, FileLaterError) else NETWORK_WAIT
            again = self._now() + timedelta(seconds=wait)
            return Postponed(again) if again < request.until else Refusal("FILE_LATE", str(error))
        except FileError as error:
            return Refusal("FILE_GONE", str(error))

    async def _read(self, request: SentFile) -> Outcome:
        """Return what a file says. It is read in a thread: a large one takes half a second of computing."""
        content = await self._downloaded(request)
        if not isinstance(content, bytes):
            return content
        try:
            async with asyncio.timeout(READ_SECONDS):
                return Answered(await asyncio.to_thread(request.read, content))
        except TimeoutError:
            return Refusal("FILE_SLOW")

    async def fetch(self, request: PictureDownload | SentFile) -> Outcome:
        """Download one picture, or read what a person sent.

        A card is ready but for its picture, so a stopped portal's is refused at once, like a read.
        """
        if isinstance(request, SentFile):
            return await self._read(request)
        try:
            return Answered(await self._client.picture(request.url))
        except BitrixError as error:
            return self._read_outcome(error)

    def _outcome(self, error: BitrixError) -> Outcome:
        code, verdict = error.code, str(error.verdict)
        log_event(
            log, logging.WARNING, LogEvent.BITRIX_ERROR, str(error), code=code, verdict=verdict, methods=error.methods
        )
        if isinstance(error, PartlyDone) and error.cause.verdict is Verdict.REFUSED:
            # The no is certain, but what the earlier commands did stays done.
            return Refusal(error.cause.code, str(error), operators=True, unsure=True, partly=True, at=error.at)
        if isinstance(error, OperationPaused | PortalStopped):
            return Postponed(error.until)
        if error.verdict is Verdict.LATER:
            return Postponed(self._now() + RATE_PAUSE)
        kind = _MAY_PASS.get(error.verdict)
        if kind is not None:
            return kind(error.code)
        return Refusal(error.code, str(error), operators=error.verdict is Verdict.OPERATORS)
