"""Commands that are said in words: «корзина» for /cart, «позовите менеджера» for /support.

Such words are a search as well, so they are looked for after everything that waits for words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from shared.assistant.words import spoken
from shared.telegram.api import Message

_PLEASE: Final = (
    r"(?:(?:здравствуйте|добрый день|привет|пожалуйста|можно|нуж(?:ен|на|но)|надо|хочу|хотела? бы|как|мне|мо[яйию]|"
    r"покажи|покажите|открой|откройте|дай|дайте|позови|позовите|соедини|соедините|связаться|поговорить|написать|"
    r"вызови|вызовите|с|со|у|в)[ ,]+)*"
)
_ASKED: Final[Mapping[str, re.Pattern[str]]] = {
    command: re.compile(_PLEASE + rf"(?:{words})(?:[ ,]+пожалуйста)?\?*")
    for command, words in {
        "cart": r"корзин[ау]|что (?:у меня )?в корзине|оформить(?: заказ)?|оформление(?: заказа)?",
        "catalog": r"каталог(?: товаров)?",
        "help": r"помощь|помоги(?:те)?|что ты умеешь|что умеет бот",
        "lists": r"сохран[её]нные списки|списки|как в прошлый раз",
        "myorders": r"(?:все )?заказы|(?:список|история) заказов",
        "return": r"возврат(?: товара)?|(?:вернуть|сдать|оформить возврат|сделать возврат)(?: товара?| заказа?)?",
        "settings": r"настройк[иа]",
        "support": r"(?:жив(?:ой|ого|ым) )?(?:менеджер|оператор|человек|продав(?:ец|ц)|консультант)(?:а|у|ом|ем)?|"
        r"поддержк[аиу]|служб[аыу] поддержки|(?:пере|по)звони(?:те)?(?: мне)?",
    }.items()
}


async def says_any(message: Message) -> bool:
    """Let through what is a command in words, whichever."""
    return any(pattern.fullmatch(spoken(message)) for pattern in _ASKED.values())


def says(command: str) -> Callable[[Message], Awaitable[bool]]:
    """Return the filter that lets the command through when it is said in words."""
    pattern = _ASKED[command]

    async def is_said(message: Message) -> bool:
        return pattern.fullmatch(spoken(message)) is not None

    return is_said
