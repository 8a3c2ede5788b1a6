"""What every act of a person needs: who writes where, a message in its chat, an update for the bot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.telegram.core import Core
from infra.local.telegram.errors import ControlError
from infra.local.telegram.state import Chat, Message, User
from infra.local.telegram.text import Formatted


@dataclass(frozen=True)
class Act:
    """What came of an act: ids of its messages and updates (None for what the bot does not get)."""

    version: int
    message_ids: list[int] = field(default_factory=list)
    update_ids: list[int | None] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def view(self) -> dict[str, Any]:
        """JSON for the control endpoints; the first ids also by themselves."""
        return {
            "version": self.version,
            "message_id": self.message_ids[0] if self.message_ids else None,
            "update_id": self.update_ids[0] if self.update_ids else None,
            "message_ids": self.message_ids,
            "update_ids": self.update_ids,
            **self.details,
        }


@dataclass(frozen=True)
class Place:
    """Where a person writes: to the bot unless `chat_id` is a group's; there perhaps in a topic, or an answer."""

    chat_id: int | None = None
    thread_id: int | None = None
    reply_to: int | None = None


HERE = Place()


class Actor:
    """Base of what people can do."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def person(self, user_id: int) -> User:
        """Return the person with this id, who is made where there was none. ControlError for no person's id."""
        if user_id <= 0:
            raise ControlError(400, "a user's id is a positive number")
        return self._core.world.user(user_id)

    def _group(self, chat_id: int) -> Chat:
        chat = self._core.world.chats.get(chat_id)
        if chat is None or chat.private:
            raise ControlError(404, "no such group", groups=list(self._core.options.groups))
        return chat

    def _writer(self, user_id: int, chat_id: int | None) -> tuple[User, Chat]:
        user = self.person(user_id)
        if chat_id is not None and chat_id != user_id:
            return user, self._group(chat_id)
        if user.blocked:
            raise ControlError(409, "this person has blocked the bot: unblock it first")
        return user, self._core.world.chats[user_id]

    def _message(self, user: User, chat: Chat, content: Formatted, place: Place = HERE) -> Message:
        """A message of a person that is not yet in its chat; ControlError when it can't be written there."""
        if place.reply_to is not None and place.reply_to not in chat.messages:
            raise ControlError(404, "no message to answer")
        return Message(
            id=self._core.world.next_id(),
            chat_id=chat.id,
            author="user",
            sender_id=user.id,
            date=self._core.clock.now(),
            content=content,
            reply_to=place.reply_to,
            thread_id=_thread(chat, place),
        )

    def _act(self, messages: Sequence[Message]) -> Act:
        """Put messages into their chats, one update for each."""
        world = self._core.world
        update_ids = []
        for message in messages:
            chat = world.chats[message.chat_id]
            if chat.private:
                world.user(message.sender_id).started = True
            world.add(message)
            body = self._core.objects.message(message)
            update_ids.append(self._push("message", chat.id, body) if self._hears(chat, message) else None)
        return Act(messages[-1].changed, [message.id for message in messages], update_ids)

    def _hears(self, chat: Chat, message: Message) -> bool:
        """True when the bot gets this message: as a mere member of a group it only gets what is meant for it."""
        if chat.private or chat.bot.status == "administrator":
            return True
        answered = chat.messages.get(message.reply_to or 0)
        addressed = f"@{self._core.options.username}".lower() in message.content.text.lower()
        to_bot = answered is not None and answered.author == "bot"
        return chat.bot.present and (addressed or to_bot or message.content.text.startswith("/"))

    def _push(self, kind: str, peer_id: int, payload: dict[str, Any]) -> int | None:
        update = self._core.mailbox.push(kind, peer_id, payload)
        self._core.delivery.wake()
        return update.id if update else None


def _thread(chat: Chat, place: Place) -> int | None:
    """The topic of a new message: the one that was said, or that of the answered message."""
    answered = chat.messages.get(place.reply_to or 0)
    thread_id = place.thread_id or (answered.thread_id if answered else None)
    if thread_id is None:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise ControlError(404, "no such topic", topics=list(chat.topics))
    if topic.closed:
        raise ControlError(409, f"the topic «{topic.name}» is closed: reopen it first")
    return thread_id
