"""A person with a phone, for tests that read like a story: says, taps, sees.

Speaks to the control endpoints, so the same test drives a simulator in process or in another one.
"""

import asyncio
import base64
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx

Json = dict[str, Any]
SETTLE_SECONDS = 10.0


class NotSeenError(AssertionError):
    """What was expected did not appear; the text holds the transcript."""


class Person:
    """One Telegram user. `base_url` is where the simulator listens."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, user_id: int) -> None:
        self._http = http
        self._base = base_url.rstrip("/")
        self.user_id = user_id
        self._since = 0

    async def says(self, text: str) -> Json:
        """Write a message."""
        return await self._acts("messages", text=text)

    async def shares_contact(self, **contact: object) -> Json:
        """Send one's own card (or, with fields given, another's)."""
        return await self._acts("messages", contact=contact)

    async def shares_location(self, latitude: float, longitude: float) -> Json:
        """Send a place."""
        return await self._acts("messages", location={"latitude": latitude, "longitude": longitude})

    async def taps(self, button: str, message_id: int | None = None) -> Json:
        """Press the button with this text, in the newest message that has it unless told otherwise."""
        extra = {} if message_id is None else {"message_id": message_id}
        return await self._acts("taps", button=button, **extra)

    async def taps_old(self, data: str, message_id: int) -> Json:
        """Press a button that a message had before it was edited."""
        return await self._acts("taps", button="", data=data, message_id=message_id)

    async def opens(self, button: str) -> str:
        """The address behind a link button."""
        answer = await self._acts("taps", button=button)
        if "url" not in answer:
            raise NotSeenError(f"«{button}» is not a link")
        return str(answer["url"])

    async def sends_photos(self, photos: Sequence[bytes], caption: str = "") -> Json:
        """Send pictures; several make an album."""
        files = [base64.b64encode(photo).decode() for photo in photos]
        return await self._acts("photos", files=files, caption=caption)

    async def types_inline(self, query: str, within: float = SETTLE_SECONDS) -> Json:
        """Type a query after the bot's name; the bot's answer, {} when it gave none in time."""
        answer = await self._post("inline", query=query, wait=True, within=within)
        return dict(answer.get("answer") or {})

    async def blocks_bot(self) -> Json:
        """Stop the bot."""
        return await self._acts("blocks", blocked=True)

    async def unblocks_bot(self) -> Json:
        """Let the bot speak again."""
        return await self._acts("blocks", blocked=False)

    async def sees(self, text: str, within: float = 5.0) -> Json:
        """Wait for `text` in what the bot has written or edited since this person's last act; that message."""
        return await self._waits_for(
            f"«{text}»",
            lambda view: _newest(view, text, self._since),
            within,
        )

    async def still_sees(self, text: str) -> Json:
        """The newest message of the bot with `text`, whenever it came; NotSeenError when there is none."""
        view = await self.chat()
        message = _newest(view, text, 0)
        if message is None:
            raise NotSeenError(f"«{text}» is nowhere in the dialogue\n{_transcript(view)}")
        return message

    async def sees_toast(self, text: str, within: float = 5.0) -> Json:
        """Wait for an answer to a tap (toast or alert) with `text`."""
        return await self._waits_for(
            f"toast «{text}»",
            lambda view: next((toast for toast in reversed(view["toasts"]) if text in toast["text"]), None),
            within,
        )

    async def settles(self, within: float = SETTLE_SECONDS) -> Json:
        """Wait until the bot has acknowledged everything this person did; the dialogue then."""
        view = await self.chat(settled=1, within=within)
        if not view["settled"]:
            raise NotSeenError(f"the bot has not acknowledged everything in {within} s\n{_transcript(view)}")
        return view

    async def buttons(self) -> list[str]:
        """Texts of the buttons under the newest message of the bot that has any."""
        for message in reversed((await self.chat())["messages"]):
            if message["from"] == "bot" and message["buttons"]:
                return [button["text"] for row in message["buttons"] for button in row]
        return []

    async def chat(self, **query: float) -> Json:
        """The whole dialogue as the control endpoint shows it."""
        limit = float(query.get("within", 0)) + SETTLE_SECONDS
        response = await self._http.get(f"{self._base}/_sim/chats/{self.user_id}", params=query, timeout=limit)
        return _checked(response)

    async def transcript(self) -> str:
        """The dialogue as text."""
        return _transcript(await self.chat())

    async def _acts(self, path: str, **body: object) -> Json:
        answer = await self._post(path, **body)
        self._since = int(answer["version"])
        return answer

    async def _post(self, path: str, **body: object) -> Json:
        limit = SETTLE_SECONDS * 2
        response = await self._http.post(
            f"{self._base}/_sim/{path}", json={"user_id": self.user_id, **body}, timeout=limit
        )
        return _checked(response)

    async def _waits_for(self, what: str, find: Callable[[Json], Json | None], within: float) -> Json:
        deadline = time.monotonic() + within
        view = await self.chat()
        while (found := find(view)) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeenError(f"{what} did not appear in {within} s\n{_transcript(view)}")
            view = await self.chat(since=view["version"], within=min(left, SETTLE_SECONDS))
            await asyncio.sleep(0)
        return dict(found)


def _checked(response: httpx.Response) -> Json:
    answer = response.json()
    if response.is_error:
        raise NotSeenError(f"{response.request.url.path}: {response.status_code} {answer}")
    return dict(answer)


def _newest(view: Json, text: str, since: int) -> Json | None:
    for message in reversed(view["messages"]):
        if message["from"] == "bot" and message["changed"] > since and text in _words(message):
            return dict(message)
    return None


def _words(message: Json) -> str:
    buttons = [button["text"] for row in message["buttons"] for button in row]
    return "\n".join([message["text"] or message["caption"], *buttons])


def _transcript(view: Json) -> str:
    lines = [f"--- dialogue {view['chat_id']} ---"]
    for message in view["messages"]:
        lines += _lines(message)
    lines += [f"  (toast) {toast['text']}" for toast in view["toasts"] if toast["text"]]
    lines += [
        f"  (pending) {update['kind']} #{update['update_id']}: {[item['outcome'] for item in update['attempts']]}"
        for update in view["pending"]
    ]
    return "\n".join(lines)


def _lines(message: Json) -> list[str]:
    who = "бот" if message["from"] == "bot" else "мастер"
    marks = [
        "фото" if message["photo"] else "",
        "контакт" if message["contact"] else "",
        "место" if message["location"] else "",
        f"правок: {len(message['edits'])}" if message["edits"] else "",
    ]
    mark = ", ".join(filter(None, marks))
    head = f"#{message['id']} {who}{f' [{mark}]' if mark else ''}: {message['text'] or message['caption']}"
    rows = ["    " + " ".join(f"[{button['text']}]" for button in row) for row in message["buttons"]]
    return [head, *rows]
