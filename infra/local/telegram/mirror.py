"""A relay between the functions and a real Telegram; what passes through is seen on the chat page, to be read only."""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.clock import Clock
from infra.local.telegram.api import Broken
from infra.local.telegram.errors import ApiError
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.params import Params, read_body, read_params
from infra.local.telegram.reflecting import reflect_message, reflect_user
from infra.local.telegram.sim import create_telegram
from infra.local.telegram.state import Callback

log = logging.getLogger(__name__)

Json = dict[str, Any]
KEPT = 1_000
"""Messages of one dialogue that are remembered."""

_PASSED_ON = ("content-type", "retry-after")


class Mirror:
    """`app` is the Bot API for the functions and the chat page for people. Nothing is changed on its way.

    `upstream` is the real Bot API's address; `options.token` opens the relay and is never logged.
    """

    def __init__(self, options: TelegramOptions, upstream: str, clock: Clock, http: httpx.AsyncClient) -> None:
        self._sim = create_telegram(options, clock=clock, http=http)
        self._upstream = upstream.rstrip("/")
        self._token, self._bot_id = options.token, options.bot_id
        self._http = http
        self._clock = clock
        self.world = self._sim.world
        relay = [
            Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download, methods=["GET"]),
            Route("/_sim/files/{file_id:path}", self._file, methods=["GET"]),
        ]
        self.app = Starlette(routes=[*relay, *self._sim.pages()])
        self._after: Mapping[str, Callable[[Params], None]] = {
            "answercallbackquery": self._answered,
            "deletemessage": self._deleted,
            "deletemessages": self._deleted,
            "sendchataction": self._typing,
            "setmessagereaction": self._reacted,
        }

    async def _method(self, request: Request) -> Response:
        """Pass a call on and its answer back, and take in what it says."""
        if not secrets.compare_digest(request.path_params["token"].encode(), self._token.encode()):
            return Response(status_code=401)
        method, body = request.path_params["method"], await read_body(request)
        kind = request.headers.get("content-type", "")
        try:
            answer = await self._http.request(
                request.method,
                f"{self._upstream}/bot{self._token}/{method}",
                params=dict(request.query_params),
                content=body,
                headers={"content-type": kind} if kind else {},
            )
        except httpx.TransportError:
            # Whether a write was done nobody knows; a poll that did not come back is simply made again.
            return Response(status_code=502) if method.lower() == "getupdates" else Broken()
        try:
            self._take_in(method.lower(), await read_params(request.url.query, kind, body), answer.json())
        except (ApiError, KeyError, TypeError, ValueError) as error:
            # A picture of the dialogue is a nicety; the dialogue goes on without it.
            log.warning("not mirrored: %s, %s", method, type(error).__name__)
        return _passed_on(answer)

    def _take_in(self, method: str, params: Params, envelope: Json) -> None:
        if not envelope.get("ok"):
            return
        result = envelope["result"]
        if method == "getme":
            self._sim.core.objects.bot.update(result)
        elif method == "getupdates":
            for update in result:
                self._update(update)
        elif method in self._after:
            self._after[method](params)
            self.world.touch()
        for message in result if isinstance(result, list) else [result]:
            if isinstance(message, dict) and {"message_id", "chat", "date"} <= message.keys():
                self._message(message)

    def _update(self, update: Json) -> None:
        message = update.get("message") or update.get("edited_message")
        if message:
            self._message(message)
        if tap := update.get("callback_query"):
            person, under = reflect_user(self.world, tap["from"]), tap["message"]
            seen = Callback(
                tap["id"],
                person.id,
                int(under["chat"]["id"]),
                int(under["message_id"]),
                str(tap.get("data", "")),
                self._clock.now(),
            )
            self.world.callbacks[seen.id] = seen

    def _message(self, message: Json) -> None:
        reflect_message(self.world, message, self._bot_id)
        kept = self.world.chats[int(message["chat"]["id"])].messages
        for oldest in list(kept)[:-KEPT]:
            del kept[oldest]

    def _answered(self, params: Params) -> None:
        tap = self.world.callbacks.get(params.text("callback_query_id"))
        if tap is not None:
            tap.answer = {"text": params.text("text"), "alert": params.flag("show_alert"), "url": None}

    def _deleted(self, params: Params) -> None:
        chat = self.world.chats.get(int(params.text("chat_id")))
        ids = json.loads(params.text("message_ids") or f"[{params.text('message_id')}]")
        for message_id in ids:
            if chat is not None:
                chat.messages.pop(message_id, None)

    def _typing(self, params: Params) -> None:
        chat = self.world.chats.get(int(params.text("chat_id")))
        if chat is not None:
            chat.actions[:] = [{"action": params.text("action").lower(), "date": self._clock.now()}]

    def _reacted(self, params: Params) -> None:
        chat = self.world.chats.get(int(params.text("chat_id")))
        message = chat.messages.get(int(params.text("message_id"))) if chat else None
        if message is not None:
            given = json.loads(params.text("reaction") or "[]")
            message.reaction = str(given[0].get("emoji", "")) if given else None
            message.marked = self.world.touch()

    async def _download(self, request: Request) -> Response:
        """Pass a file on."""
        if not secrets.compare_digest(request.path_params["token"].encode(), self._token.encode()):
            return Response(status_code=401)
        return await self._fetched(request.path_params["path"])

    async def _file(self, request: Request) -> Response:
        """Show a file of a message, fetched when somebody looks at it."""
        wanted = {"file_id": request.path_params["file_id"]}
        try:
            asked = await self._http.post(f"{self._upstream}/bot{self._token}/getFile", json=wanted)
            found = await self._fetched(str(asked.json()["result"]["file_path"]))
        except (httpx.TransportError, KeyError, TypeError, ValueError):
            return Response(status_code=404)
        # Strangers' bytes: the browser must not take them for a page.
        found.headers.update({"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"})
        return found

    async def _fetched(self, path: str) -> Response:
        try:
            return _passed_on(await self._http.get(f"{self._upstream}/file/bot{self._token}/{path}"))
        except httpx.TransportError:
            return Broken()


def _passed_on(answer: httpx.Response) -> Response:
    kept = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    return Response(answer.content, answer.status_code, headers=kept)
