"""What people do with inline mode: type a query after the bot's name, take one of its results."""

from typing import Any

from infra.local.telegram.acting import Act, Actor
from infra.local.telegram.errors import ControlError
from infra.local.telegram.objects import user_object
from infra.local.telegram.results import shown_result
from infra.local.telegram.state import InlineQuery

CHAT_TYPES = {"sender", "private", "group", "supergroup", "channel"}
MAX_QUERY = 256


class InlinePeople(Actor):
    """People who search without leaving a chat."""

    def asks(self, user_id: int, query: str, offset: str = "", chat_type: str = "sender") -> Act:
        """The person types a query; `chat_type` says in what chat («sender»: in the dialogue with the bot)."""
        if chat_type not in CHAT_TYPES or len(query) > MAX_QUERY:
            raise ControlError(400, f"a query has up to {MAX_QUERY} characters and a known chat type")
        user, _ = self._writer(user_id, None)
        world = self._core.world
        asked = InlineQuery(str(world.next_id()), user.id, query, offset, self._core.clock.now(), chat_type)
        world.inline_queries[asked.id] = asked
        update_id = self._push("inline_query", user_id, self._core.objects.inline_query(asked))
        return Act(world.touch(), [], [update_id], {"inline_query_id": asked.id})

    async def chooses(self, user_id: int, query_id: str, result_id: str) -> Act:
        """The person takes a result: it appears as his message, sent via the bot.

        The bot hears of the choice, and also gets the message itself: here it is sent into the dialogue with it.
        """
        user, chat = self._writer(user_id, None)
        query = self._core.world.inline_queries.get(query_id)
        results: list[dict[str, Any]] = (query.answer or {}).get("results", []) if query else []
        result = next((item for item in results if str(item.get("id")) == result_id), None)
        if query is None or query.user_id != user_id or result is None:
            raise ControlError(404, "no such result", results=[str(item.get("id")) for item in results])
        shown = await shown_result(self._core, result)
        message = self._message(user, chat, shown.content)
        message.photo, message.markup, message.via_bot = shown.photo, shown.markup, True
        chosen: dict[str, Any] = {"result_id": result_id, "from": user_object(user), "query": query.query}
        if shown.markup:
            chosen["inline_message_id"] = f"AAMC{message.id:08d}"
        self._push("chosen_inline_result", user_id, chosen)
        return self._act([message])
