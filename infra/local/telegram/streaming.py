"""A dialogue as server-sent events: the whole of it first, then what came or changed since."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from infra.local.telegram.core import Core
from infra.local.telegram.views import chat_view

PAUSE = 0.05
"""Real seconds between two events: a crowd's doings come together."""

TYPING = 5.0
"""Seconds for which a person sees that the bot is typing."""

STILL = 15.0
"""Real seconds after which a line that was silent says that it is there."""

LAST_TAPS = 20


async def chat_events(core: Core, chat_id: int) -> AsyncIterator[str]:
    """Yield events for as long as they are read; what others do to other chats is none."""
    seen, told = 0, ""
    while True:
        view = _view(core, chat_id, seen)
        seen, news = view["version"], bool(view["messages"])
        look = _look(view)
        if news or look != told:
            yield f"data: {json.dumps(view, ensure_ascii=False)}\n\n"
            told = look
        await asyncio.sleep(PAUSE)
        if not await _changed(core, seen, TYPING / 5 if _is_typing(view) else STILL):
            yield ": still here\n\n"


def _view(core: Core, chat_id: int, since: int) -> dict[str, Any]:
    """Return what a page needs; a long dialogue's past is not sent again with each word."""
    world = core.world
    chat = world.chats.get(chat_id)
    if chat is None:
        world.user(chat_id)
        chat = world.chats[chat_id]
    view = chat_view(world, core.mailbox, chat, since)
    del view["deleted"], view["delivery"]
    view["toasts"], view["chat_actions"] = view["toasts"][-LAST_TAPS:], view["chat_actions"][-1:]
    return view


def _is_typing(view: dict[str, Any]) -> bool:
    return any(action["age"] <= TYPING for action in view["chat_actions"])


def _look(view: dict[str, Any]) -> str:
    """Return what tells two looks apart; how long somebody has been typing does not."""
    aging = {"version", "messages", "spinners", "chat_actions"}
    rest = {name: value for name, value in view.items() if name not in aging}
    waiting = [tap["callback_id"] for tap in view["spinners"]]
    return json.dumps([rest, waiting, _is_typing(view)])


async def _changed(core: Core, version: int, within: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await core.world.changes.after(version)
            return True
    return False
