"""Bot API objects made from the state: what updates and answers carry."""

from datetime import datetime
from typing import Any

from infra.local.telegram.files import StoredFile
from infra.local.telegram.state import RIGHTS, Callback, Chat, InlineQuery, Message, Seat, User, World

Json = dict[str, Any]

OTHER_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_send_welcome_messages",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
"""Rights of a ChatMemberAdministrator that nothing here depends on."""


class Objects:
    """Makes JSON objects; knows who the bot is."""

    def __init__(self, world: World, bot_id: int, username: str, title: str) -> None:
        self._world = world
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": title, "username": username}

    def message(self, message: Message, *, with_reply: bool = True) -> Json:
        """A Message."""
        world = self._world
        body: Json = {
            "message_id": message.id,
            "from": self.bot if message.author == "bot" else user_object(world.user(message.sender_id)),
            "chat": self.chat(world.chats[message.chat_id]),
            "date": unix(message.date),
        }
        if message.edit_date:
            body["edit_date"] = unix(message.edit_date)
        if message.thread_id is not None:
            body |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        if message.media_group_id:
            body["media_group_id"] = message.media_group_id
        if message.via_bot:
            body["via_bot"] = self.bot
        if message.forward_date and message.forward_from is not None:
            body["forward_origin"] = self._origin(message.forward_from, message.forward_date)
        if message.protected:
            body["has_protected_content"] = True
        body |= self._reply(message) if with_reply else {}
        return body | _content(message)

    def _reply(self, message: Message) -> Json:
        # As in Telegram, a message of a topic that answers nothing answers the message that opened the topic.
        of_topic = message.thread_id if message.thread_id != message.id else None
        answered = self._world.chats[message.chat_id].messages.get(message.reply_to or of_topic or 0)
        return {"reply_to_message": self.message(answered, with_reply=False)} if answered else {}

    def _origin(self, user_id: int, date: datetime) -> Json:
        sender = self.bot if user_id == self.bot["id"] else user_object(self._world.user(user_id))
        return {"type": "user", "sender_user": sender, "date": unix(date)}

    def chat(self, chat: Chat) -> Json:
        """A Chat: private with the person's names, or a group."""
        if not chat.private:
            forum: Json = {"is_forum": True} if chat.forum else {}
            return {"id": chat.id, "type": "supergroup", "title": chat.title, **forum}
        user = self._world.user(chat.id)
        return {"id": chat.id, "type": "private", **_names(user)}

    def callback(self, callback: Callback) -> Json:
        """A CallbackQuery with the message under which the button is (or was)."""
        message = self._world.chats[callback.chat_id].messages.get(callback.message_id)
        chat = self.chat(self._world.chats[callback.chat_id])
        gone: Json = {"message_id": callback.message_id, "chat": chat, "date": 0}
        return {
            "id": callback.id,
            "from": user_object(self._world.user(callback.user_id)),
            "message": self.message(message) if message else gone,
            "chat_instance": str(7_000_000_000_000_000 + abs(callback.chat_id)),
            "data": callback.data,
        }

    def inline_query(self, query: InlineQuery) -> Json:
        """An InlineQuery typed in the dialogue with the bot."""
        user = user_object(self._world.user(query.user_id))
        where = {"offset": query.offset, "chat_type": query.chat_type}
        return {"id": query.id, "from": user, "query": query.query, **where}

    def seat_change(self, chat: Chat, by: User, before: Seat, after: Seat, date: datetime) -> Json:
        """A ChatMemberUpdated: somebody changed what the bot is in a group, or stopped or restarted it."""
        return {
            "chat": self.chat(chat),
            "from": user_object(by),
            "date": unix(date),
            "old_chat_member": self.seat(before),
            "new_chat_member": self.seat(after),
        }

    def seat(self, seat: Seat) -> Json:
        """The bot as a ChatMember of a group."""
        member: Json = {"user": self.bot, "status": seat.status}
        if seat.status == "kicked":
            return member | {"until_date": 0}
        if seat.status != "administrator":
            return member
        rights = {right: right in seat.rights for right in RIGHTS}
        return member | dict.fromkeys(OTHER_RIGHTS, False) | rights | {"can_be_edited": False}


def unix(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def user_object(user: User) -> Json:
    """A User."""
    return {"id": user.id, "is_bot": False, **_names(user), "language_code": "ru"}


def _names(user: User) -> Json:
    optional = {"last_name": user.last_name, "username": user.username}
    return {"first_name": user.first_name, **{name: value for name, value in optional.items() if value}}


def file_object(stored: StoredFile) -> Json:
    """What a File, a PhotoSize and a Document have in common."""
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": len(stored.content)}


def _photo_size(stored: StoredFile) -> Json:
    return file_object(stored) | {"width": stored.width, "height": stored.height}


def _content(message: Message) -> Json:
    body: Json = dict(message.service or {})
    if message.photo:
        body["photo"] = [_photo_size(size) for size in (*message.photo.smaller, message.photo)]
    if message.document:
        file = message.document
        body["document"] = file_object(file) | {"file_name": file.name, "mime_type": file.mime}
    if message.voice:
        note = message.voice
        body["voice"] = file_object(note.file) | {"duration": note.seconds, "mime_type": note.file.mime}
    text_name, entities_name = ("caption", "caption_entities") if message.has_media else ("text", "entities")
    if message.content.text:
        body[text_name] = message.content.text
    if message.content.entities:
        body[entities_name] = message.content.entities
    body |= _shared(message)
    if message.markup and "inline_keyboard" in message.markup:
        body["reply_markup"] = message.markup
    return body


def _shared(message: Message) -> Json:
    """Return the card or the place of a message; a venue's point stands beside it, for bots that know no venues."""
    location = message.venue["location"] if message.venue else message.location
    parts = {"contact": message.contact, "venue": message.venue, "location": location}
    return {name: part for name, part in parts.items() if part}
