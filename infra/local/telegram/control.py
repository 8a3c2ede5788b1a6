"""Control endpoints `/_sim/…`: people's acts, faults, and looking at everything. For the page, tests and the CLI."""

import base64
import binascii
import json
from dataclasses import asdict
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.telegram.acting import Act, Place
from infra.local.telegram.calls import Calls
from infra.local.telegram.core import Core
from infra.local.telegram.errors import ControlError
from infra.local.telegram.faults import Faults
from infra.local.telegram.grouping import GroupPeople
from infra.local.telegram.inlining import InlinePeople
from infra.local.telegram.looking import DEFAULT_WAIT, Handler, Looking, guarded
from infra.local.telegram.params import Upload, read_body
from infra.local.telegram.people import People, Words
from infra.local.telegram.resending import Resending
from infra.local.telegram.state import RIGHTS
from infra.local.telegram.views import user_view

Json = dict[str, Any]


class Control:
    """Handlers of the control endpoints."""

    def __init__(self, core: Core, calls: Calls, faults: Faults, people: People) -> None:
        self._core = core
        self._calls = calls
        self._faults = faults
        self._people = people
        self._inline_people = InlinePeople(core)
        self._groups = GroupPeople(core)
        self._resending = Resending(core)
        self.looking = Looking(core, calls)

    def routes(self) -> list[Route]:
        """Routes to mount."""
        table: list[tuple[str, str, Handler]] = [
            ("POST", "/_sim/messages", self._messages),
            ("POST", "/_sim/taps", self._taps),
            ("POST", "/_sim/photos", self._photos),
            ("POST", "/_sim/edits", self._edits),
            ("POST", "/_sim/forwards", self._forwards),
            ("POST", "/_sim/voices", self._voices),
            ("POST", "/_sim/inline", self._inline),
            ("POST", "/_sim/inline/choices", self._choices),
            ("POST", "/_sim/topics", self._topics),
            ("POST", "/_sim/seats", self._seats),
            ("POST", "/_sim/blocks", self._blocks),
            ("POST", "/_sim/users", self._new_user),
            ("POST", "/_sim/faults", self._add_fault),
            ("DELETE", "/_sim/faults", self._clear_faults),
            ("DELETE", "/_sim/chats", self._forget_everybody),
            ("DELETE", "/_sim/chats/{chat_id}", self._forget_chat),
            ("GET", "/_sim/faults", self._list_faults),
        ]
        return [Route(path, guarded(handler), methods=[method]) for method, path, handler in table]

    async def _finished(self, act: Act, peer_id: int, body: Json) -> Response:
        view = act.view()
        if body.get("wait"):
            view["settled"] = await self.looking.settled(peer_id, float(body.get("within", DEFAULT_WAIT)))
        return JSONResponse(view)

    async def _messages(self, request: Request) -> Response:
        body = await _body(request)
        given = {name: body.get(name) for name in ("contact", "location", "venue")}
        words = Words(text=str(body.get("text", "")), **given)
        place = _place(body)
        return await self._finished(self._people.says(_user_id(body), words, place), _peer(body), body)

    async def _taps(self, request: Request) -> Response:
        body = await _body(request)
        act = self._people.taps(
            _user_id(body), str(body.get("button", "")), body.get("message_id"), body.get("data"), body.get("chat_id")
        )
        return await self._finished(act, _user_id(body), body)

    async def _photos(self, request: Request) -> Response:
        """Pictures; with `as_document` files of any kind."""
        body, files = await _files(request)
        as_document = str(body.get("as_document", "")).lower() in {"1", "true"}
        caption = str(body.get("caption", ""))
        act = self._people.sends_files(_user_id(body), files, caption, as_document=as_document, place=_place(body))
        return await self._finished(act, _peer(body), body)

    async def _edits(self, request: Request) -> Response:
        body = await _body(request)
        message_id, text = int(body.get("message_id") or 0), str(body.get("text", ""))
        act = self._resending.edits(_user_id(body), message_id, text, _place(body))
        return await self._finished(act, _peer(body), body)

    async def _forwards(self, request: Request) -> Response:
        body = await _body(request)
        act = self._resending.forwards(_user_id(body), int(body.get("message_id") or 0))
        return await self._finished(act, _user_id(body), body)

    async def _voices(self, request: Request) -> Response:
        body = await _body(request)
        act = self._resending.speaks(_user_id(body), int(body.get("seconds") or 0), _place(body))
        return await self._finished(act, _peer(body), body)

    async def _inline(self, request: Request) -> Response:
        """With `wait` the bot's answer is in the reply."""
        body = await _body(request)
        query, offset = str(body.get("query", "")), str(body.get("offset", ""))
        act = self._inline_people.asks(_user_id(body), query, offset, str(body.get("chat_type") or "sender"))
        view = act.view()
        if body.get("wait"):
            await self.looking.inline_answered(view["inline_query_id"], float(body.get("within", DEFAULT_WAIT)))
            view["answer"] = self._core.world.inline_queries[view["inline_query_id"]].answer
        return JSONResponse(view)

    async def _choices(self, request: Request) -> Response:
        body = await _body(request)
        act = await self._inline_people.chooses(
            _user_id(body), str(body.get("inline_query_id", "")), str(body.get("result_id", ""))
        )
        return await self._finished(act, _user_id(body), body)

    async def _topics(self, request: Request) -> Response:
        """`act`: open (with `name`), close, reopen or delete (with `message_thread_id`)."""
        body = await _body(request)
        user_id, chat_id = _user_id(body), int(body.get("chat_id") or 0)
        thread_id, wanted = int(body.get("message_thread_id") or 0), body.get("act")
        if wanted == "open":
            act = self._groups.opens_topic(user_id, chat_id, str(body.get("name", "")).strip())
        elif wanted in {"close", "reopen"}:
            act = self._groups.closes_topic(user_id, chat_id, thread_id, closed=wanted == "close")
        elif wanted == "delete":
            act = self._groups.deletes_topic(user_id, chat_id, thread_id)
        else:
            raise ControlError(400, "unknown act", acts=["open", "close", "reopen", "delete"])
        return await self._finished(act, chat_id, body)

    async def _seats(self, request: Request) -> Response:
        """What the bot is in a group: `status`, `rights`, and whether the group is a `forum`."""
        body = await _body(request)
        chat_id, forum = int(body.get("chat_id") or 0), bool(body.get("forum", True))
        rights = body.get("rights", RIGHTS)
        act = self._groups.seats_bot(_user_id(body), chat_id, str(body.get("status", "")), rights, forum=forum)
        return await self._finished(act, chat_id, body)

    async def _blocks(self, request: Request) -> Response:
        body = await _body(request)
        act = self._people.blocks(_user_id(body), blocked=bool(body.get("blocked", True)))
        return await self._finished(act, _user_id(body), body)

    async def _new_user(self, request: Request) -> Response:
        body = await _body(request)
        user = self._people.person(_user_id(body))
        user.first_name = str(body.get("first_name") or user.first_name)
        user.last_name = str(body.get("last_name", user.last_name))
        user.username = body.get("username", user.username)
        self._core.world.touch()
        return JSONResponse(user_view(user))

    async def _add_fault(self, request: Request) -> Response:
        body = await _body(request)
        kind, method = str(body.get("kind", "")), str(body.get("method", ""))
        fault = self._faults.add(kind, int(body.get("count", 1)), method, int(body.get("retry_after", 1)))
        return JSONResponse(asdict(fault))

    async def _clear_faults(self, _: Request) -> Response:
        self._faults.clear()
        return JSONResponse([])

    async def _list_faults(self, _: Request) -> Response:
        return JSONResponse([asdict(fault) for fault in self._faults.active()])

    async def _forget_chat(self, request: Request) -> Response:
        """Start a dialogue anew: messages and waiting updates are gone, the person is a stranger again."""
        chat_id = int(request.path_params["chat_id"])
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


