"""The words of a message: its text, or the caption of its picture or file. A command is none: it has a handler.

A button's word may be typed as well: «готово», «отмена».
"""

from __future__ import annotations

import re
from typing import Final

from shared.telegram.api import Message


def words_of(message: Message) -> str:
    """Return what is written in the message, "" when nothing is."""
    return message.text or message.caption or ""


async def has_words(message: Message) -> bool:
    """Let through what a search or a list can be read from."""
    words = words_of(message)
    return words != "" and not words.startswith("/")


_ENDS: Final = " .,!…"

_BACK: Final = frozenset({"/cancel", "отмена", "отменить", "отменяй", "передумал", "передумала", "передумали"})
_DONE: Final = frozenset({"готово", "готов", "всё", "все", "это всё", "это все"})
_YES: Final = frozenset({"да", "ага", "да, отменить", "да, оплачено", "оплатил", "оплатила"})
_NO: Final = frozenset({"нет", "не надо", "нет, оставить", "нет, есть вопрос"})


_THANKS: Final = re.compile(
    r"(?:(?:большое|огромное|ок|да|отлично|супер|всё|все)[ ,]+)*(?:спасибо|благодарю|спс)(?:\W.{0,20})?"
)


_HELLO: Final = re.compile(
    r"(?:(?:здравствуй(?:те)?|привет(?:ик|ствую)?|хай|hi|hello|(?:добр(?:ый|ое|ой|ого)|доброго времени) "
    r"(?:день|дня|утр[оа]|вечера?|ночи|суток))(?:\W+(?:бот|всем|коллеги|друзья|ещё раз|еще раз))?\W*)+"
)


def spoken(message: Message) -> str:
    """Return the message's text as a button's word would be; a command without the bot's name behind it."""
    said = " ".join((message.text or "").casefold().split()).strip(_ENDS)
    return said.partition("@")[0] if said.startswith("/") else said


async def takes_back(message: Message) -> bool:
    """Let through who has changed his mind: «/cancel», «отмена», «передумал»."""
    return spoken(message) in _BACK


async def says_done(message: Message) -> bool:
    """Let through «готово»."""
    return spoken(message) in _DONE


async def says_thanks(message: Message) -> bool:
    """Let through «спасибо» and what is said around it."""
    return _THANKS.fullmatch(spoken(message)) is not None


async def says_hello(message: Message) -> bool:
    """Let through a greeting and nothing else."""
    return _HELLO.fullmatch(spoken(message)) is not None


async def says_yes(message: Message) -> bool:
    """Let through «да»."""
    return spoken(message) in _YES


async def says_no(message: Message) -> bool:
    """Let through «нет»."""
    return spoken(message) in _NO
