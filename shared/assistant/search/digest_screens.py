"""The screen of the digest of searches that found nothing. Guesses nothing itself, so that a tap on it loads little."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import COPIED, Row, button, copying, keyboard
from shared.assistant.search.buttons import SwitchWord
from shared.domain.word_guesses import WordGuesses
from shared.telegram.api import InlineKeyboardMarkup


def screen(told: WordGuesses) -> Screen:
    """Words that found nothing and how often, and what operators can do about each."""
    rows = [(row.words, row.count) for row in told.rows]
    text = texts.operators.empty_searches(rows, guessed=any(row.line for row in told.rows))
    return Screen(text, buttons(told, ()))


def buttons(told: WordGuesses, lines: Sequence[str]) -> InlineKeyboardMarkup:
    """For each: a button that adds the guess or takes it away, and one that copies the beginning of its `/word`."""
    rows: list[Row] = []
    for number, row in enumerate(told.rows):
        if row.line:
            on = row.line not in lines
            label = texts.labels.word_guess(row.line) if on else texts.labels.word_known(row.line)
            rows.append([button(label, SwitchWord(digest=told.id, number=number, on=on))])
        begun = texts.operators.word_begun(row.words)
        if len(begun) <= COPIED and row.line not in lines:
            rows.append([copying(texts.labels.says_what(row.words), begun)])
    return keyboard(*rows)
