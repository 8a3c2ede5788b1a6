"""What in a pasted list wants nothing: greetings, headings, totals, signatures. Pure."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.pasted_lists.lines import is_article

_HELLO: Final = (
    r"здравствуй(?:те)?|привет(?:ствую)?|добр(?:ый|ого|ое|ой)\s(?:день|дня|утро|вечер)|доброго времени суток|"
    r"коллеги|уважаемые|hello|hi|please|need|want"
)
_WISH: Final = (
    r"срочно|очень|да|дай(?:те)?|давай(?:те)?|ок(?:ей)?|хорошо|бер(?:у|[её]м)|добавь(?:те)?|"
    r"нуж(?:но|ны|на|ен)|надо|требуется|требуются|необходимо|прошу|просьба|закаж(?:и|ите)|заказать|заказ(?:ываю|ываем)?|"
    r"хо(?:чу|тим|тел(?:и)?)|бы|мне|нам|и(?=\s)|ещ[её]|также|пожалуйста|плиз|подготов(?:ьте|ить)|отложите|посчитайте|сч[её]т(?:\sна)?|"
    r"выстав(?:ьте|ить)|есть|куп(?:ить|лю)|возьм(?:у|[её]м)|заявка|список|следующее|позиции"
)
_HEAD: Final = re.compile(rf"(?:(?:{_HELLO}|{_WISH})(?!\w)[\s,.:!–—-]*)+", re.IGNORECASE)
_OPENER: Final = re.compile(
    r"(?:(?:большое\s|заранее\s)?спасибо|жд(?:у|[её]м)|сколько\sбудет|артикул|наименование|название)"
    r"[\s,.:!№–—-]+(?P<rest>\S+\s.*\d.*)",
    re.IGNORECASE,
)
"""What says nothing of its own, and may stand before an article and its count."""
_ABOUT: Final = re.compile(r"(?:от|на|к|до|для|в|по|с)\s", re.IGNORECASE)
_TAIL: Final = re.compile(
    r"(?<![\s,.(])[\s,.(]+(?:пожалуйста|плиз|спасибо|срочно|заранее спасибо)[\s!.)]*$", re.IGNORECASE
)
_NOTHING: Final = re.compile(
    r"(?:(?:большое\s)?спасибо|заранее|благодар|с\sуважением|с\sув\.|итого|всего|сумма|общая\sсумма|к\sоплате|в\sт\.?\s?ч|"
    r"в\sтом\sчисле|ндс|доставка|самовывоз|адрес|тел(?:ефон)?\b|моб\b|e-?mail|почта\b|инн\b|кпп\b|ооо\b|ип\b|зао\b|оао\b|"
    r"отправлено|sent\sfrom|менеджер|жду|ждём|когда|сколько\sбудет|артикул|наименование|название|заявка\s№|сч[её]т\s№|"
    r"заказ\s№|накладная|прайс|total)(?!\w).*|.*:|"
    r"[=\s]*\d[\d\s.,]{0,20}(?:руб\w{0,4}|р)?[.₽]?(?<=[р.₽бей])",
    re.IGNORECASE,
)
_REACHED: Final = re.compile(
    r"(?:\+\d[\d\s()-]{8,18}|[78][\s(-]{0,2}\d{3}[\s)-]{0,2}\d{3}[\s-]?\d{2}[\s-]?\d{2}|\S+@\S+\.\w+|https?://\S+|@\w+)"
)
_RULE: Final = re.compile(r"[\s|:=_*~.–—-]*")


def without_chatter(line: str) -> str:
    """Return a line without greetings before and thanks behind what it wants; "" when it wants nothing."""
    line = _behind_opener(line)
    if _RULE.fullmatch(line) or _NOTHING.fullmatch(line) or _REACHED.fullmatch(line):
        return ""
    found = _HEAD.match(line)
    bare = line[found.end() :] if found else line
    if found and _ABOUT.match(bare):
        return ""
    bare = _behind_opener(_TAIL.sub("", bare).strip())
    return "" if _NOTHING.fullmatch(bare) else bare


def _behind_opener(line: str) -> str:
    """Return the line from its article on, where only thanks or a name of a column stand before it."""
    found = _OPENER.fullmatch(line)
    return found["rest"] if found and is_article(found["rest"].split(" ")[0].strip(",;:")) else line
