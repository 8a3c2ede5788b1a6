"""Control endpoints `/_sim/…`: people's acts, faults, and looking at everything. For the page, tests and the CLI."""

import asyncio
import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.telegram.calls import Calls
from infra.local.telegram.core import Core
from infra.local.telegram.errors import ApiError, ControlError
from infra.local.telegram.faults import Faults
from infra.local.telegram.params import Upload, read_body
from infra.local.telegram.people import Act, People, Words, start_payload
from infra.local.telegram.views import chat_view, update_view, user_view

MAX_WAIT = 60.0
DEFAULT_WAIT = 10.0
Json = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]


class Control:
    """Handlers of the control endpoints."""

    def __init__(self, core: Core, calls: Calls, faults: Faults, people: People) -> None:
        self._core = core
        self._calls = calls
        self._faults = faults
        self._people = people

    def routes(self) -> list[Route]:
        """Routes to mount."""
        table: list[tuple[str, str, Handler]] = [
            ("POST", "/_sim/messages", self._messages),
            ("POST", "/_sim/taps", self._taps),
            ("POST", "/_sim/photos", self._photos),
            ("POST", "/_sim/inline", self._inline),
            ("POST", "/_sim/inline/choices", self._choices),
            ("POST", "/_sim/blocks", self._blocks),
            ("POST", "/_sim/users", self._new_user),
            ("POST", "/_sim/faults", self._add_fault),
            ("DELETE", "/_sim/faults", self._clear_faults),
            ("DELETE", "/_sim/chats", self._forget_everybody),
            ("DELETE", "/_sim/chats/{chat_id}", self._forget_chat),
            ("GET", "/_sim/chats/{chat_id}", self._chat),
            ("GET", "/_sim/users", self._users),
            ("GET", "/_sim/updates", self._updates),
            ("GET", "/_sim/requests", self._requests),
            ("GET", "/_sim/faults", self._list_faults),
            ("GET", "/_sim/about", self._about),
            ("GET", "/_sim/files/{path:path}", self._file),
        ]
        return [Route(path, _guarded(handler), methods=[method]) for method, path, handler in table]

    async def settled(self, peer_id: int, within: float = DEFAULT_WAIT) -> bool:
        """Wait until nothing of this chat or user is pending; False when the (real) time was not enough."""
        try:
            async with asyncio.timeout(min(within, MAX_WAIT)):
                while self._core.mailbox.pending(peer_id):
                    await self._core.world.changes.after(self._core.world.changes.version)
        except TimeoutError:
            return False
        return True

    async def _finished(self, act: Act, peer_id: int, body: Json) -> Response:
        view = act.view()
        if body.get("wait"):
            view["settled"] = await self.settled(peer_id, float(body.get("within", DEFAULT_WAIT)))
        return JSONResponse(view)

    async def _messages(self, request: Request) -> Response:
        body = await _body(request)
        words = Words(
            text=str(body.get("text", "")),
            contact=body.get("contact"),
            location=body.get("location"),
            reply_to=body.get("reply_to"),
            chat_id=body.get("chat_id"),
            thread_id=body.get("message_thread_id"),
        )
        act = self._people.says(_user_id(body), words)
        return await self._finished(act, words.chat_id or _user_id(body), body)

    async def _taps(self, request: Request) -> Response:
        body = await _body(request)
        act = self._people.taps(
            _user_id(body), str(body.get("button", "")), body.get("message_id"), body.get("data"), body.get("chat_id")
        )
        return await self._finished(act, _user_id(body), body)

    async def _photos(self, request: Request) -> Response:
        body, files = await _files(request)
        as_document = str(body.get("as_document", "")).lower() in {"1", "true"}
        act = self._people.sends_files(_user_id(body), files, str(body.get("caption", "")), as_document=as_document)
        return await self._finished(act, _user_id(body), body)

    async def _inline(self, request: Request) -> Response:
        """With `wait` the bot's answer is in the reply."""
        body = await _body(request)
        act = self._people.asks_inline(_user_id(body), str(body.get("query", "")), str(body.get("offset", "")))
        view = act.view()
        if body.get("wait"):
            view["settled"] = await self.settled(_user_id(body), float(body.get("within", DEFAULT_WAIT)))
            view["answer"] = self._core.world.inline_queries[view["inline_query_id"]].answer
        return JSONResponse(view)

    async def _choices(self, request: Request) -> Response:
        body = await _body(request)
        act = self._people.chooses(_user_id(body), str(body.get("inline_query_id", "")), str(body.get("result_id", "")))
        return await self._finished(act, _user_id(body), body)

    async def _blocks(self, request: Request) -> Response:
        body = await _body(request)
        act = self._people.blocks(_user_id(body), blocked=bool(body.get("blocked", True)))
        return await self._finished(act, _user_id(body), body)

    async def _new_user(self, request: Request) -> Response:
        """Make a person known, with names of one's choice."""
        body = await _body(request)
        user = self._core.world.user(_user_id(body))
        user.first_name = str(body.get("first_name") or user.first_name)
        user.last_name = str(body.get("last_name", user.last_name))
        user.username = body.get("username", user.username)
        self._core.world.touch()
        return JSONResponse(user_view(user))

    async def _add_fault(self, request: Request) -> Response:
        body = await _body(request)
        fault = self._faults.add(
            str(body.get("kind", "")),
            int(body.get("count", 1)),
            str(body.get("method", "")),
            int(body.get("retry_after", 1)),
        )
        return JSONResponse(asdict(fault))

    async def _clear_faults(self, _: Request) -> Response:
        self._faults.clear()
        return JSONResponse([])

    async def _list_faults(self, _: Request) -> Response:
        return JSONResponse([asdict(fault) for fault in self._faults.active()])

    async def _forget_chat(self, request: Request) -> Response:
        """Start a dialogue anew: messages and waiting updates are gone, the person is a stranger again."""
        chat_id = _number(request.path_params["chat_id"])
        self._core.mailbox.drop(self._core.mailbox.pending(chat_id))
        self._core.world.forget(chat_id)
        return JSONResponse({"chat_id": chat_id})

    async def _forget_everybody(self, _: Request) -> Response:
        """Start the whole sandbox anew: chats, updates, logs, faults. The webhook and the bot's profile stay."""
        self._core.mailbox.drop(self._core.mailbox.pending())
        self._core.mailbox.log.clear()
        self._calls.log.clear()
        self._faults.clear()
        self._core.world.forget_everybody()
        return JSONResponse({})

    async def _chat(self, request: Request) -> Response:
        """`?settled=1` first waits for the queued updates; `?since=<version>` first waits for a change."""
        chat_id = _number(request.path_params["chat_id"])
        query = request.query_params
        within = _seconds(query.get("within"))
        settled = await self.settled(chat_id, within) if query.get("settled") else None
        if query.get("since"):
            await self._changed(_number(query["since"]), within)
        world = self._core.world
        if chat_id not in world.chats:
            if chat_id <= 0:
                raise ControlError(404, "no such group", groups=list(self._core.options.groups))
            world.user(chat_id)
        view = chat_view(world, self._core.mailbox, world.chats[chat_id])
        return JSONResponse(view if settled is None else view | {"settled": settled})

    async def _changed(self, since: int, within: float) -> None:
        try:
            async with asyncio.timeout(within):
                await self._core.world.changes.after(since)
        except TimeoutError:
            return

    async def _users(self, _: Request) -> Response:
        return JSONResponse([user_view(user) for user in self._core.world.users.values()])

    async def _updates(self, _: Request) -> Response:
        log = [update_view(update) | {"body": update.body} for update in self._core.mailbox.log]
        return JSONResponse({"updates": log, "statistics": self._core.mailbox.statistics()})

    async def _requests(self, _: Request) -> Response:
        return JSONResponse({"requests": [call.view() for call in self._calls.log]})

    async def _about(self, _: Request) -> Response:
        """What the page shows around the dialogue: the bot, its commands, invites, links."""
        options, profile = self._core.options, self._core.world.profile
        commands: object = next((value for key, value in profile.items() if key.startswith("commands ") and value), [])
        return JSONResponse(
            {
                "bot": self._core.objects.bot,
                "description": profile.get("description ", ""),
                "commands": commands,
                "invites": [{"link": link, "payload": start_payload(link)} for link in options.invites()],
                "links": [{"title": title, "url": url} for title, url in options.links.items()],
                "groups": [{"id": chat_id, "title": title} for chat_id, title in options.groups.items()],
                "webhook": self._core.delivery.webhook is not None,
            }
        )

    async def _file(self, request: Request) -> Response:
        stored = self._core.world.files.by_path(request.path_params["path"])
        if stored is None:
            raise ControlError(404, "no such file")
        # Uploads are strangers' bytes: the browser must not take them for a page.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(stored.content, media_type=stored.mime, headers=headers)


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except ControlError as error:
            return JSONResponse(error.body, status_code=error.status)
        except ApiError as error:
            return JSONResponse({"error": error.description}, status_code=error.code)
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": f"bad value: {error}"}, status_code=400)

    return guarded


