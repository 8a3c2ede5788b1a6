"""What people do: write, tap, send photos, block the bot. Each act queues updates and says which."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.telegram.acting import HERE, Act, Actor, Place
from infra.local.telegram.errors import ApiError, ControlError
from infra.local.telegram.params import Upload
from infra.local.telegram.state import Callback, Chat, Message, Seat, User
from infra.local.telegram.text import Formatted, trimmed, utf16_length, with_found_entities
from infra.local.telegram.views import button_view, current_keyboard

MAX_USER_TEXT = 4096
MAX_ALBUM = 10
_START = re.compile(r"[?&]start=([A-Za-z0-9_-]{1,64})(?:&|$)")
WORKSHOP = {"latitude": 56.8587, "longitude": 35.9176}


@dataclass(frozen=True)
class Words:
    """What a person sends when it is not a file: one of text, contact, location, venue."""

    text: str = ""
    contact: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    venue: dict[str, Any] | None = None


class People(Actor):
    """Acts of people towards the bot, or in a group with it."""

    def says(self, user_id: int, words: Words, place: Place = HERE) -> Act:
        """A text, a contact, a location or a venue, written to the bot or in a group."""
        user, chat = self._writer(user_id, place.chat_id)
        content = trimmed(Formatted(words.text))
        if not content.text and words.contact is None and words.location is None and words.venue is None:
            raise ControlError(400, "say something: text, contact, location or venue")
        if utf16_length(content.text) > MAX_USER_TEXT:
            raise ControlError(400, "a message has at most 4096 characters")
        message = self._message(user, chat, with_found_entities(content), place)
        message.contact = _contact(user, words.contact)
        message.location, message.venue = words.location, _venue(words.venue)
        return self._act([message])

    def sends_files(
        self,
        user_id: int,
        files: Sequence[Upload],
        caption: str = "",
        *,
        as_document: bool = False,
        place: Place = HERE,
    ) -> Act:
        """Photos (or files uncompressed); several make one album of single updates, the caption on the first."""
        if not 1 <= len(files) <= MAX_ALBUM:
            raise ControlError(400, f"1–{MAX_ALBUM} files make a message, got {len(files)}")
        user, chat = self._writer(user_id, place.chat_id)
        group = str(self._core.world.next_id()) if len(files) > 1 else None
        messages = []
        for number, file in enumerate(files):
            content = with_found_entities(Formatted("" if number else caption.strip()))
            message = self._message(user, chat, content, place)
            message.media_group_id = group
            self._attach(message, file, as_document=as_document)
            messages.append(message)
        return self._act(messages)

    def _attach(self, message: Message, file: Upload, *, as_document: bool) -> None:
        store = self._core.world.files
        try:
            if as_document:
                message.document = store.document(file.content, file.name, file.mime)
            else:
                message.photo = store.photo(file.content)
        except ApiError as error:
            raise ControlError(400, f"{file.name}: {error.description}") from error

    def taps(
        self,
        user_id: int,
        button: str,
        message_id: int | None = None,
        data: str | None = None,
        chat_id: int | None = None,
    ) -> Act:
        """A tap on a button under a message: by its text, in the newest message that has it.

        `data` presses a button that was there earlier. A reply keyboard's button sends its text. A button that
        is no business of the bot's (link, copy) is returned in `details`, and nothing is sent.
        """
        user, chat = self._writer(user_id, chat_id)
        if data is not None:
            return self._press(user, self._with_data(chat, message_id, data), data)
        found = self._find(chat, button, message_id)
        if found is None:
            return self._tap_reply_keyboard(user, chat, button, message_id)
        message, spec = found
        if "callback_data" in spec:
            return self._press(user, message, spec["callback_data"])
        shown = {name: value for name, value in button_view(spec).items() if name not in {"text", "style"}}
        return Act(self._core.world.changes.version, [message.id], [], shown)

    def blocks(self, user_id: int, *, blocked: bool) -> Act:
        """The person stops the bot, or lets it speak again."""
        user = self.person(user_id)
        if user.blocked == blocked:
            return Act(self._core.world.changes.version)
        user.blocked = blocked
        version = self._core.world.touch()
        free, stopped = Seat("member"), Seat("kicked")
        before, after = (free, stopped) if blocked else (stopped, free)
        chat = self._core.world.chats[user_id]
        payload = self._core.objects.seat_change(chat, user, before, after, self._core.clock.now())
        return Act(version, [], [self._push("my_chat_member", user_id, payload)])

    def _press(self, user: User, message: Message, data: str) -> Act:
        world = self._core.world
        callback = Callback(str(world.next_id()), user.id, message.chat_id, message.id, data, self._core.clock.now())
        world.callbacks[callback.id] = callback
        version = world.touch()
        update_id = self._push("callback_query", user.id, self._core.objects.callback(callback))
        return Act(version, [message.id], [update_id], {"callback_id": callback.id})

    def _with_data(self, chat: Chat, message_id: int | None, data: str) -> Message:
        for message in _newest_first({**chat.deleted, **chat.messages}):
            if message_id in (None, message.id) and data in message.known_data:
                return message
        raise ControlError(404, "no message has ever had a button with this data")

    def _find(self, chat: Chat, text: str, message_id: int | None) -> tuple[Message, dict[str, Any]] | None:
        for message, button in _inline_buttons(chat):
            if message_id in (None, message.id) and button["text"] == text:
                return message, button
        return None

    def _tap_reply_keyboard(self, user: User, chat: Chat, text: str, message_id: int | None) -> Act:
        keyboard = current_keyboard(chat) if message_id is None else None
        for row in (keyboard or {}).get("keyboard", []):
            for button in row:
                if button["text"] == text:
                    return self.says(user.id, _words_of(button))
        there = [{"message_id": message.id, "text": button["text"]} for message, button in _inline_buttons(chat)]
        raise ControlError(404, f"no button «{text}»", buttons=there)


def _newest_first(messages: Mapping[int, Message]) -> list[Message]:
    return sorted(messages.values(), key=lambda message: -message.id)


def _inline_buttons(chat: Chat) -> Iterator[tuple[Message, dict[str, Any]]]:
    for message in _newest_first(chat.messages):
        for row in message.inline_rows:
            for button in row:
                yield message, button


def _contact(user: User, contact: dict[str, Any] | None) -> dict[str, Any] | None:
    """A shared contact: an empty one is the person's own card, any other somebody's from the address book.

    Like Telegram it names a `user_id` only where that is known: in one's own card, or if the act says it.
    """
    if contact is None:
        return None
    if contact:
        return {"first_name": "Без имени"} | contact
    own = {"phone_number": user.phone, "first_name": user.first_name, "user_id": user.id}
    return own | ({"last_name": user.last_name} if user.last_name else {})


def _venue(venue: dict[str, Any] | None) -> dict[str, Any] | None:
    """A place with a name, as Telegram has it: all three fields are always there, the texts perhaps empty."""
    if venue is None:
        return None
    location = venue.get("location")
    if not isinstance(location, dict) or not {"latitude", "longitude"} <= location.keys():
        raise ControlError(400, "a venue needs a location with latitude and longitude")
    return {"location": location, "title": str(venue.get("title", "")), "address": str(venue.get("address", ""))}


def start_payload(link: str) -> str:
    """The payload of a `…?start=payload` link, "" when it has none."""
    match = _START.search(link)
    return match[1] if match else ""


def _words_of(button: dict[str, Any]) -> Words:
    if button.get("request_contact"):
        return Words(contact={})
    if button.get("request_location"):
        return Words(location=dict(WORKSHOP))
    return Words(text=button["text"])
