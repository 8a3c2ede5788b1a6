"""What is said in a talk is said in the CRM too, where it takes it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.operators import chat
from shared.assistant.operators.chat import OperatorMessage
from shared.assistant.operators.commands import CommandContext
from shared.assistant.routers import build
from shared.assistant.support import topics
from shared.bitrix.errors import MissingScope
from shared.domain import buyers, order_records
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import MASTER, USER, known_order
from tests.assistant.stage import OPERATORS, ZONE, Seen, Stage
from tests.bitrix.native.speaking import native


@pytest.fixture
async def talking() -> Stage:
    """A master who has ordered talks with the operators."""
    stage = Stage(native())
    stage.dispatcher = build(ZONE, OPERATORS, talks_to_crm=True)
    await stage.join()
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    await stage.write("/support")
    return stage


async def test_a_master_s_words_are_said_of_his_last_order(talking: Stage) -> None:
    seen = await talking.write("Где заказ?")
    assert (seen.job.kind, seen.job.lane) == ("tell_crm", Lane.WRITE)
    said = texts.support.said_by_master(MASTER.name, "Где заказ?")
    assert seen.job.payload == {"buyer_id": MASTER.bitrix_user_id, "order": "5121", "words": said}
    assert not seen.typing, "nobody waits for it"
    assert len(seen.of("copyMessage")) == 1
    assert (await talking.answer(seen.job, None)).calls == []


async def test_what_he_mends_is_said_too(talking: Stage) -> None:
    await talking.write("раз")
    seen = await talking.mend("раз и два")
    assert seen.job.payload["words"] == texts.support.mended_by_master(MASTER.name, "раз и два")


async def test_a_picture_without_words_is_not(talking: Stage) -> None:
    photo: dict[str, Any] = {"file_id": "A", "file_unique_id": "a", "width": 9, "height": 9}
    assert (await talking.write(photo=[photo])).jobs == []


async def test_where_nobody_set_it_nothing_is_said(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    await stage.write("/support")
    assert (await stage.write("Где заказ?")).jobs == []


async def test_of_who_is_no_contact_and_has_no_order_nothing_is_said() -> None:
    stage = Stage(native())
    stage.dispatcher = build(ZONE, OPERATORS, talks_to_crm=True)
    await stage.join()
    await stage.write("/support")
    assert (await stage.write("Где заказ?")).jobs == []


async def _answered(stage: Stage, words: str, *, talks_to_crm: bool = True) -> Seen:
    await stage.save(topics.of_thread(9), lambda unit: unit.put(topics.of_thread(9), {"telegram_id": USER}))
    word = OperatorMessage(OPERATORS, 5, 9, words=words)
    context = CommandContext(stage.store, ZONE, chooses_prices=True)

    async def make_decision(decision: Decision) -> None:
        await chat.handle(word, decision, context, talks_to_crm=talks_to_crm)

    return await stage.decision(make_decision)


async def test_an_operator_s_answer_is_said_too(talking: Stage) -> None:
    seen = await _answered(talking, "Завтра")
    assert seen.job.payload["words"] == texts.support.said_by_operator("Завтра")
    assert len(seen.of("copyMessage")) == 1
    assert (await _answered(talking, "")).jobs == []
    assert (await _answered(talking, "Завтра", talks_to_crm=False)).jobs == []


@pytest.mark.parametrize("code", ["ACCESS_DENIED", MissingScope.usual_code])
async def test_a_comment_that_is_refused_bothers_nobody(talking: Stage, code: str) -> None:
    job = (await talking.write("Где заказ?")).job
    seen = await talking.refuse(job, Refusal(code, operators=True))
    assert (seen.calls, seen.jobs) == ([], [])


def test_a_contact_is_commented_on_without_an_order(talking: Stage) -> None:
    payload = {"buyer_id": buyers.of_contact("44"), "order": "", "words": "Где?"}
    (command,) = talking.kinds["tell_crm"].plan(Job("tell_crm", Lane.WRITE, payload)).commands.values()
    assert command.params["fields"]["ENTITY_ID"] == 44
    with pytest.raises(LookupError):
        talking.kinds["tell_crm"].plan(Job("tell_crm", Lane.WRITE, {**payload, "buyer_id": "17"}))
