"""A search in several spellings is what each of them would have found, for one command a spelling."""

from __future__ import annotations

import pytest

from shared.bitrix.errors import BadAnswer, BitrixError, NotFound
from shared.bitrix.portal import Answer
from shared.domain.spelling.variants import ways
from tests.bitrix.native.shop import NATIVE, Shop
from tests.bitrix.native.speaking import heard, native

DRILL = {"id": 1243, "iblockId": 23, "name": "Дрель", "active": "Y", "property105": {"value": "SD-1"}}


@pytest.mark.parametrize("typed", ["шуруповёрт makita", "саморез 3,5х35", "25031-2-10", "SD SAN W 3", "дрель"])
async def test_every_spelling_finds_what_it_finds_alone(shop: Shop, typed: str) -> None:
    queries = [way.query for way in ways(typed)]
    together = NATIVE.search_ways(queries)
    alone = [NATIVE.search(query) for query in queries]
    assert await shop.asks(together) == [await shop.asks(one) for one in alone]
    assert together.weight <= 2 * (len(queries) + 2), "the goods' block and the variations'"
    assert together.weight <= sum(one.weight for one in alone)


def test_an_article_is_the_find_of_who_asked_for_it() -> None:
    operation = native().search_ways(["SD 1", "SD-2"])
    nothing: dict[str, list[object]] = {"products": []}
    answers = {name: {"products": [DRILL]} if name == "article" else nothing for name in operation.commands}
    first, second = heard(operation, *answers.values())
    assert ([one.id for one in first.products], list(second.products)) == (["1243"], [])


def test_an_article_that_nobody_asked_for_is_a_dropped_filter() -> None:
    operation = native().search_ways(["AB 7", "AB-8"])
    answers: list[dict[str, list[object]]] = [
        {"products": [DRILL]} if name == "article" else {"products": []} for name in operation.commands
    ]
    with pytest.raises(BadAnswer, match="article"):
        heard(operation, *answers)


def test_trouble_of_another_spelling_stands_in_its_place() -> None:
    operation = native().search_ways(["дрель", "дрели"])
    trouble: BitrixError = NotFound("gone")
    answers = {name: Answer({"products": []}) for name in operation.commands} | {"name1": Answer(None, error=trouble)}
    page, other = operation.read(answers)
    assert (page.products, other) == ((), trouble)
    assert operation.optional == {"name1"}
