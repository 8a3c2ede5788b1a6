"""Bot API methods that answer taps and inline queries."""

from datetime import timedelta
from typing import TypeVar

from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import bad_request
from infra.local.telegram.mailbox import LIVES
from infra.local.telegram.params import Params
from infra.local.telegram.results import checked_button, checked_results
from infra.local.telegram.state import Callback, InlineQuery
from infra.local.telegram.text import utf16_length

MAX_ANSWER = 200
MAX_NEXT_OFFSET = 64

Asked = TypeVar("Asked", Callback, InlineQuery)


def _alive(core: Core, kind: str, query: Asked | None) -> Asked:
    """The query of an answer; ApiError when there is none, it is answered, or its life is over."""
    life = timedelta(seconds=LIVES[kind])
    if query is None or query.answer is not None or core.clock.now() - query.date > life:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


async def answer_callback_query(core: Core, params: Params) -> object:
    """Bot API answerCallbackQuery: once, while the query lives; text of 0–200 units."""
    callback = _alive(core, "callback_query", core.world.callbacks.get(params.text("callback_query_id")))
    text = params.text("text")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    url = params.text("url")
    if url and not url.startswith(f"https://t.me/{core.options.username}?start="):
        raise bad_request("URL_INVALID")
    date = core.clock.now().isoformat()
    callback.answer = {"text": text, "alert": params.flag("show_alert"), "url": url or None, "date": date}
    core.world.touch()
    return True


async def answer_inline_query(core: Core, params: Params) -> object:
    """Bot API answerInlineQuery: up to 50 results while the query lives."""
    results, button = checked_results(core, params), checked_button(params)
    if len(params.text("next_offset").encode()) > MAX_NEXT_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = _alive(core, "inline_query", core.world.inline_queries.get(params.text("inline_query_id")))
    query.answer = {
        "results": results,
        "next_offset": params.text("next_offset"),
        "cache_time": params.integer("cache_time", 300, 0, 86_400),
        "is_personal": params.flag("is_personal"),
        "button": button,
    }
    core.world.touch()
    return True


METHODS: dict[str, Method] = {
    "answercallbackquery": answer_callback_query,
    "answerinlinequery": answer_inline_query,
}
