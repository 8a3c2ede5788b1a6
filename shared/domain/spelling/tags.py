"""Tags of HTML that came along with a copied text, and angle brackets around words: neither is looked for. Pure.

What HTML writes as `&quot;` or `&nbsp;` is the sign that it stands for.

A bracket alone stays: in the other keyboard layout it is a letter, «<bnf» is «Бита».
"""

from __future__ import annotations

import html
import re
from typing import Final

_ATTRIBUTES: Final = r"(?:\s[^<>]{0,200})?/?>"
_ENDS: Final = re.compile(rf"<(?:br|/(?:p|div|li|tr|h[1-6])){_ATTRIBUTES}", re.IGNORECASE)
"""What a browser ends a line at."""
_CELLS: Final = re.compile(rf"</t[dh]{_ATTRIBUTES}\s*(?=<t[dh][\s>])", re.IGNORECASE)
_TAGS: Final = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|del|ins|code|pre|mark|small|sub|sup|font|span|div|blockquote|br|hr|h[1-6]|ul|ol|li|"
    rf"table|thead|tbody|tr|td|th){_ATTRIBUTES}",
    re.IGNORECASE,
)
"""Only HTML's own names: «<HR2470>» is an article in brackets."""
_BRACKETED: Final = re.compile(r"<((?=[^<>\s]*\d)\w[^<>\s]{0,199})>|‹([^‹›\n]{1,200})›")
"""«<Без медиафайлов>» is a messenger's own word."""
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}[0-9]{0,2});", re.IGNORECASE)
"""With its semicolon only: «Black&Decker» is a name."""


def without_tags(text: str) -> str:
    """Return the text without tags and brackets; lines and cells end where a browser would end them."""
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = _TAGS.sub("", _CELLS.sub("\t", _ENDS.sub("\n", text)))
    return _BRACKETED.sub(lambda found: found[1] or found[2], text)
