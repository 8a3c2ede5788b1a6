"""Lists of articles, in both dialects."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Portal
from shared.domain.catalogue import Product
from shared.domain.orders import PaymentKind
from tests.bitrix.native.speaking import asked, heard, native

CONTRACT = ContractPortal(
    ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="3")
)


def row(number: int, article: Any, **more: Any) -> dict[str, Any]:
    return {"id": number, "iblockId": 23, "name": f"Товар {number}", "type": 1, "property105": article, **more}


def test_ten_articles_are_asked_at_a_time() -> None:
    operation = native().by_articles([f"A-{number}" for number in range(23)])
    assert operation.weight == 3
    filters = [params["filter"] for _, params in asked(operation).values()]
    assert [len(one["=property105"]) for one in filters] == [20, 20, 6], "in both alphabets"
    last = ["A-20", "А-20", "A-21", "А-21", "A-22", "А-22"]
    assert filters[2] == {"iblockId": 23, "active": "Y", "=property105": last}


def test_every_article_has_its_products() -> None:
    operation = native().by_articles([" 6204-2rs ", "Ё-17", "нет", "6204-2rs"])
    page = [
        row(1, {"value": "6204-2RS"}),
        row(2, [{"value": "Х"}, {"value": "Е-17"}]),
        row(3, {"value": "6204-2RS"}),
        row(4, {"value": "6204-2RS"}, type=3),
    ]
    found = heard(operation, {"products": page}, {"products": []})
    assert {article: [product.id for product in products] for article, products in found.items()} == {
        "6204-2rs": ["1", "3"],
        "Ё-17": ["2"],
        "нет": [],
    }
    assert found["Ё-17"] == [Product("2", "Товар 2", "Х")]


def test_a_dropped_filter_is_noticed() -> None:
    with pytest.raises(BadAnswer, match="article"):
        heard(native().by_articles(["A-1"]), {"products": [row(1, {"value": "A-1"}), row(2, {"value": "B"})]})


def test_without_a_property_articles_are_words_of_names() -> None:
    operation = native(article_property="").by_articles(["6204", "M-8"])
    assert operation.weight == 2
    assert [params["filter"]["%name"] for _, params in asked(operation).values()] == ["6204", "M-8"]
    names = [row(1, None, name="Подшипник 6204, Китай"), row(2, None, name="Подшипник 62048")]
    found = heard(operation, {"products": names}, {"products": []})
    assert {key: [product.id for product in products] for key, products in found.items()} == {"6204": ["1"], "M-8": []}


def test_the_contract_searches_for_each() -> None:
    operation = CONTRACT.by_articles(["d-7", "d-8"])
    assert operation.weight == 2
    assert [params["filter"] for _, params in asked(operation).values()] == [{"q": "d-7"}, {"q": "d-8"}]
    by_words = [{"ID": 7, "NAME": "Дрель", "SKU": "D-7"}, {"ID": 8, "NAME": "Дрель D-7 с кейсом", "SKU": "D-7K"}]
    assert heard(operation, {"items": by_words}, {"items": []}) == {"d-7": [Product("7", "Дрель", "D-7")], "d-8": []}


@pytest.mark.parametrize("portal", [native(), CONTRACT])
@pytest.mark.parametrize("articles", [[], ["A", " "], [str(number) for number in range(51)], ["\u0301"]])
def test_lists_that_cannot_be_asked(portal: Portal, articles: list[str]) -> None:
    with pytest.raises(ValueError, match="articles"):
        portal.by_articles(articles)


@pytest.mark.parametrize("portal", [native(), CONTRACT])
def test_fifty_fit_into_one_request(portal: Portal) -> None:
    assert portal.by_articles([str(number) for number in range(50)]).weight <= 50