def _user_id(body: Json) -> int:
    return int(body.get("user_id") or 0)


def _place(body: Json) -> Place:
    """Where it is written; a form has only texts."""

    def number(name: str) -> int | None:
        return int(body[name]) if body.get(name) else None

    return Place(number("chat_id"), number("message_thread_id"), number("reply_to"))


def _peer(body: Json) -> int:
    """Whose updates tell that the bot has taken it in."""
    return _place(body).chat_id or _user_id(body)


async def _body(request: Request) -> Json:
    raw = await read_body(request)
    decoded = json.loads(raw or b"{}")
    if not isinstance(decoded, dict):
        raise ControlError(400, "a JSON object is expected")
    # No person types half a surrogate pair; once in a dialogue, nobody could look at that any more.
    json.dumps(decoded, ensure_ascii=False).encode()
    return decoded


async def _files(request: Request) -> tuple[Json, list[Upload]]:
    """Fields and files of a multipart form, or of JSON with base64."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        async with request.form() as form:
            files = [
                Upload(item.filename or "photo", await item.read(), item.content_type or "")
                for item in form.getlist("files")
                if isinstance(item, UploadFile)
            ]
            return {name: value for name, value in form.items() if isinstance(value, str)}, files
    body = await _body(request)
    return body, [_decoded(item, number) for number, item in enumerate(body.get("files") or [], 1)]


def _decoded(item: object, number: int) -> Upload:
    name, mime, encoded = f"photo_{number}.jpg", "", item
    if isinstance(item, dict):
        name, mime, encoded = str(item.get("name") or name), str(item.get("mime") or ""), item.get("base64")
    try:
        return Upload(name, base64.b64decode(str(encoded), validate=True), mime)
    except binascii.Error as error:
        raise ControlError(400, f"{name}: not base64") from error
