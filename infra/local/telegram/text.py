"""Formatted text: plain text with entities whose places are counted in UTF-16 units (Bot API, MessageEntity)."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote expandable",
}
"""Entities that are one tag without a value of its own."""

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>«»]+)"
    r"|(?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/<>])"
    r"|(?<![\w/@.])(?P<mention>@[A-Za-z]\w{3,31})"
)


@dataclass(frozen=True)
class Formatted:
    """What a reader sees, and how."""

    text: str = ""
    entities: list[Entity] = field(default_factory=list)


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: a character outside the basic plane counts twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def in_order(entities: list[Entity]) -> list[Entity]:
    """Entities as Telegram sorts them: by their place, the longer (outer) one first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(formatted: Formatted) -> Formatted:
    """The text without blanks at its ends; entities are cut to what is left of them."""
    start = utf16_length(formatted.text) - utf16_length(formatted.text.lstrip(" \n\r\t"))
    text = formatted.text.strip(" \n\r\t")
    size = utf16_length(text)
    kept = []
    for entity in formatted.entities:
        begin = max(0, entity["offset"] - start)
        end = min(size, entity["offset"] - start + entity["length"])
        if begin < end:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return Formatted(text, in_order(kept))


def with_found_entities(formatted: Formatted) -> Formatted:
    """The text with the links, commands and mentions that Telegram marks by itself outside other entities."""
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in formatted.entities]
    found = []
    for match in _FOUND.finditer(formatted.text):
        begin = utf16_length(formatted.text[: match.start()])
        end = begin + utf16_length(match.group())
        if all(end <= left or right <= begin for left, right in taken):
            found.append({"type": match.lastgroup, "offset": begin, "length": end - begin})
    return Formatted(formatted.text, in_order([*formatted.entities, *found]))


def to_html(formatted: Formatted) -> str:
    """The text as HTML that the Bot API would read back into the same entities; everything else is escaped."""
    units = formatted.text.encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in in_order(formatted.entities):
        start_tag, end_tag = _tags(entity)
        opens.setdefault(entity["offset"], []).append(start_tag)
        # The inner entity comes later in order and must be closed earlier.
        closes.setdefault(entity["offset"] + entity["length"], []).insert(0, end_tag)
    places = sorted({0, len(units) // 2, *opens, *closes})
    pieces = []
    for place, following in zip(places, [*places[1:], len(units) // 2], strict=True):
        pieces += [*closes.get(place, []), *opens.get(place, [])]
        pieces.append(html.escape(units[place * 2 : following * 2].decode("utf-16-le"), quote=False))
    return "".join(pieces)


def _tags(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{html.escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{html.escape(entity["custom_emoji_id"])}">', "</tg-emoji>"
    if kind == "pre" and entity.get("language"):
        return f'<pre><code class="language-{html.escape(entity["language"])}">', "</code></pre>"
    if kind in TAGS:
        return f"<{TAGS[kind]}>", f"</{TAGS[kind].split()[0]}>"
    return "", ""
