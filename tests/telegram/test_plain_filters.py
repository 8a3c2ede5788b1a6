"""Filters that are plain functions run where they are, with what they ask for."""

from __future__ import annotations

import threading
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from shared.assistant.routers import build
from shared.telegram.api import Dispatcher, F, Message, Router, Update
from shared.telegram.plain_filters import call_in_place
from shared.telegram.session import make_bot
from tests.support.telegram import BASE, TOKEN
from tests.support.updates import USER, message

seen: list[Any] = []


def _word(asked: Message, wanted: str) -> dict[str, str] | bool:
    seen.append(threading.current_thread())
    return {"found": wanted} if asked.text == wanted else False


async def _take(asked: Message, found: str) -> None:
    seen.append((asked.text, found))


async def test_they_are_called_in_the_thread_of_the_loop_and_may_add_arguments() -> None:
    seen.clear()
    inner, dispatcher = Router(), Dispatcher(wanted="дрель")
    inner.message.register(_take, F.photo)
    inner.message.register(_take, F.text, _word)
    dispatcher.include_router(inner)
    call_in_place(dispatcher)
    async with httpx.AsyncClient() as http:
        bot = make_bot(TOKEN, BASE, http)
        for number, words in enumerate(("дрель", "бита")):
            update = {"update_id": number, "message": message(number, USER, text=words)}
            await dispatcher.feed_update(bot, Update.model_validate(update, context={"bot": bot}))
    here = threading.current_thread()
    assert seen == [here, ("дрель", "дрель"), here]


def test_no_filter_of_ours_takes_a_thread() -> None:
    dispatcher = build(ZoneInfo("Europe/Moscow"), None)
    observers = [observer for router in dispatcher.chain_tail for observer in router.observers.values()]
    filters = [each for observer in observers for handler in observer.handlers for each in handler.filters or ()]
    assert len(filters) > 100
    assert [each.callback for each in filters if not each.awaitable] == []
