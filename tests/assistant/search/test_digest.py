"""What was searched for in vain: counted, told once a week, and understood once operators say what it means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.assistant import texts
from shared.assistant.search.scheduling import want_digest
from shared.domain import empty_searches, own_words
from shared.domain.catalogue import Product, ProductPage
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from tests.assistant.operators.test_commands import ask
from tests.assistant.samples import DRILL
from tests.assistant.search.test_finding import answers, asked
from tests.assistant.stage import Stage

NOTHING = ProductPage((), 0)


async def _in_vain(stage: Stage, query: str) -> None:
    seen = await answers(stage, (await stage.write(query)).job)
    while seen.jobs:
        seen = await answers(stage, seen.job)
    assert seen.screen.text == texts.search.nothing_found(query)


async def _digest(stage: Stage) -> list[Job]:
    async def make_decision(decision: Decision) -> None:
        await want_digest(decision)

    return (await stage.decision(make_decision)).jobs


async def test_what_found_nothing_is_told_once_a_week_if_it_still_does(stage: Stage) -> None:
    await _in_vain(stage, "хренатор")
    stage.clock.advance(seconds=61)
    await _in_vain(stage, "хренатор")
    await _in_vain(stage, "зюмбель")
    assert await _digest(stage) == [], "a week is not over"
    stage.clock.advance(seconds=timedelta(days=7).total_seconds())
    (job,) = await _digest(stage)
    assert asked(stage, job) == ["хренатор", "зюмбель", "хрен", "атор", "зюм", "бель"]
    named = ProductPage((Product("70", "Генератор Зубр"),), 1)
    seen = await stage.answer(job, [NOTHING, ProductPage((DRILL,), 1), NOTHING, named, NOTHING, NOTHING])
    assert "«хренатор» — 2\u00a0раза" in seen.screen.text
    assert texts.labels.word_guess("хренатор > генератор") in seen.screen.labels
    assert "зюмбель" not in seen.screen.text, "it is found by now"
    assert await _digest(stage) == []


async def test_operators_are_not_told_of_nothing(stage: Stage) -> None:
    await _in_vain(stage, "хренатор")
    stage.clock.advance(seconds=timedelta(days=7).total_seconds())
    (job,) = await _digest(stage)
    assert (await stage.answer(job, [ProductPage([DRILL], 1)])).calls == []


async def test_a_word_that_operators_add_is_asked_for_at_once(stage: Stage) -> None:
    said, _ = await ask(stage, "/word хренатор > шуруповёрт")
    assert said == texts.operators.word_added("хренатор > шуруповёрт")
    assert "шуруповёрт макит" not in asked(stage, (await stage.write("хренатор зубр")).job)
    assert "шуруповёрт Зубр" in asked(stage, (await stage.write("хренаторы зубр")).job)
    assert "шуруповёрт" not in " ".join(asked(stage, (await stage.write("лобзик")).job)), "only where it is said"
    assert (await ask(stage, "/word"))[0] == texts.operators.own_words(["хренатор > шуруповёрт"])
    gone, _ = await ask(stage, "/word - хренатор > шуруповёрт")
    assert gone == texts.operators.word_removed("хренатор > шуруповёрт", was_there=True)
    assert await own_words.load(stage.unit()) == ()


@pytest.mark.parametrize("said", ["/word хренатор", "/word >", "/word " + "а" * 130 + " = б"])
async def test_what_is_no_line_is_not_kept(stage: Stage, said: str) -> None:
    assert (await ask(stage, said))[0] == texts.operators.which_word()
    assert await own_words.load(stage.unit()) == ()


def test_nothing_that_could_be_a_phone_is_kept() -> None:
    assert empty_searches.words_of("Зюмбель  +7 (912) 345-67-89") == "зюмбель …"
    assert empty_searches.words_of("0601217100") == "0601217100"
