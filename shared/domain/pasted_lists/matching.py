"""The matching of a list's lines with products: what one request asks of the portal, and what its answer means. Pure.

Articles are looked up as they are, all in the first request. What that did not find, and lines that are names, are
searched by name in what room is left, the rest in the next requests: fifty names take four. What the trade's words find
(`trade_lines`) is asked with a name where there is room, and else only when the name found nothing. A line that means
several products, or one by the trade's words or the middle of a word alone, is for the master to decide; so is one
that was found only without the number that may be its count. The number under a barcode is looked up as an article is,
and the words beside it are asked for in the same request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain import barcodes
from shared.domain.catalogue import Product, ProductPage
from shared.domain.pasted_lists import trade_lines
from shared.domain.pasted_lists.lines import TRIM
from shared.domain.pasted_lists.reading import WantedLine, is_article
from shared.domain.quantities import MOST
from shared.domain.searches import without_key
from shared.domain.spelling import articles
from shared.domain.spelling.trade_words import TradeWords, package_words
from shared.domain.spelling.variants import widest
from shared.domain.stored_fields import COUNT, UNLESS_DEFAULT

MOST_ARTICLES: Final = 50
"""Articles of one look-up (`shared.bitrix.portal`)."""

CANDIDATES: Final = 3
"""Products a line that means several remembers, to be named."""

_LAST_NUMBER: Final = re.compile(r"(?P<what>.*\S)\s(?P<number>\d+)")


class LookUpStage(StrEnum):
    """What is asked next about a line."""

    ARTICLE = "article"
    NAME = "name"
    TRADE = "trade"
    SETTLED = "settled"


@dataclass(frozen=True)
class LookUpCosts:
    """How many commands it takes to look these articles up, and to search by a text: portals differ."""

    articles: Callable[[Sequence[str]], int]
    name: Callable[[str], int]


@dataclass(frozen=True)
class SoughtLine:
    """A line on its way. `products`: what it may mean, the first few of `total`.

    `measure`, `options`, `pieces` are as in `WantedLine`; `answered`: its count was asked, and is the master's answer;
    `guessed`: the trade's words found these products, or the middle of a word, and the master has not chosen yet.
    """

    text: str
    quantity: Decimal = field(metadata=COUNT)
    stage: LookUpStage
    products: tuple[Product, ...] = ()
    total: int = 0
    measure: str = field(default="", metadata=UNLESS_DEFAULT)
    options: tuple[Decimal, ...] = field(default=(), metadata=UNLESS_DEFAULT)
    answered: bool = field(default=False, metadata=UNLESS_DEFAULT)
    pieces: bool = field(default=False, metadata=UNLESS_DEFAULT)
    guessed: bool = field(default=False, metadata=UNLESS_DEFAULT)

    @property
    def product(self) -> Product | None:
        """What it means, when that is certain: of what has variations one is to be chosen."""
        certain = self.total == 1 and not self.guessed and not self.products[0].has_variations
        return self.products[0] if certain else None

    @property
    def words(self) -> str:
        """What it is searched for by: the words beside the number of a barcode, the number where there are none."""
        number, words = barcodes.parted(self.text)
        return words or number

    @property
    def uncounted(self) -> str:
        """Its words without the number at their end that may be its count; "" where there is none such."""
        found = _LAST_NUMBER.fullmatch(self.words)
        return found["what"].rstrip(TRIM) if found and Decimal(found["number"]) in self.options else ""

    @property
    def looked_up(self) -> list[str]:
        """What is looked up of it: the number of a barcode, and the article as catalogues may have it."""
        number, words = barcodes.parted(self.text)
        spelt = articles.spellings(words) if not number or is_article(words) else []
        return [*filter(None, [number]), *spelt]

    @property
    def is_searched(self) -> bool:
        """Whether its words are asked for now."""
        beside = self.stage is LookUpStage.ARTICLE and all(barcodes.parted(self.text))
        return beside or self.stage is LookUpStage.NAME

    @property
    def counts(self) -> tuple[Decimal, ...]:
        """The count, or those it may be."""
        return self.options or (self.quantity,)

    @property
    def is_unclear(self) -> bool:
        """Whether it may mean several things."""
        return self.total > 0 and self.product is None

    def settled(self, products: Sequence[Product], total: int) -> SoughtLine:
        """Return the line with what it was found to mean."""
        kept = tuple(without_key(product) for product in products[:CANDIDATES])
        return replace(self, stage=LookUpStage.SETTLED, products=kept, total=total if kept else 0)


@dataclass(frozen=True)
class LookUpRound:
    """What one request asks: articles, and texts to search by the line's number, in the trade's words too."""

    articles: tuple[str, ...]
    names: Mapping[int, str]
    trade: Mapping[int, Sequence[str]] = field(default_factory=dict)


def sought(lines: Iterable[WantedLine]) -> list[SoughtLine]:
    """Return the lines before anything was asked."""
    return [
        SoughtLine(
            line.text,
            line.quantity,
            LookUpStage.ARTICLE if is_article(line.text) or barcodes.parted(line.text)[0] else LookUpStage.NAME,
            measure=line.measure,
            options=line.options,
            pieces=line.pieces,
        )
        for line in lines
    ]


def next_round(
    lines: Sequence[SoughtLine], commands: int, costs: LookUpCosts, words: TradeWords | None = None
) -> LookUpRound:
    """Return what to ask now, in at most so many commands.

    Every article as typed, names, the articles' other forms, and in the room that is left the trade's words.
    """
    spellings = [line.looked_up for line in lines if line.stage is LookUpStage.ARTICLE]
    first = list(dict.fromkeys(each[0] for each in spellings))
    room = commands - costs.articles(first)
    names: dict[int, str] = {}
    for number, line in enumerate(lines):
        if line.is_searched and (cost := costs.name(asked := widest(line.words).query)) <= room:
            names[number] = asked
            room -= cost
    further = [one for one in dict.fromkeys(one for each in spellings for one in each[1:]) if one not in first]
    further = further[: MOST_ARTICLES - len(first)]
    while further and costs.articles([*first, *further]) > room + costs.articles(first):
        further.pop()
    room -= costs.articles([*first, *further]) - costs.articles(first)
    return LookUpRound((*first, *further), names, _in_trade(lines, names, room, costs, words or package_words()))


def _in_trade(
    lines: Sequence[SoughtLine], names: Mapping[int, str], room: int, costs: LookUpCosts, words: TradeWords
) -> dict[int, Sequence[str]]:
    """Return the texts of lines whose name was not found, then of those whose name is asked now, as far as they fit.

    Of many lines that were not found each has its likeliest texts only: they are all asked about in one request.
    """
    waiting = [number for number, line in enumerate(lines) if line.stage is LookUpStage.TRADE]
    dear = sum(costs.name(lines[number].words) for number in waiting)
    most = max(1, room // dear) if dear else trade_lines.MOST
    asked: dict[int, Sequence[str]] = {}
    by_words = [(number, _other_texts(lines[number], words)[:most]) for number in (*waiting, *names)]
    # Those never wait for a request of their own.
    wider = [(number, trade_lines.loosely(lines[number].words, words)) for number, texts in by_words if not texts]
    for number, texts in (*by_words, *wider):
        cost = sum(map(costs.name, texts))
        if texts and cost <= room:
            asked[number] = texts
            room -= cost
    return asked


def _other_texts(line: SoughtLine, words: TradeWords) -> tuple[str, ...]:
    """Return what to ask for a line besides its own words, the likeliest first: first without what may be its count."""
    uncounted = (widest(line.uncounted).query,) if line.uncounted else ()
    return (*uncounted, *trade_lines.texts(line.words, words))


def after(
    lines: Sequence[SoughtLine],
    by_article: Mapping[str, Sequence[Product]],
    by_name: Mapping[int, ProductPage],
    by_trade: Mapping[int, Sequence[ProductPage]] = MappingProxyType({}),
    words: TradeWords | None = None,
) -> list[SoughtLine]:
    """Return the lines with what the answers say of them."""
    known = words or package_words()
    found: list[SoughtLine] = []
    for number, asked in enumerate(lines):
        line = _by_article(asked, by_article) if asked.stage is LookUpStage.ARTICLE else asked
        if line.stage is LookUpStage.SETTLED:
            found.append(line)
            continue
        if line.stage is LookUpStage.TRADE:
            # What one request has no room for stays open: a tap searches for it in all the ways there are.
            found.append(_by_trade(line, by_trade.get(number, ()), known))
            continue
        settled = _by_name(line, by_name.get(number), known, asked_wider=number in by_trade)
        found.append(_by_trade(settled, by_trade.get(number), known))
    return found


def _by_article(line: SoughtLine, answers: Mapping[str, Sequence[Product]]) -> SoughtLine:
    known = {product.id: product for one in line.looked_up for product in answers.get(one, ())}
    return line.settled(list(known.values()), len(known)) if known else replace(line, stage=LookUpStage.NAME)


def _by_name(
    line: SoughtLine, found: ProductPage | None, words: TradeWords, *, asked_wider: bool = False
) -> SoughtLine:
    """Settle a line, if it was asked about: just its name or article counts for more than all that hold its words.

    What is not found may have another name in the trade; `asked_wider`: this was asked along with it.
    """
    if found is None:
        return line
    counted = widest(line.words).narrow(found)
    same = articles.squashed(line.words)
    exact = [
        item for item in counted.products if same in (articles.squashed(item.name), articles.squashed(item.article))
    ]
    if exact:
        return line.settled(exact, len(exact))
    if not counted.products and (asked_wider or _other_texts(line, words)):
        return replace(line, stage=LookUpStage.TRADE)
    settled = line.settled(counted.products, counted.total)
    return replace(settled, guessed=settled.total == 1 and not _is_meant(line, counted.products[0]))


def _is_meant(line: SoughtLine, product: Product) -> bool:
    """Tell whether a line means a product by its words; a number that nobody knows may be another one's."""
    return line.words == line.text and trade_lines.is_named(line.text, product)


