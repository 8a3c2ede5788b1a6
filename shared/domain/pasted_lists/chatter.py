"""What in a pasted list wants nothing: greetings, headings, totals, signatures. Pure."""

from __future__ import annotations

import re
from typing import Final

_HELLO: Final = (
    r"здравствуй(?:те)?|привет(?:ствую)?|добр(?:ый|ого|ое|ой)\s(?:день|дня|утро|вечер)|доброго времени суток|"
    r"коллеги|уважаемые|hello|hi|please|need|want"
)
_WISH: Final = (
    r"нуж(?:но|ны|на|ен)|надо|требуется|требуются|необходимо|прошу|просьба|закаж(?:и|ите)|заказать|заказ(?:ываю|ываем)?|"
    r"хо(?:чу|тим|тел(?:и)?)|бы|мне|нам|ещ[её]|также|пожалуйста|плиз|подготов(?:ьте|ить)|отложите|посчитайте|сч[её]т(?:\sна)?|"
    r"выстав(?:ьте|ить)|есть|куп(?:ить|лю)|возьм(?:у|[её]м)|заявка|список|следующее|позиции"
)
_HEAD: Final = re.compile(rf"(?:(?:{_HELLO}|{_WISH})(?!\w)[\s,.:!–—-]*)+", re.IGNORECASE)
_TAIL: Final = re.compile(r"[\s,.(]+(?:пожалуйста|плиз|спасибо|срочно|заранее спасибо)[\s!.)]*$", re.IGNORECASE)
_NOTHING: Final = re.compile(
    r"(?:(?:большое\s)?спасибо|срочно|заранее|благодар|с\sуважением|с\sув\.|итого|всего|сумма|общая\sсумма|к\sоплате|в\sт\.?\s?ч|"
    r"в\sтом\sчисле|ндс|доставка|самовывоз|адрес|тел(?:ефон)?\b|моб\b|e-?mail|почта\b|инн\b|кпп\b|ооо\b|ип\b|зао\b|оао\b|"
    r"отправлено|sent\sfrom|менеджер|жду|ждём|когда|сколько\sбудет|артикул|наименование|название|заявка\s№|сч[её]т\s№|"
    r"заказ\s№|накладная|прайс|total)(?!\w).*|.*:",
    re.IGNORECASE,
)
_REACHED: Final = re.compile(
    r"(?:\+\d[\d\s()-]{8,18}|[78][\s(-]{0,2}\d{3}[\s)-]{0,2}\d{3}[\s-]?\d{2}[\s-]?\d{2}|\S+@\S+\.\w+|https?://\S+|@\w+)"
)
_RULE: Final = re.compile(r"[\s|:=_*~.–—-]*")


def without_chatter(line: str) -> str:
    """Return a line without greetings before and thanks behind what it wants; "" when it wants nothing."""
    if _RULE.fullmatch(line) or _NOTHING.fullmatch(line) or _REACHED.fullmatch(line):
        return ""
    bare = line[found.end() :] if (found := _HEAD.match(line)) else line
    bare = _TAIL.sub("", bare).strip()
    return "" if _NOTHING.fullmatch(bare) else bare
