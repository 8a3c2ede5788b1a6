"""What messengers put before each of several messages that are copied at once: when and who. Pure.

WhatsApp «[29.11.2026, 10:12] Вася: …», «[10:12, 29.11.2026] Вася: …» and «29.11.2026, 10:12 - Вася: …», Viber
«[29 ноября 2026 г. 10:12] Вася: …», Telegram «Вася, [29.11.2026 10:12]» on a line of its own.
"""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}\s[а-яё]{3,8}\.?\s\d{4})"
_HOUR: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s(?i:[AP]\.?M\.?))?"
_WHEN: Final = rf"(?:{_DAY}(?:\sг\.)?(?:,|\sв)?\s{_HOUR}|{_HOUR},?\s{_DAY})"
_BEFORE: Final = re.compile(rf"\s{{0,3}}(?:\[{_WHEN}\]|{_WHEN}\s[-–—])\s(?:[^:\n]{{1,60}}:(?:\s|$)|[^:\n]*$)")
"""With who wrote; what names nobody («Вы создали группу») is the messenger's own line."""
_ALONE: Final = re.compile(rf"[^\n\[]{{1,60}},\s\[{_WHEN}\]:?\s{{0,3}}")
_NOT_COPIED: Final = re.compile(r"<[^<>\n]{1,60}>\s{0,3}")
"""«<Без медиафайлов>»: a picture that was not copied."""


def without_stamp(line: str) -> str:
    """Return the line without when it was sent and who sent it; "" where nothing else stands in it."""
    if _ALONE.fullmatch(line):
        return ""
    found = _BEFORE.match(line)
    bare = line[found.end() :] if found else line
    return "" if found and _NOT_COPIED.fullmatch(bare) else bare
