"""What all job kinds share: trouble, and who is called."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from shared.assistant.chat_view import ChatTarget
from shared.assistant.job_handler import MasterJobHandler, target_of
from shared.assistant.texts import job_words
from shared.assistant.texts.trouble import portal_silent
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.pipeline.payloads import encode
from tests.assistant.samples import MASTER
from tests.assistant.stage import OPERATORS, Stage, calls_of

JOB = Job("find", Lane.READ, {"chat_id": 42, "message_id": 7}, id="j1")


def test_the_way_of_an_answer_goes_through_the_payload() -> None:
    for where in (ChatTarget(42), ChatTarget(42, 7), ChatTarget(42, 7, "4")):
        assert target_of(Job("find", Lane.READ, encode(where))) == where
    assert target_of(Job("find", Lane.READ, {"chat_id": 42})) == ChatTarget(42)


async def test_trouble_is_told_in_place_and_leads_on(caplog: pytest.LogCaptureFixture) -> None:
    decision = Decision(Stage().unit())
    await MasterJobHandler(Stage().job_context).failed(JOB, Refusal("NOT_FOUND", "no such thing"), decision)
    (call,) = calls_of(decision.calls)
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
    decision = Decision(Stage().unit())
    await MasterJobHandler(Stage().job_context).failed(JOB, Refusal("AUTH_FAILED", operators=True), decision)
    _, call = calls_of(decision.calls)
    assert (call.method, call.params["chat_id"]) == ("sendMessage", OPERATORS)
    assert call.params["text"].startswith(
        "⚠️ Нужен человек: не получилось найти товар.\nПричина: портал не принимает ключ (AUTH_FAILED).\n"
    )
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert vars(record)["fields"]["event"] == "operators"


async def test_operators_read_whose_job_it_is() -> None:
    stage = Stage()
    await stage.join(replace(MASTER, name="Иван <Т>", phone="+79123456789"))
    decision = Decision(stage.unit())
    await MasterJobHandler(stage.job_context).failed(JOB, Refusal("AUTH_FAILED", operators=True), decision)
    *_, call = calls_of(decision.calls)
    _, whose = call.params["text"].rsplit("\n", 1)
    assert whose == (
        '👤 <a href="tg://user?id=42">Иван &lt;Т&gt;</a> · +7\u00a0912\u00a0345-67-89 · Телеграм: <code>42</code>'
    )


def test_every_kind_of_job_has_words_for_operators() -> None:
    assert [kind for kind in Stage().kinds if not job_words.wanted(kind)] == []


async def test_without_an_operators_chat_the_log_is_all() -> None:
    decision = Decision(Stage().unit())
    await MasterJobHandler(replace(Stage().job_context, operators_chat_id=None)).failed(
        JOB, Refusal("AUTH_FAILED", operators=True), decision
    )
    assert len(decision.calls) == 1


async def test_a_read_has_nothing_to_be_unsure_of() -> None:
    decision = Decision(Stage().unit())
    kind = MasterJobHandler(Stage().job_context)
    await kind.unsure(JOB, UnknownOutcome("timeout"), decision)
    assert decision.calls == []
    assert kind.attachments(JOB, b"x") == {}
