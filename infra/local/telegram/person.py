"""A person with a phone, for tests that read like a story: says, taps, sees.

Speaks to the control endpoints, so the same test drives a simulator in process or in another one.
"""

import asyncio
import base64
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import httpx

from infra.local.telegram.params import Upload
from infra.local.telegram.state import RIGHTS, Status

Json = dict[str, Any]
Paper = Upload
"""A file to send as it is: a document, or a picture that is not to be compressed."""
SETTLE_SECONDS = 10.0


class NotSeenError(AssertionError):
    """What was expected did not appear; the text holds the transcript."""


class Person:
    """One Telegram user. `base_url` is where the simulator listens.

    With `group` it is a member of that group who writes and looks there; `topic` may then be given to what is sent.
    """

    def __init__(self, http: httpx.AsyncClient, base_url: str, user_id: int, group: int | None = None) -> None:
        self._http = http
        self._base = base_url.rstrip("/")
        self.user_id = user_id
        self.group = group
        self.patience = 5.0
        """Seconds until this person gives up on a screen, unless told otherwise."""
        self._since = 0
        self._query = ""

    async def says(self, text: str, *, topic: int | None = None, reply_to: int | None = None) -> Json:
        """Write a message, perhaps in a topic or as an answer to another."""
        return await self._acts("messages", text=text, message_thread_id=topic, reply_to=reply_to)

    async def edits(self, message_id: int, text: str) -> Json:
        """Write another text in place of one's own message."""
        return await self._acts("edits", message_id=message_id, text=text)

    async def forwards(self, message_id: int) -> Json:
        """Send a message of the dialogue to the bot once more."""
        return await self._acts("forwards", message_id=message_id)

    async def speaks(self, seconds: int = 3) -> Json:
        """Send a voice note."""
        return await self._acts("voices", seconds=seconds)

    async def shares_contact(self, **contact: object) -> Json:
        """Send one's own card; with fields given somebody else's, whose `user_id` is in it only if it is said."""
        return await self._acts("messages", contact=contact)

    async def shares_location(self, latitude: float, longitude: float) -> Json:
        """Send a place."""
        return await self._acts("messages", location={"latitude": latitude, "longitude": longitude})

    async def shares_venue(self, latitude: float, longitude: float, title: str, address: str) -> Json:
        """Send a place that has a name."""
        location = {"latitude": latitude, "longitude": longitude}
        return await self._acts("messages", venue={"location": location, "title": title, "address": address})

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

    async def sends_photos(self, photos: Sequence[bytes], caption: str = "", *, topic: int | None = None) -> Json:
        """Send pictures; several make an album: one message each, the caption under the first."""
        files = [base64.b64encode(photo).decode() for photo in photos]
        return await self._acts("photos", files=files, caption=caption, message_thread_id=topic)

    async def sends_files(self, papers: Sequence[Paper], caption: str = "", *, topic: int | None = None) -> Json:
        """Send files as they are; several make an album."""
        files = [
            {"name": paper.name, "mime": paper.mime, "base64": base64.b64encode(paper.content).decode()}
            for paper in papers
        ]
        return await self._acts("photos", files=files, caption=caption, message_thread_id=topic, as_document=True)

    async def types_inline(
        self, query: str, within: float = SETTLE_SECONDS, *, offset: str = "", chat_type: str = "sender"
    ) -> Json:
        """Type a query after the bot's name; the bot's answer, {} when it gave none in time.

        `offset` asks for the next page (the answer's `next_offset`); `chat_type` is where it is typed.
        """
        answer = await self._post("inline", query=query, wait=True, within=within, offset=offset, chat_type=chat_type)
        self._query = str(answer["inline_query_id"])
        return dict(answer.get("answer") or {})

    async def chooses(self, result_id: str) -> Json:
        """Take a result of what was typed last: it is written in the dialogue, via the bot."""
        return await self._acts("inline/choices", inline_query_id=self._query, result_id=result_id)

    async def opens_topic(self, name: str) -> int:
        """Make a topic in the group; its number."""
        return int((await self._acts("topics", act="open", name=name))["message_thread_id"])

    async def manages_topic(self, act: Literal["close", "reopen", "delete"], topic: int) -> Json:
        """Close, reopen or delete a topic of the group."""
        return await self._acts("topics", act=act, message_thread_id=topic)

    async def seats_bot(self, status: Status, rights: Sequence[str] = RIGHTS, *, forum: bool = True) -> Json:
        """Promote, demote or remove the bot in the group, or turn the group's topics on or off."""
        return await self._acts("seats", status=status, rights=list(rights), forum=forum)

    async def blocks_bot(self) -> Json:
        """Stop the bot."""
        return await self._acts("blocks", blocked=True)

    async def unblocks_bot(self) -> Json:
        """Let the bot speak again."""
        return await self._acts("blocks", blocked=False)

    async def sees(self, text: str, within: float | None = None) -> Json:
        """Wait for `text` in what the bot has written or edited since this person's last act; that message."""
        return await self._sees((text,), within)

    async def sees_one_of(self, *texts: str) -> Json:
        """Wait for whichever of these comes first."""
        return await self._sees(texts, None)

    async def still_sees(self, text: str) -> Json:
        """The newest message of the bot with `text`, whenever it came; NotSeenError when there is none."""
        view = await self.chat()
        message = newest(view, text, 0)
        if message is None:
            raise NotSeenError(f"«{text}» is nowhere in the dialogue\n{_transcript(view)}")
        return message

    async def sees_toast(self, text: str, within: float | None = None) -> Json:
        """Wait for an answer to a tap (toast or alert) with `text`."""
        return await self._waits_for(
            f"toast «{text}»",
            lambda view: next((toast for toast in reversed(view["toasts"]) if text in toast["text"]), None),
            within,
            lambda view: {"since": view["version"] if view else 0},
        )

    async def settles(self, within: float | None = None) -> Json:
        """Wait until the bot has acknowledged everything this person did; the dialogue then."""
        within = within or max(self.patience, SETTLE_SECONDS)
        view = await self.chat(within, settled=1)
        if not view["settled"]:
            raise NotSeenError(f"the bot has not acknowledged everything in {within} s\n{_transcript(view)}")
        return view

    async def buttons(self) -> list[str]:
        """Texts of the buttons under the newest message of the bot that has any."""
        for message in reversed((await self.chat())["messages"]):
            if message["from"] == "bot" and message["buttons"]:
                return [button["text"] for row in message["buttons"] for button in row]
        return []

    async def chat(self, within: float = 0.0, **query: object) -> Json:
        """The whole dialogue as the control endpoint shows it, or what of it the query asks for `within` seconds."""
        address = f"{self._base}/_sim/chats/{self.group or self.user_id}"
        params: dict[str, Any] = {"within": within, **query}
        return _checked(await self._http.get(address, params=params, timeout=within + SETTLE_SECONDS))

    async def transcript(self) -> str:
        """The dialogue as text."""
        return _transcript(await self.chat())

    async def _acts(self, path: str, **body: object) -> Json:
        answer = await self._post(path, **body)
        self._since = int(answer["version"])
        return answer

    async def _post(self, path: str, **body: object) -> Json:
        who = {"user_id": self.user_id, "chat_id": self.group}
        said = {name: value for name, value in (who | body).items() if value is not None}
        return _checked(await self._http.post(f"{self._base}/_sim/{path}", json=said, timeout=SETTLE_SECONDS * 2))

    async def _sees(self, texts: Sequence[str], within: float | None) -> Json:
        """Have the simulator look for the texts, for of all that happens to anybody this person wants but that."""
        since = self._since
        return await self._waits_for(
            " or ".join(f"«{text}»" for text in texts),
            lambda view: next(filter(None, (newest(view, text, since) for text in texts)), None),
            within,
            lambda _: {"since": since, "news": 1, "shows": texts},
        )

    async def _waits_for(
        self,
        what: str,
        find: Callable[[Json], Json | None],
        within: float | None,
        query: Callable[[Json | None], Mapping[str, object]],
    ) -> Json:
        """Look until it is found; `query` has what to ask for after the last look."""
        within = within or self.patience
        ends = time.monotonic() + within
        view: Json | None = None
        while True:
            left = max(ends - time.monotonic(), 0.0)
            view = await self.chat(min(left, SETTLE_SECONDS), **query(view))
            found = find(view)
            if found is not None:
                return dict(found)
            if not left:
                raise NotSeenError(f"{what} did not appear in {within} s\n{await self.transcript()}")
            await asyncio.sleep(0)


def _checked(response: httpx.Response) -> Json:
    answer = response.json()
    if response.is_error:
        raise NotSeenError(f"{response.request.url.path}: {response.status_code} {answer}")
    return dict(answer)


def newest(view: Json, text: str, since: int) -> Json | None:
    """Return the bot's newest message with the text that came or changed after version `since`."""
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
        f"тема {message['thread_id']}" if message["thread_id"] else "",
        ", ".join(message["service"] or {}),
        "без звука" if message["silent"] else "",
        "фото" if message["photo"] else "",
        "голос" if message["voice"] else "",
        f"файл {message['document']['name']}" if message["document"] else "",
        "контакт" if message["contact"] else "",
        "место" if message["location"] or message["venue"] else "",
        f"правок: {len(message['edits'])}" if message["edits"] else "",
    ]
    mark = ", ".join(filter(None, marks))
    head = f"#{message['id']} {who}{f' [{mark}]' if mark else ''}: {message['text'] or message['caption']}"
    rows = ["    " + " ".join(f"[{button['text']}]" for button in row) for row in message["buttons"]]
    return [head, *rows]
