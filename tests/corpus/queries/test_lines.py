"""The corpus' queries as lines of a list: what is taken for a line is a right product, and the rest is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from infra.bench.queries import Query, read_queries
from infra.bench.rules import read_catalogue
from infra.bench.search import CATALOGUE, CORPUS, Asking, shop
from shared.domain.pasted_lists import matching
from shared.domain.pasted_lists.matching import LookUpCosts, LookUpStage, SoughtLine
from shared.domain.pasted_lists.reading import WantedLine
from shared.domain.spelling.variants import QueryVariant
from shared.pipeline.select import BATCH

COSTS = LookUpCosts(len, lambda _: 1)
LINES = 20
"""Lines of a list."""


async def _settled(asking: Asking, queries: Sequence[Query]) -> list[SoughtLine]:
    """Return what a list of these comes to, its articles found by nobody."""
    lines = matching.sought(WantedLine(query.text, Decimal(2)) for query in queries)
    while any(line.stage is not LookUpStage.SETTLED for line in lines):
        asked = matching.next_round(lines, BATCH, COSTS)
        texts = [*asked.names.values(), *(text for each in asked.trade.values() for text in each)]
        pages = iter([page for _, page in await asking.answers([QueryVariant(text) for text in texts])])
        by_name = {number: next(pages) for number in asked.names}
        by_trade = {number: [next(pages) for _ in each] for number, each in asked.trade.items()}
        lines = matching.after(lines, {}, by_name, by_trade)
    return lines


async def test_no_line_is_taken_for_another_product_and_the_trades_words_find_most() -> None:
    queries = [query for query in read_queries(CORPUS) if query.file == "trade_words.txt"][::4]
    async with shop("contract", read_catalogue(CORPUS / CATALOGUE)) as asking:
        lists = [queries[begin : begin + LINES] for begin in range(0, len(queries), LINES)]
        lines = [line for one in lists for line in await _settled(asking, one)]
    pairs = list(zip(queries, lines, strict=True))
    taken = [(query, line.product) for query, line in pairs if line.product is not None]
    assert [query.text for query, product in taken if not query.fits(product.name, product.article)] == []
    assert sum(line.total > 0 for line in lines) >= 0.8 * len(lines)
    offered = [(query, line.products) for query, line in pairs if line.guessed and line.total <= matching.CANDIDATES]
    right = [any(query.fits(one.name, one.article) for one in products) for query, products in offered]
    assert sum(right) >= 0.9 * len(right) > 0