def _number(text: str) -> int:
    return int(text)


def _seconds(text: str | None) -> float:
    return min(float(text), MAX_WAIT) if text else DEFAULT_WAIT


def _user_id(body: Json) -> int:
    return int(body.get("user_id") or 0)


async def _body(request: Request) -> Json:
    raw = await read_body(request)
    decoded = json.loads(raw or b"{}")
    if not isinstance(decoded, dict):
        raise ControlError(400, "a JSON object is expected")
    return decoded


async def _files(request: Request) -> tuple[Json, list[Upload]]:
    """Fields and files of a multipart form, or of JSON with base64."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        async with request.form() as form:
            files = [
                Upload(item.filename or "photo", await item.read())
                for item in form.getlist("files")
                if isinstance(item, UploadFile)
            ]
            return {name: value for name, value in form.items() if isinstance(value, str)}, files
    body = await _body(request)
    return body, [_decoded(item, number) for number, item in enumerate(body.get("files") or [], 1)]


def _decoded(item: object, number: int) -> Upload:
    name, encoded = f"photo_{number}.jpg", item
    if isinstance(item, dict):
        name, encoded = str(item.get("name") or name), item.get("base64")
    try:
        return Upload(name, base64.b64decode(str(encoded), validate=True))
    except binascii.Error as error:
        raise ControlError(400, f"{name}: not base64") from error
