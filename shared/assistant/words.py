"""The words of a message: its text, or the caption of its picture or file. A command is none: it has a handler."""

from __future__ import annotations

from shared.telegram.api import Message


def words_of(message: Message) -> str:
    """Return what is written in the message, "" when nothing is."""
    return message.text or message.caption or ""


async def has_words(message: Message) -> bool:
    """Let through what a search or a list can be read from."""
    words = words_of(message)
    return words != "" and not words.startswith("/")
