"""What a product's description tells beside its name and article, which stand above it on a card already."""

from __future__ import annotations

import re

from shared.domain.catalogue import Product

_WORD = re.compile(r"\w+")
_ARTICLE_LABELS = frozenset({"арт", "артикул", "код"})
_AFTER_NAME = re.compile(r"\s*[—–\-:.]\s+")
"""What parts a name from what is said of it, as in «Дрель DP4000 — для тяжёлых работ»."""


def beside_name(description: str, product: Product) -> str:
    """Return the description's lines without those that only repeat the name or the article.

    Of the first line the name itself is left out where a sentence follows it; «Дрель сверлит» stays whole.
    """
    lines = description.split("\n")
    while lines and _repeats(lines[0], product):
        del lines[0]
    told = [line for line in lines if not _is_article(line, product)]
    return "\n".join([_without_name(told[0], product.name), *told[1:]]) if told else ""


def _repeats(line: str, product: Product) -> bool:
    return _words(line) <= _words(product.name) | _words(product.article) | _ARTICLE_LABELS


def _is_article(line: str, product: Product) -> bool:
    """Whether the line is the article with its label, as in «• Артикул: DF333DWYE»."""
    words = _words(line)
    return bool(words & _ARTICLE_LABELS) and words - _ARTICLE_LABELS == _words(product.article)


def _without_name(line: str, name: str) -> str:
    if not line.casefold().startswith(name.casefold()):
        return line
    parted = _AFTER_NAME.match(line, len(name))
    rest = line[parted.end() :] if parted else ""
    return rest[:1].upper() + rest[1:] if rest else line


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
