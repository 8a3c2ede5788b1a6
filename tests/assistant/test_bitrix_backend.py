"""Bitrix's verdicts in the pipeline's words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.assistant.bitrix_backend import RATE_PAUSE, BitrixBackend, Files, FileUpload, PictureDownload, SentFile
from shared.bitrix.auth import TokenAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import (
    AuthFailed,
    BitrixError,
    NotFound,
    NotSent,
    OperationPaused,
    OutcomeUnknown,
    PartlyDone,
    PictureRefused,
    PortalFailed,
    RateLimited,
    TokenExpired,
)
from shared.bitrix.limits import PortalStopped
from shared.bitrix.limits.circuit_breaker import OpenCircuit
from shared.bitrix.portal import Command, Operation
from shared.pipeline.jobs import Lane
from shared.pipeline.outcomes import (
    Answered,
    Outcome,
    Postponed,
    Refusal,
    TokenRenewed,
    TransientFailure,
    UnknownOutcome,
)
from shared.store.port import Unavailable
from shared.telegram.downloads import FileError, FileGoneError, FileLaterError, FileTooLargeError
from shared.telegram.failures import NETWORK_WAIT
from tests.assistant.samples import NOW

UNTIL = NOW + timedelta(minutes=9)
OPERATION: Operation[Any] = Operation({}, lambda answers: answers, weight=3)


class Client:
    """Gives back what it was made with; an error of a write or a picture is raised."""

    def __init__(self, *results: Any) -> None:
        self.results = results
        self.asked: list[Any] = []

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        self.asked.append(list(operations))
        return list(self.results)

    async def write(self, operation: Operation[Any], key: str) -> Any:
        self.asked.append((operation, key))
        return self._result()

    async def picture(self, url: str) -> bytes:
        self.asked.append(url)
        result = self._result()
        assert isinstance(result, bytes)
        return result

    def _result(self) -> Any:
        (result,) = self.results
        if isinstance(result, BitrixError):
            raise result
        return result


async def _no_file(file_id: str) -> bytes:
    raise FileGoneError(file_id)


def _backend(client: Client, files: Files = _no_file) -> BitrixBackend:
    return BitrixBackend(client, lambda: NOW, files)


MEANINGS: list[tuple[BitrixError, Outcome]] = [
    (RateLimited("slow down"), Postponed(NOW + RATE_PAUSE)),
    (OperationPaused("enough", until=UNTIL), Postponed(UNTIL)),
    (PortalFailed("HTTP 502"), TransientFailure("portal_failed")),
    (NotSent("no route"), TransientFailure("not_sent")),
    (TokenExpired("old"), TokenRenewed("expired_token")),
    (OutcomeUnknown("timeout"), UnknownOutcome("outcome_unknown")),
    (PartlyDone(OutcomeUnknown("timeout"), ["item0"]), UnknownOutcome("partly_done")),
    (NotFound("gone", code="ERROR_NOT_FOUND"), Refusal("ERROR_NOT_FOUND", "ERROR_NOT_FOUND: gone")),
    (AuthFailed("key"), Refusal("auth_failed", "auth_failed: key", operators=True)),
]


@pytest.mark.parametrize(("error", "outcome"), MEANINGS, ids=lambda value: type(value).__name__)
async def test_what_an_error_means(error: BitrixError, outcome: Outcome) -> None:
    assert await _backend(Client(error)).read([OPERATION]) == [outcome]
    assert await _backend(Client(error)).write(OPERATION, "k1") == outcome
    assert await _backend(Client(error)).fetch(PictureDownload("/p.jpg")) == outcome


async def test_a_no_in_the_middle_of_a_write_leaves_something_behind() -> None:
    error = PartlyDone(NotFound("product is gone"), ["item0"], "item1")
    outcome = await _backend(Client(error)).write(OPERATION, "k1")
    assert outcome == Refusal("not_found", str(error), operators=True, unsure=True, partly=True, at="item1")


@pytest.mark.parametrize(
    "cause", [OutcomeUnknown("timeout"), OperationPaused("enough", until=UNTIL), PortalFailed("HTTP 502")]
)
async def test_trouble_in_the_middle_of_a_write_is_no_no(cause: BitrixError) -> None:
    """What stopped it may pass, but it must be looked at before it is done again: waiting alone would do it twice."""
    assert await _backend(Client(PartlyDone(cause, ["item0"]))).write(OPERATION, "k1") == UnknownOutcome("partly_done")


STOPPED = PortalStopped(OpenCircuit("overloaded", NOW, 3, probe_at=UNTIL))


async def test_whoever_waits_for_a_stopped_portal_is_told_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """Neither operators nor the log hear of each read: the breaker has told them."""
    quietly = Refusal("portal_stopped", str(STOPPED))
    assert await _backend(Client("one", STOPPED)).read([OPERATION] * 2) == [Answered("one"), quietly]
    assert await _backend(Client(STOPPED)).fetch(PictureDownload("/p.jpg")) == quietly
    assert caplog.records == []


async def test_a_write_waits_until_a_stopped_portal_may_be_asked_again() -> None:
    assert await _backend(Client(STOPPED)).write(OPERATION, "k1") == Postponed(UNTIL)


async def test_reads_go_together_and_keep_their_order() -> None:
    client = Client("one", NotFound("two"), 3)
    outcomes = await _backend(client).read([OPERATION] * 3)
    assert outcomes == [Answered("one"), Refusal("not_found", "not_found: two"), Answered(3)]
    assert client.asked == [[OPERATION] * 3]


async def test_a_write_goes_with_its_key() -> None:
    client = Client({"id": 5})
    assert await _backend(client).write(OPERATION, "k1") == Answered({"id": 5})
    assert client.asked == [(OPERATION, "k1")]


async def test_a_picture_is_fetched() -> None:
    client = Client(b"jpeg")
    assert await _backend(client).fetch(PictureDownload("/p.jpg")) == Answered(b"jpeg")
    assert client.asked == ["/p.jpg"]


async def test_errors_are_logged_with_their_codes(caplog: pytest.LogCaptureFixture) -> None:
    await _backend(Client(PictureRefused("elsewhere", methods=["picture"]))).fetch(PictureDownload("/p.jpg"))
    (record,) = caplog.records
    assert vars(record)["fields"] == {
        "event": "bitrix_error",
        "code": "picture_refused",
        "verdict": "refused",
        "methods": ("picture",),
    }


def test_the_weight_is_the_operations() -> None:
    assert _backend(Client()).weight(OPERATION) == 3


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_store_that_is_away_when_the_token_is_read_is_no_answer_of_the_portal(lane: Lane) -> None:
    async def token() -> str:
        raise Unavailable("where the token's version record is")

    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: pytest.fail("was asked"))) as http:
        client = BitrixClient(http, "https://portal.example/rest/", auth=TokenAuth(token))
        backend = BitrixBackend(client, lambda: NOW, _no_file)
        operation: Operation[Any] = Operation({"a": Command("server.time", {})}, lambda answers: answers, weight=1)
        asking = {
            Lane.READ: lambda: backend.read([operation]),
            Lane.WRITE: lambda: backend.write(operation, "k1"),
            Lane.FILE: lambda: backend.fetch(PictureDownload("product-picture:1:2")),
        }
        with pytest.raises(Unavailable):
            await asking[lane]()


def _gives(result: bytes | FileError | TimeoutError) -> Files:
    async def files(file_id: str) -> bytes:
        assert file_id == "F1"
        if isinstance(result, bytes):
            return result
        raise result

    return files


def _asked_for(content: bytes) -> Operation[Any]:
    if not content:
        raise ValueError("a photo needs content")
    return Operation({}, lambda _: content)


def _upload(until: timedelta = timedelta(minutes=5)) -> FileUpload:
    return FileUpload("F1", _asked_for, NOW + until)


async def test_what_goes_up_is_fetched_first():
    client = Client("there")
    assert await _backend(client, _gives(b"jpeg")).write(_upload(), "k1") == Answered("there")
    [(operation, key)] = client.asked
    assert (operation.read({}), key) == (b"jpeg", "k1")


@pytest.mark.parametrize(
    ("trouble", "until", "outcome"),
    [
        (FileLaterError("429", 7.0), timedelta(minutes=5), Postponed(NOW + timedelta(seconds=7))),
        (FileLaterError("429", 7.0), timedelta(seconds=7), Refusal("FILE_LATE", "429")),
        (TimeoutError(), timedelta(seconds=1), Refusal("FILE_LATE")),
        (TimeoutError(), timedelta(minutes=5), Postponed(NOW + timedelta(seconds=NETWORK_WAIT))),
        (FileGoneError("no such file"), timedelta(minutes=5), Refusal("FILE_GONE", "no such file")),
        (FileTooLargeError("21 MB"), timedelta(minutes=5), Refusal("FILE_GONE", "21 MB")),
        (b"", timedelta(minutes=5), Refusal("FILE_UNFIT", "a photo needs content", operators=True)),
    ],
)
async def test_without_the_bytes_the_portal_is_not_asked(
    trouble: bytes | FileError | TimeoutError, until: timedelta, outcome: Outcome
):
    client = Client()
    assert await _backend(client, _gives(trouble)).write(_upload(until), "k1") == outcome
    assert client.asked == []


async def test_what_a_person_sent_is_read_here_and_the_portal_not_asked() -> None:
    client = Client()

    async def files(file_id: str) -> bytes:
        return file_id.encode()

    assert await _backend(client, files).fetch(SentFile("f1", bytes.decode, UNTIL)) == Answered("f1")
    assert client.asked == []


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (FileLaterError("busy", 5), Postponed(NOW + timedelta(seconds=5))),
        (FileLaterError("busy", 3600), Refusal("FILE_LATE", "busy")),
        (FileGoneError("gone"), Refusal("FILE_GONE", "gone")),
    ],
)
async def test_a_sent_file_that_does_not_come_is_asked_for_again_while_that_helps(
    error: FileError, outcome: Outcome
) -> None:
    async def files(_: str) -> bytes:
        raise error

    assert await _backend(Client(), files).fetch(SentFile("f1", bytes.decode, UNTIL)) == outcome


async def test_a_file_that_takes_too_long_to_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def files(_: str) -> bytes:
        return b""

    async def never(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(asyncio, "to_thread", never)
    assert await _backend(Client(), files).fetch(SentFile("f1", bytes.decode, UNTIL)) == Refusal("FILE_SLOW")
