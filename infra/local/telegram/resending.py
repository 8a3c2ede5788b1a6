"""What people send besides words and files: an edit of what they wrote, a message once more, a voice note."""

from infra.local.telegram.acting import HERE, Act, Actor, Place
from infra.local.telegram.errors import ControlError
from infra.local.telegram.state import Message, Voice
from infra.local.telegram.text import Formatted, trimmed, with_found_entities
from infra.local.telegram.views import snapshot

LONGEST_NOTE = 3600
_SILENCE = b"OggS" + bytes(60)
"""Sounds of a note: nobody listens to them here."""


class Resending(Actor):
    """Acts of people on messages that are there already, and their voices."""

    def edits(self, user_id: int, message_id: int, text: str, place: Place = HERE) -> Act:
        """Write another text in place of one's own; the bot gets `edited_message` with the whole message."""
        user, chat = self._writer(user_id, place.chat_id)
        message = chat.messages.get(message_id)
        content = with_found_entities(trimmed(Formatted(text)))
        if message is None or message.sender_id != user.id or not _is_words(message):
            raise ControlError(404, "no text of this person's to edit")
        if not content.text or content == message.content:
            raise ControlError(400, "an edit needs another text")
        message.edits.append(snapshot(message))
        message.content, message.edit_date = content, self._core.clock.now()
        message.changed = self._core.world.touch()
        hears = self._hears(chat, message)
        body = self._core.objects.message(message)
        update = self._push("edited_message", chat.id, body) if hears else None
        return Act(message.changed, [message.id], [update])

    def forwards(self, user_id: int, message_id: int) -> Act:
        """Send a message of the dialogue with the bot there once more, with its origin and without its buttons."""
        user, chat = self._writer(user_id, None)
        original = chat.messages.get(message_id)
        if original is None or original.service or original.protected:
            raise ControlError(404, "no message that can be forwarded")
        message = self._message(user, chat, original.content)
        message.photo, message.document, message.voice = original.photo, original.document, original.voice
        message.contact, message.location, message.venue = original.contact, original.location, original.venue
        message.forward_from = original.forward_from or original.sender_id
        message.forward_date = original.forward_date or original.date
        return self._act([message])

    def speaks(self, user_id: int, seconds: int, place: Place = HERE) -> Act:
        """Send a voice note of so many seconds, with nothing to hear on it."""
        if not 1 <= seconds <= LONGEST_NOTE:
            raise ControlError(400, f"a voice note has 1–{LONGEST_NOTE} seconds")
        user, chat = self._writer(user_id, place.chat_id)
        message = self._message(user, chat, Formatted(""), place)
        message.voice = Voice(self._core.world.files.voice(_SILENCE), seconds)
        return self._act([message])


def _is_words(message: Message) -> bool:
    shared = message.contact or message.location or message.venue
    return not (message.has_media or shared or message.forward_date or message.via_bot)
