"""What a master types to ask for an order: a number after /track, «где заказ 5121», or the number alone.

«Отменить заказ 5121» asks for it as well: what can be done with an order are the buttons below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNS = re.compile(r"[№#\s]+")
_ENDS = ' .,!?;:()«»"'
_ABOUT_AN_ORDER = re.compile(
    r"(?:(?:а|ну|и|скажите|подскажите|покажи|покажите|найди|найдите|где|когда|как|что|там|с|со|по|статус|номер|"
    r"здравствуйте|привет|добрый день|пожалуйста|можно|нужно|надо|хочу|хотел|хотела|бы|мне|я|из|за|"
    r"отмен(?:а|ить|и|ите|яем|яйте)|опла(?:та|тить|чу|тил|тила)|измен(?:ить|и|ите)|повтор(?:ить|и|ите)|"
    r"возврат|вернуть|верн(?:у|ите)|придёт|придет|приедет|привезут|будет|отследить),?\s+)*"
    r"(?:мо(?:й|его|ему|им|и|ём|ем)\s+)?"
    r"заказ(?:а|у|ом|е|ы)?"
    r"(?:\s*(?:№|#|номер)?\s*(?P<number>(?=\S*\d)\S{1,40}))?",
    re.IGNORECASE,
)
_WITHOUT_A_WORD_OF_ORDERS = re.compile(
    r"(?:мой |как |хочу )?(?:статус|отследить|трек(?:[- ]?номер)?|оплатить|оплата)|"
    r"(?:а )?когда (?:будет )?(?:доставка|доставят|привез(?:ут|[её]те)|приедет(?: курьер)?|прид[её]т)|"
    r"(?:а )?где (?:посылка|курьер|доставка)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?:[№#]\s*(?=\S*\d)\S{1,40}|\d{1,40})")


@dataclass(frozen=True)
class AskedOrder:
    """An order that is asked for; without a `number` the newest. `surely`: the words say that it is an order."""

    number: str
    surely: bool


def number_of(typed: str) -> str:
    """Return what was typed as a number, without the signs around it."""
    return _SIGNS.sub(" ", typed).strip(_ENDS)


def read(text: str) -> AskedOrder | None:
    """Return what a text asks for; None when it asks for no order.

    A number alone may be an article as well: whoever has no such order means that.
    """
    words = " ".join(text.split()).strip(_ENDS)
    if _ALONE.fullmatch(words):
        return AskedOrder(number_of(words), surely=not words.isdecimal())
    if _WITHOUT_A_WORD_OF_ORDERS.fullmatch(words):
        return AskedOrder("", surely=True)
    found = _ABOUT_AN_ORDER.fullmatch(words)
    return AskedOrder(number_of(found["number"] or ""), surely=True) if found else None
