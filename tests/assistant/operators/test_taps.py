"""A tap on a digest's guess: the word is in the search from then on, until it is tapped again."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.operators import taps
from shared.assistant.search.buttons import SwitchWord
from shared.domain import own_words, word_guesses
from shared.domain.word_guesses import WordGuess
from shared.pipeline.decision import Decision
from tests.assistant.stage import Seen, Stage

GROUP = -100_500
ON, OFF = (SwitchWord(digest="20260701", number=0, on=on) for on in (True, False))
LINE = "хренатор > генератор"


def _update(data: str, chat_id: int = GROUP) -> dict[str, Any]:
    message = {"message_id": 9, "chat": {"id": chat_id, "type": "supergroup"}, "date": 1}
    return {"update_id": 1, "callback_query": {"id": "c1", "from": {"id": 7}, "data": data, "message": message}}


async def _tap(stage: Stage, asked: SwitchWord) -> Seen:
    tapped = taps.read(_update(asked.pack()), GROUP)
    assert tapped is not None

    async def make_decision(decision: Decision) -> None:
        await taps.handle(tapped, decision)

    return await stage.decision(make_decision)


async def _told(stage: Stage) -> None:
    async def make_decision(decision: Decision) -> None:
        await word_guesses.keep(decision.unit, "20260701", [WordGuess("хренатор", 2, LINE), WordGuess("зюмбель", 1)])

    await stage.decision(make_decision)


async def test_a_guess_is_added_and_taken_away_by_one_tap(stage: Stage) -> None:
    await _told(stage)
    for _ in range(2):
        seen = await _tap(stage, ON)
        assert seen.toasts == [texts.operators.word_switched(on=True)]
        assert await own_words.load(stage.unit()) == (LINE,)
    assert texts.labels.word_known(LINE) in str(seen.calls)
    seen = await _tap(stage, OFF)
    assert seen.toasts == [texts.operators.word_switched(on=False)]
    assert texts.labels.word_guess(LINE) in str(seen.calls)
    assert await own_words.load(stage.unit()) == ()


@pytest.mark.parametrize("number", [1, 2, -1])
async def test_a_button_of_no_guess_or_of_an_old_digest_adds_nothing(stage: Stage, number: int) -> None:
    assert (await _tap(stage, ON)).toasts == [texts.operators.word_too_old()]
    await _told(stage)
    asked = SwitchWord(digest="20260701", number=number, on=True)
    assert (await _tap(stage, asked)).toasts == [texts.operators.word_too_old()]
    assert await own_words.load(stage.unit()) == ()


async def test_there_is_a_bound_of_words(stage: Stage) -> None:
    await _told(stage)
    full = [f"слово{number} > дело" for number in range(own_words.MOST)]
    await stage.save(own_words.key(), lambda unit: own_words.save(unit, full))
    assert (await _tap(stage, ON)).toasts == [texts.operators.words_full(own_words.MOST)]


@pytest.mark.parametrize(
    "update",
    [
        _update(ON.pack(), chat_id=42),
        _update("we1:1"),
        _update("we1:20260701:x:1"),
        _update("b1:1"),
        {"update_id": 1, "callback_query": {"id": "c1", "data": ON.pack()}},
        {"update_id": 1, "callback_query": "c1"},
        {**_update(ON.pack()), "callback_query": {**_update(ON.pack())["callback_query"], "id": 5}},
    ],
)
def test_no_other_tap_is_an_operators(update: dict[str, Any]) -> None:
    assert taps.read(update, GROUP) is None
    assert taps.read(_update(ON.pack()), None) is None
