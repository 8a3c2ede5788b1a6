"""The taps of operators: a word that masters use is added to the search, or taken away, where a digest told it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.assistant import access, texts
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.search import digest_screens
from shared.assistant.search.buttons import SwitchWord
from shared.domain import own_words, word_guesses
from shared.pipeline.decision import Decision


@dataclass(frozen=True)
class OperatorTap:
    """A tap on a button of the operators' chat."""

    chat_id: int
    message_id: int
    callback_id: str
    asked: SwitchWord


def read(update: Mapping[str, Any], operators_chat_id: int | None) -> OperatorTap | None:
    """Return the tap; None for one in another chat, and for what is no button of theirs."""
    tap = update.get("callback_query")
    message = tap.get("message") if isinstance(tap, dict) else None
    if (
        not isinstance(tap, dict)
        or not isinstance(message, dict)
        or not access.is_tapped_by_operator(tap, operators_chat_id)
    ):
        return None
    id_, message_id = tap.get("id"), message.get("message_id")
    try:
        asked = SwitchWord.unpack(str(tap.get("data") or ""))
    except (TypeError, ValueError):
        return None
    if operators_chat_id is None or not isinstance(id_, str) or not isinstance(message_id, int):
        return None
    return OperatorTap(operators_chat_id, message_id, id_, asked)


async def handle(tap: OperatorTap, decision: Decision) -> None:
    """Add or take away the word, and show which of the digest's words are there now. Twice does no harm."""
    view = ChatView(decision, ChatTarget(tap.chat_id, tap.message_id), tap.callback_id)
    told = await word_guesses.load(decision.unit, tap.asked.digest)
    line = told.line(tap.asked.number) if told else ""
    if told is None or not line:
        view.toast(texts.operators.word_too_old(), alert=True)
        return
    lines = await own_words.load(decision.unit)
    others = tuple(known for known in lines if known != line)
    if tap.asked.on and len(others) >= own_words.MOST:
        view.toast(texts.operators.words_full(own_words.MOST), alert=True)
        return
    now = (line, *others) if tap.asked.on else others
    own_words.save(decision.unit, now)
    view.toast(texts.operators.word_switched(on=tap.asked.on))
    view.buttons(digest_screens.buttons(told, now))