def _by_trade(line: SoughtLine, pages: Sequence[ProductPage] | None, words: TradeWords) -> SoughtLine:
    """Settle a line whose name was not found, if it was asked about in the trade's words."""
    if line.stage is not LookUpStage.TRADE or pages is None:
        return line
    products, total = trade_lines.found(line.words, pages, words)
    return replace(line.settled(products, total), guessed=bool(products))


def merged(lines: Iterable[SoughtLine]) -> list[SoughtLine]:
    """Return the lines with two that mean the same product as one; metres are not added to pieces.

    Whose count must be asked stays by itself. More than an order takes is for `within_order`.
    """
    by_product: dict[tuple[str, str], SoughtLine] = {}
    for number, line in enumerate(lines):
        key = (line.product.id if line.product and not line.options else f"\n{number}", line.measure)
        known = by_product.get(key, replace(line, quantity=Decimal(0)))
        pieces = known.pieces or line.pieces
        by_product[key] = replace(known, quantity=known.quantity + line.quantity, pieces=pieces)
    return list(by_product.values())


def within_order(lines: Iterable[SoughtLine]) -> tuple[tuple[SoughtLine, ...], bool]:
    """Return the lines with no more of one than an order takes, and whether any wanted more."""
    kept = tuple(lines)
    return tuple(replace(line, quantity=min(line.quantity, MOST)) for line in kept), any(
        line.quantity > MOST for line in kept
    )
