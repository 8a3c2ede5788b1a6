"""What people do with a group: open and close topics, change what the bot is there."""

from collections.abc import Iterable

from infra.local.telegram.acting import Act, Actor
from infra.local.telegram.errors import ControlError
from infra.local.telegram.state import RIGHTS, Message, Seat, Status
from infra.local.telegram.text import utf16_length
from infra.local.telegram.topics import MAX_NAME, added_topic, remove_topic, topic_event

STATUSES: tuple[Status, ...] = ("administrator", "member", "left", "kicked")


class GroupPeople(Actor):
    """People of a group who manage it."""

    def opens_topic(self, user_id: int, chat_id: int, name: str) -> Act:
        """A person makes a topic; the bot gets the service message."""
        user, chat = self.person(user_id), self._group(chat_id)
        if not chat.forum or not 1 <= utf16_length(name) <= MAX_NAME:
            raise ControlError(400, f"a topic needs a forum and a name of 1–{MAX_NAME} characters")
        message = added_topic(self._core, chat, name, user)
        return self._told(message, message_thread_id=message.id)

    def closes_topic(self, user_id: int, chat_id: int, thread_id: int, *, closed: bool) -> Act:
        """A person closes or reopens a topic."""
        user, chat = self.person(user_id), self._group(chat_id)
        topic = chat.topics.get(thread_id)
        if topic is None or topic.closed == closed:
            raise ControlError(409, "no such topic, or it is so already", topics=list(chat.topics))
        topic.closed = closed
        event = "forum_topic_closed" if closed else "forum_topic_reopened"
        return self._told(topic_event(self._core, chat, topic, {event: {}}, user))

    def deletes_topic(self, user_id: int, chat_id: int, thread_id: int) -> Act:
        """A person deletes a topic with all that was written there. Telegram tells bots nothing of it."""
        self.person(user_id)
        chat = self._group(chat_id)
        if thread_id not in chat.topics:
            raise ControlError(404, "no such topic", topics=list(chat.topics))
        return Act(remove_topic(self._core, chat, thread_id))

    def seats_bot(
        self, user_id: int, chat_id: int, status: str, rights: Iterable[str] = RIGHTS, *, forum: bool = True
    ) -> Act:
        """A person promotes, demotes or removes the bot, or turns the group's topics on or off."""
        user, chat = self.person(user_id), self._group(chat_id)
        wanted = frozenset(rights)
        new = next((Seat(known, wanted) for known in STATUSES if known == status), None)
        if new is None or not wanted <= set(RIGHTS):
            raise ControlError(400, "no such status or right", statuses=STATUSES, rights=RIGHTS)
        before, chat.bot, chat.forum = chat.bot, new, forum
        version = self._core.world.touch()
        if before == new:
            return Act(version)
        change = self._core.objects.seat_change(chat, user, before, new, self._core.clock.now())
        return Act(version, [], [self._push("my_chat_member", chat.id, change)])

    def _told(self, message: Message, **details: object) -> Act:
        update = self._push("message", message.chat_id, self._core.objects.message(message))
        return Act(message.changed, [message.id], [update], details)
