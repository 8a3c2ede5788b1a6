"""What a master is told was looked for, when it is less than he typed."""

from __future__ import annotations

import pytest

from shared.domain.spelling import guesses


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("саморзы по дереву 3,5х35", {"саморзы 3,5х35", "по дереву 3,5х35", "саморзы по дереву 35"}),
        ("шурповерт для дома", {"шурповерт", "для дома"}),
        ("круг отрезной 125 мм по стали", {"круг отрезной по стали", "круг отрезной 125 мм", "круг 125 мм по стали"}),
        ("есть бита ph2?", {"бита ph2", "есть ph2", "есть бита"}),
        ("дрель, bosch; gsr120!", {"bosch; gsr120", "дрель, gsr120", "дрель, bosch"}),
        ("«дрель» makita ;", {"дрель", "Makita"}),
        ("дрель 18в makita", {"дрель Makita", "дрель 18в", "18в Makita"}),
    ],
)
def test_prepositions_and_sizes_of_what_is_left_stay(query: str, told: set[str]) -> None:
    assert told <= {way.told for way in guesses.asked(query)}


@pytest.mark.parametrize("query", ["перчатки 5", "5 перчаток", "круг 125"])
def test_a_bare_number_is_never_all_that_is_looked_for(query: str) -> None:
    assert [way.told for way in guesses.asked(query) if way.told.isdecimal()] == []


def test_an_article_alone_is_looked_for() -> None:
    assert "06019423" in {way.told for way in guesses.asked("шуруповёрт 06019423")}
