"""Bot API objects of a real Telegram turned into the state that the chat page draws."""

from datetime import UTC, datetime
from typing import Any

from infra.local.telegram.files import StoredFile
from infra.local.telegram.state import Chat, Message, User, Voice, World
from infra.local.telegram.text import Formatted
from infra.local.telegram.views import snapshot

Json = dict[str, Any]


def reflect_user(world: World, user: Json) -> User:
    """Keep a person under his real name."""
    known = world.user(int(user["id"]))
    known.first_name, known.last_name = str(user.get("first_name", "")), str(user.get("last_name", ""))
    known.username, known.started = user.get("username"), True
    return known


def reflect_message(world: World, given: Json, bot_id: int) -> None:
    """Take a message in: a new one, or the newer look of one that is known."""
    chat = _chat(world, given["chat"])
    sender = given.get("from") or {}
    if sender and int(sender["id"]) != bot_id and not sender.get("is_bot"):
        reflect_user(world, sender)
    message = _read(given, chat.id, bot_id)
    known = chat.messages.get(message.id)
    if known is not None:
        message.edits, message.reaction, message.pinned = [*known.edits, snapshot(known)], known.reaction, known.pinned
        message.markup = message.markup if "reply_markup" in given or "edit_date" in given else known.markup
    world.add(message)


def _chat(world: World, given: Json) -> Chat:
    chat_id = int(given["id"])
    if given.get("type") == "private":
        reflect_user(world, given)
    elif chat_id not in world.chats:
        world.chats[chat_id] = Chat(chat_id, str(given.get("title", "")), forum=bool(given.get("is_forum")))
    return world.chats[chat_id]


def _read(given: Json, chat_id: int, bot_id: int) -> Message:
    sender = int((given.get("from") or {}).get("id", 0))
    origin = given.get("forward_origin")
    text = given.get("text") or given.get("caption") or ""
    voice = given.get("voice")
    return Message(
        id=int(given["message_id"]),
        chat_id=chat_id,
        author="bot" if sender == bot_id else "user",
        sender_id=sender,
        date=_moment(given["date"]),
        content=Formatted(str(text), given.get("entities") or given.get("caption_entities") or []),
        photo=_file(given["photo"][-1], "image/jpeg") if given.get("photo") else None,
        document=_file(given["document"], "") if given.get("document") else None,
        voice=Voice(_file(voice, "audio/ogg"), int(voice["duration"])) if voice else None,
        contact=given.get("contact"),
        location=None if given.get("venue") else given.get("location"),
        venue=given.get("venue"),
        markup=given.get("reply_markup"),
        reply_to=(given.get("reply_to_message") or {}).get("message_id"),
        thread_id=given.get("message_thread_id") if given.get("is_topic_message") else None,
        media_group_id=given.get("media_group_id"),
        via_bot="via_bot" in given,
        forward_date=_moment(origin["date"]) if origin else None,
        edit_date=_moment(given["edit_date"]) if given.get("edit_date") else None,
    )


def _file(given: Json, mime: str) -> StoredFile:
    """Name a file by its identifier: its bytes stay at Telegram until somebody looks."""
    name, kind = str(given.get("file_name") or "файл"), str(given.get("mime_type") or mime)
    return StoredFile(given["file_id"], given["file_unique_id"], given["file_id"], b"", name, kind)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
