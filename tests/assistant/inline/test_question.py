"""What is read of an inline query."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant.inline import question
from shared.assistant.inline.question import InlineQuery
from tests.assistant.samples import USER


def inline(**more: Any) -> dict[str, Any]:
    event = {"id": "9", "from": {"id": USER, "is_bot": False, "first_name": "Иван"}, "query": " дрель  makita "}
    return {"update_id": 1, "inline_query": {**event, "offset": "", **more}}


def test_a_question_has_its_text_tidied() -> None:
    assert question.read(inline()) == InlineQuery(USER, "9", "дрель makita")


@pytest.mark.parametrize(
    ("offset", "read"), [("20", 20), ("9999", 9999), ("10000", 0), ("-1", 0), ("x", 0), ("٣", 0), (None, 0), (7, 7)]
)
def test_an_offset_that_is_not_ours_is_the_beginning(offset: object, read: int) -> None:
    asked = question.read(inline(offset=offset))
    assert asked is not None
    assert asked.offset == read


@pytest.mark.parametrize(
    "update",
    [{"update_id": 1}, inline(id=9), inline(query=None), inline(**{"from": {}}), {"inline_query": "дрель"}],
)
def test_anything_else_is_none(update: dict[str, Any]) -> None:
    assert question.read(update) is None


@pytest.mark.parametrize(("text", "short"), [("", True), ("др", True), ("дре", False)])
def test_a_few_letters_are_not_looked_up_yet(text: str, short: bool) -> None:
    assert InlineQuery(USER, "9", text).is_short is short
