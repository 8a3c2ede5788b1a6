"""What the control endpoints, the page and the tests see of a chat."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from infra.local.telegram.files import StoredFile
from infra.local.telegram.mailbox import Mailbox, Update
from infra.local.telegram.markup import Button, Markup
from infra.local.telegram.state import Chat, Message, User, World
from infra.local.telegram.text import to_html

Json = dict[str, Any]


def snapshot(message: Message) -> Json:
    """How a message looks now."""
    return {
        "date": (message.edit_date or message.date).isoformat(),
        "text": "" if message.has_media else message.content.text,
        "caption": message.content.text if message.has_media else "",
        "html": to_html(message.content),
        "entities": message.content.entities,
        "photo": file_url(message.photo),
        "buttons": [[button_view(button) for button in row] for row in message.inline_rows],
    }


def button_view(button: Button) -> Json:
    """A button as a person meets it: its text and what it does."""
    view = dict(button)
    if "callback_data" in view:
        view["data"] = view.pop("callback_data")
    return view


def file_url(stored: StoredFile | None) -> str | None:
    """Where the page gets a file: an address without the bot's token."""
    return f"/_sim/files/{stored.path}" if stored else None


def message_view(world: World, message: Message) -> Json:
    """A message with its history: `edits` are the looks after each edit, `original` the first look."""
    now = snapshot(message)
    looks = [*message.edits, now]
    return now | {
        "id": message.id,
        "from": message.author,
        "sender_id": message.sender_id,
        "date": message.date.isoformat(),
        "edit_date": message.edit_date.isoformat() if message.edit_date else None,
        "original": looks[0] if message.edits else None,
        "edits": looks[1:],
        "document": document_view(message.document) if message.document else None,
        "voice": message.voice.seconds if message.voice else None,
        "silent": message.silent,
        "protected": message.protected,
        "via_bot": message.via_bot,
        "service": message.service,
        "sender": sender_name(world, message),
        "forwarded": message.forward_date is not None,
        "contact": message.contact,
        "location": message.location,
        "venue": message.venue,
        "media_group_id": message.media_group_id,
        "reply_to": message.reply_to,
        "thread_id": message.thread_id,
        "reaction": message.reaction,
        "pinned": message.pinned,
        "keyboard": message.markup if message.markup and "inline_keyboard" not in message.markup else None,
        "changed": message.changed,
    }


def document_view(stored: StoredFile) -> Json:
    """A document as the page offers it."""
    return {"name": stored.name, "mime": stored.mime, "size": len(stored.content), "url": file_url(stored)}


def sender_name(world: World, message: Message) -> str:
    """Who wrote it, "" for the bot."""
    user = world.users.get(message.sender_id)
    return f"{user.first_name} {user.last_name}".strip() if user and message.author == "user" else ""


def chat_view(world: World, mailbox: Mailbox, chat: Chat, since: int = 0) -> Json:
    """A whole dialogue; of its messages only those that came or changed after version `since`, with the ids of all."""
    now = world.clock.now()
    messages = [message for message in chat.messages.values() if max(message.changed, message.marked) > since]
    return {
        "chat_id": chat.id,
        "title": chat.title,
        "user": user_view(world.users[chat.id]) if chat.private else None,
        "version": world.changes.version,
        "messages": [message_view(world, message) for message in messages],
        "present": list(chat.messages),
        "deleted": [message_view(world, message) for message in chat.deleted.values()],
        "keyboard": current_keyboard(chat),
        "topics": [asdict(topic) for topic in chat.topics.values()],
        "bot": {"status": chat.bot.status, "rights": sorted(chat.bot.rights)},
        "toasts": toasts(world, chat),
        "spinners": spinners(world, chat),
        "chat_actions": [
            {**action, "date": action["date"].isoformat(), "age": (now - action["date"]).total_seconds()}
            for action in chat.actions
        ],
        "pending": [update_view(update) for update in mailbox.pending(chat.id)],
        "delivery": mailbox.statistics(chat.id),
    }


def has_shown(world: World, chat_id: int, texts: Sequence[str], since: int) -> bool:
    """Whether the bot has shown one of these texts in the chat, or on a button, after version `since`; or no texts."""
    messages = world.chats[chat_id].messages.values() if chat_id in world.chats else ()
    fresh = (message for message in reversed(messages) if message.author == "bot" and message.changed > since)
    return not texts or any(text in words(message) for message in fresh for text in texts)


def words(message: Message) -> str:
    """Return what a person reads of a message: its text, then its buttons."""
    return "\n".join([message.content.text, *(button["text"] for row in message.inline_rows for button in row)])


def toasts(world: World, chat: Chat) -> list[Json]:
    """Answers to taps in the order of the taps: a toast, an alert, or silence (`text` "")."""
    return [
        {"callback_id": tap.id, "message_id": tap.message_id, "data": tap.data, **tap.answer}
        for tap in world.callbacks.values()
        if tap.chat_id == chat.id and tap.answer is not None
    ]


def spinners(world: World, chat: Chat) -> list[Json]:
    """Taps that nobody has answered yet: the buttons on which a person still sees a spinner; `age` in seconds."""
    now = world.clock.now()
    return [
        {"callback_id": tap.id, "message_id": tap.message_id, "data": tap.data, "age": (now - tap.date).total_seconds()}
        for tap in world.callbacks.values()
        if tap.chat_id == chat.id and tap.answer is None
    ]


def user_view(user: User) -> Json:
    """A person."""
    return asdict(user) | {"phone": user.phone}


def update_view(update: Update) -> Json:
    """An update with the story of its delivery."""
    return {
        "update_id": update.id,
        "kind": update.kind,
        "peer_id": update.peer_id,
        "state": update.state,
        "in_flight": update.in_flight,
        "created_at": update.created_at.isoformat(),
        "expires_at": update.expires_at.isoformat(),
        "next_attempt_at": update.wake_at.isoformat(),
        "attempts": [asdict(attempt) | {"at": attempt.at.isoformat()} for attempt in update.attempts],
    }


def current_keyboard(chat: Chat) -> Markup | None:
    """The reply keyboard that stands below the dialogue now."""
    for message in reversed(chat.messages.values()):
        markup = message.markup if message.author == "bot" else None
        if markup and "remove_keyboard" in markup:
            return None
        if markup and "keyboard" in markup:
            return markup
    return None
