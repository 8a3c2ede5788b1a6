"""Several questions as one operation."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.combine import combine
from shared.bitrix.encoding import Reference
from shared.bitrix.errors import NotFound, PortalFailed
from shared.bitrix.portal import Answer, Command, Operation


def asks(*names: str, optional: frozenset[str] = frozenset(), read: Any = None) -> Operation[Any]:
    commands = {name: Command(f"m.{name}", {}) for name in names}
    return Operation(commands, read or _results, weight=len(names), optional=optional)


def _results(answers: Any) -> dict[str, Any]:
    return {name: answer.error.code if answer.error else answer.result for name, answer in answers.items()}


BROKEN = Answer(None, error=PortalFailed("HTTP 500"))


def test_every_part_reads_its_own_answers() -> None:
    both = combine([asks("list", "more"), asks("list")])
    assert list(both.commands) == ["w0_list", "w0_more", "w1_list"]
    assert both.weight == 3
    answers = {"w0_list": Answer(1), "w0_more": Answer(2), "w1_list": Answer(3)}
    assert both.read(answers) == [{"list": 1, "more": 2}, {"list": 3}]


def test_only_the_first_is_needed() -> None:
    both = combine([asks("list", "more", optional=frozenset({"more"})), asks("list")])
    assert both.optional == {"w0_more", "w1_list"}
    first, second = both.read({"w0_list": Answer(1), "w0_more": BROKEN, "w1_list": BROKEN})
    assert first == {"list": 1, "more": BROKEN.error.code if BROKEN.error else ""}
    assert second is BROKEN.error


def test_the_first_two_may_be_needed() -> None:
    both = combine([asks("list"), asks("list"), asks("list")], needed=2)
    assert both.optional == {"w2_list"}
    assert both.read({"w0_list": Answer(1), "w1_list": Answer(2), "w2_list": BROKEN})[1:] == [{"list": 2}, BROKEN.error]


def test_what_another_may_miss_it_may_miss_here() -> None:
    both = combine([asks("list"), asks("list", "more", optional=frozenset({"more"}))])
    _, second = both.read({"w0_list": Answer(1), "w1_list": Answer(2), "w1_more": BROKEN})
    assert second["list"] == 2


def _missing(_: Any) -> Any:
    raise NotFound("there is no such product")


def test_an_answer_that_means_an_error_is_one() -> None:
    _, second = combine([asks("list"), asks("list", read=_missing)]).read({"w0_list": Answer(1), "w1_list": Answer(2)})
    assert isinstance(second, NotFound)
    with pytest.raises(NotFound):
        combine([asks("list", read=_missing), asks("list")]).read({"w0_list": Answer(1), "w1_list": Answer(2)})


def test_references_follow_their_commands() -> None:
    link = Reference("list", ("rows", 0, "id"))
    pair = Operation(
        {"list": Command("m.list", {}), "item": Command("m.item", {"filter": {"=id": link}, "ids": [link, 5]})},
        _results,
    )
    both = combine([asks("list"), pair])
    renamed = Reference("w1_list", ("rows", 0, "id"))
    assert both.commands["w1_item"].params == {"filter": {"=id": renamed}, "ids": [renamed, 5]}
