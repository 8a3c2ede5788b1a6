"""Control endpoints that show things: dialogues, people, updates, requests, files. For the page, tests and the CLI."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from infra.local.telegram.calls import Calls
from infra.local.telegram.core import Core
from infra.local.telegram.errors import ApiError, ControlError
from infra.local.telegram.people import start_payload
from infra.local.telegram.profile import commands_in
from infra.local.telegram.streaming import chat_events
from infra.local.telegram.views import chat_view, has_shown, update_view, user_view

MAX_WAIT = 60.0
DEFAULT_WAIT = 10.0
Handler = Callable[[Request], Awaitable[Response]]


class Looking:
    """Handlers that change nothing."""

    def __init__(self, core: Core, calls: Calls) -> None:
        self._core = core
        self._calls = calls

    def table(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler of each endpoint."""
        return [
            ("GET", "/_sim/chats/{chat_id}", self._chat),
            ("GET", "/_sim/chats/{chat_id}/stream", self._stream),
            ("GET", "/_sim/users", self._users),
            ("GET", "/_sim/updates", self._updates),
            ("GET", "/_sim/requests", self._requests),
            ("GET", "/_sim/about", self._about),
            ("GET", "/_sim/files/{path:path}", self._file),
        ]

    async def settled(self, peer_id: int, within: float = DEFAULT_WAIT) -> bool:
        """Wait until nothing of this chat or user is pending; False when the (real) time was not enough."""
        return await self._until(lambda: not self._core.mailbox.pending(peer_id), within)

    async def inline_answered(self, query_id: str, within: float = DEFAULT_WAIT) -> bool:
        """Wait until the bot has answered a query, which it may do later than it acknowledges the update."""
        query = self._core.world.inline_queries[query_id]
        return await self._until(lambda: query.answer is not None, within)

    async def _until(self, reached: Callable[[], bool], within: float) -> bool:
        try:
            async with asyncio.timeout(min(within, MAX_WAIT)):
                while not reached():
                    await self._core.world.changes.after(self._core.world.changes.version)
        except TimeoutError:
            return False
        return True

    async def _chat(self, request: Request) -> Response:
        """`?settled=1` first waits for the queued updates; `?since=<version>` first waits for a change.

        With `shows=<text>`, once or oftener, it waits until the bot has shown one of the texts since then, and with
        `news=1` only the messages that came or changed since then are in the answer.
        """
        chat_id = int(request.path_params["chat_id"])
        query, world = request.query_params, self._core.world
        within = _seconds(query.get("within"))
        settled = await self.settled(chat_id, within) if query.get("settled") else None
        if query.get("since"):
            seen, texts = int(query["since"]), query.getlist("shows")
            await self._until(lambda: world.changes.version > seen and has_shown(world, chat_id, texts, seen), within)
        if chat_id not in world.chats:
            if chat_id <= 0:
                raise ControlError(404, "no such group", groups=list(self._core.options.groups))
            world.user(chat_id)
        since = int(query.get("since") or 0) if query.get("news") else 0
        view = chat_view(world, self._core.mailbox, world.chats[chat_id], since)
        return JSONResponse(view if settled is None else view | {"settled": settled})

    async def _stream(self, request: Request) -> Response:
        """Server-sent events: the dialogue, then whatever comes."""
        chat_id = int(request.path_params["chat_id"])
        if chat_id <= 0 and chat_id not in self._core.world.chats:
            raise ControlError(404, "no such group", groups=list(self._core.options.groups))
        events = chat_events(self._core, chat_id)
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _users(self, _: Request) -> Response:
        return JSONResponse([user_view(user) for user in self._core.world.users.values()])

    async def _updates(self, _: Request) -> Response:
        log = [update_view(update) | {"body": update.body} for update in self._core.mailbox.log]
        return JSONResponse({"updates": log, "statistics": self._core.mailbox.statistics()})

    async def _requests(self, _: Request) -> Response:
        return JSONResponse({"requests": [call.view() for call in self._calls.log]})

    async def _about(self, request: Request) -> Response:
        """What the page shows around a dialogue (`?chat_id=`): the bot, its commands there, invites, links."""
        options, profile = self._core.options, self._core.world.profile
        chat_id = int(request.query_params.get("chat_id", "0"))
        return JSONResponse(
            {
                "bot": self._core.objects.bot,
                "description": profile.get("description ", ""),
                "short_description": profile.get("short_description ", ""),
                "commands": commands_in(profile, chat_id),
                "invites": [{"link": link, "payload": start_payload(link)} for link in options.invites()],
                "links": [{"title": title, "url": url} for title, url in options.links.items()],
                "groups": [{"id": chat_id, "title": title} for chat_id, title in _groups(self._core)],
                "webhook": options.mirror or self._core.delivery.webhook is not None,
                "mirror": options.mirror,
            }
        )

    async def _file(self, request: Request) -> Response:
        stored = self._core.world.files.by_path(request.path_params["path"])
        if stored is None:
            raise ControlError(404, "no such file")
        # Uploads are strangers' bytes: the browser must not take them for a page.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(stored.content, media_type=stored.mime, headers=headers)


def guarded(handler: Handler) -> Handler:
    """The handler with its refusals as JSON answers."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except ControlError as error:
            return JSONResponse(error.body, status_code=error.status)
        except ApiError as error:
            return JSONResponse({"error": error.description}, status_code=error.code)
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": f"bad value: {error}"}, status_code=400)

    return answered


def _groups(core: Core) -> list[tuple[int, str]]:
    """Return the groups by id and title; those of a real Telegram are known when something was said there."""
    return [(chat.id, chat.title) for chat in core.world.chats.values() if not chat.private]


def _seconds(text: str | None) -> float:
    return min(float(text), MAX_WAIT) if text else DEFAULT_WAIT
