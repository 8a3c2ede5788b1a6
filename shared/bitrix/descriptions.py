"""What a portal says about a product beside its name: its words, and whether it can be had when no store holds it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from shared.bitrix.fields import Row, text

LONGEST = 600
"""Characters: a card in Telegram has 1024 for its picture's caption, and price and stock need some of them."""
_READ_AT_MOST = 20_000
_UNFINISHED_TAG = re.compile(r"<[^<>]*$")
_NEW_LINE = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_NOT_TEXT = frozenset({"script", "style", "iframe", "object", "noscript", "template"})


def description(row: Row) -> str:
    """Return a product's short text, else its long one; a product may have neither."""
    for name in ("PREVIEW_TEXT", "DETAIL_TEXT"):
        given = text(row, name)
        if len(given) > _READ_AT_MOST:
            given = _UNFINISHED_TAG.sub("", given[:_READ_AT_MOST])
        is_html = text(row, f"{name}_TYPE").casefold() != "text"
        if found := _shortened(_lines(_without_tags(given) if is_html else given)):
            return found
    return ""


class _Words(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        self._hidden += tag in _NOT_TEXT
        if tag in _NEW_LINE:
            self.seen.append("\n• " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _NOT_TEXT))
        if tag in _NEW_LINE:
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # A line's end in the source is a space to the reader.
            self.seen.append(data.replace("\n", " "))


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.seen)


def _lines(words: str) -> str:
    """Return the text without needless spaces, empty lines and empty bullets."""
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in words.split("\n"))
    return "\n".join(line for line in lines if line.strip("• "))


def _shortened(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    cut = words[:LONGEST]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut[:-1]}".rstrip(" ,.;:—-\n") + "…"


def on_order(row: Row) -> bool:
    """Tell by a product's row: «N» for `canBuyZero` while its stock is counted means that it is sold from stock only.

    It is a setting of the product, not its stock, so it may be remembered. «D», the shop's default, and a portal that
    does not tell (the spec's table has no such field) are taken for a yes: the portal has the last word at the order.
    """
    return text(row, "canBuyZero").upper() != "N" or text(row, "quantityTrace").upper() == "N"
