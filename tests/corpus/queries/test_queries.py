"""How well goods are found, measured on the corpus; what the page says of it is what it is."""

from __future__ import annotations

import re
from pathlib import Path

from infra.bench.queries import Query, judged, read_queries
from infra.bench.rules import read_catalogue
from infra.bench.search import CATALOGUE, CORPUS, Score, run

PAGE = Path(__file__).with_name("README.md")
SAMPLE = 17
"""Of so many queries the native dialect is asked one: the simulated portal looks through 3,000 goods for each."""


def _told(dialect: str) -> list[str]:
    """Return what the page says of a dialect."""
    said = re.search(rf"```\ndialect         {dialect}\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert said is not None
    return said[1].splitlines()


def _holds_the_goals(score: Score) -> bool:
    return score.recall >= 0.95 and score.silent_guesses == 0 and set(score.requests) <= {1, 2}


async def test_the_goals_are_held_and_the_page_says_the_numbers() -> None:
    score = await run("contract")
    assert len(score.results) >= 300
    assert _holds_the_goals(score)
    assert score.requests[1] > len(score.results) * 0.8
    assert _told("contract") == score.lines()


async def test_a_real_portal_holds_the_goals_too() -> None:
    assert _holds_the_goals(await run("native", every=SAMPLE))
    queries, recall, _, silent, requests = _told("native")
    assert silent == "silent guesses  0"
    assert int(queries.split()[1]) == len(list(read_queries(CORPUS)))
    assert float(recall.split()[1]) >= 0.95
    # A sample of 28 says little of what is usual: that is held by what the page tells of all.
    found = re.fullmatch(r"HTTP requests   1: (\d+), 2: (\d+)", requests)
    assert found is not None
    assert int(found[1]) > (int(found[1]) + int(found[2])) * 0.8


def test_the_catalogue_is_large_and_the_same_each_time() -> None:
    first, again = (read_catalogue(CORPUS / CATALOGUE).all() for _ in range(2))
    assert len(first) >= 3000
    assert first == again
    assert len({one.name for one in first}) == len(first)


def test_no_query_is_asked_twice() -> None:
    texts = [query.text for query in read_queries(CORPUS)]
    assert len(set(texts)) == len(texts)


def test_an_answer_is_worth_the_right_goods_among_its_first_five() -> None:
    query = Query("one.txt", "бур 6", (("бур", "6×110"), ("бур", "6×160")))
    shown = [("Бур 8×110", "a"), ("Бур 6×110", "b"), *[("Бур 9", "c")] * 3, ("Бур 6×160", "d")]
    found = judged(query, shown, 2, 1)
    assert (found.recall, found.wrong_at_first) == (0.5, True)
    assert judged(query, shown[1:2], 1, 1).recall == 1
    assert Score([found, judged(query, [], 2, 2)]).requests == {1: 1, 2: 1}
    alone = [judged(query, shown[:1], 1, 1), judged(query, shown[:1], 1, 1, told=True), judged(query, shown[1:2], 1, 1)]
    assert Score(alone).silent_guesses == 1
