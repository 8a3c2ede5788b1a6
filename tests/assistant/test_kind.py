"""What all job kinds share: trouble, and who is called."""

from __future__ import annotations

import logging

import pytest

from shared.assistant.desk import Place
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.texts.trouble import portal_silent
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refused, Unknown
from shared.pipeline.turn import Turn
from tests.assistant.stage import OPERATORS, Stage, calls_of

JOB = Job("find", Lane.READ, {"chat_id": 42, "message_id": 7}, id="j1")


def test_the_way_of_an_answer_goes_through_the_payload() -> None:
    for where in (Place(42), Place(42, 7), Place(42, 7, "4")):
        assert place(Job("find", Lane.READ, address_of(where))) == where
    assert place(Job("find", Lane.READ, {"chat_id": 42})) == Place(42)


async def test_trouble_is_told_in_place_and_leads_on(caplog: pytest.LogCaptureFixture) -> None:
    turn = Turn(Stage().unit())
    await Kind(OPERATORS).failed(JOB, Refused("NOT_FOUND", "no such thing"), turn)
    (call,) = calls_of(turn.calls)
    assert (call.method, call.params["message_id"], call.params["text"]) == ("editMessageText", 7, portal_silent())
    assert call.params["reply_markup"]["inline_keyboard"]
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert vars(record)["fields"] == {
        "event": "job_failed",
        "kind": "find",
        "code": "NOT_FOUND",
        "reason": "no such thing",
    }


async def test_operators_are_called_when_people_must_look(caplog: pytest.LogCaptureFixture) -> None:
    turn = Turn(Stage().unit())
    await Kind(OPERATORS).failed(JOB, Refused("AUTH_FAILED", operators=True), turn)
    _, call = calls_of(turn.calls)
    assert (call.method, call.params["chat_id"]) == ("sendMessage", OPERATORS)
    assert "find — AUTH_FAILED" in call.params["text"]
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert vars(record)["fields"]["event"] == "operators"


async def test_without_an_operators_chat_the_log_is_all() -> None:
    turn = Turn(Stage().unit())
    await Kind(None).failed(JOB, Refused("AUTH_FAILED", operators=True), turn)
    assert len(turn.calls) == 1


async def test_a_read_has_nothing_to_be_unsure_of() -> None:
    turn = Turn(Stage().unit())
    kind = Kind(OPERATORS)
    await kind.unsure(JOB, Unknown("timeout"), turn)
    assert turn.calls == []
    assert kind.attachments(JOB, b"x") == {}
