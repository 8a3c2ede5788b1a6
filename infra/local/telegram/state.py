"""Everything the simulated Telegram remembers: people, chats, messages, files, open queries."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from infra.local.clock import Clock
from infra.local.telegram.changes import Changes
from infra.local.telegram.files import FileStore, StoredFile
from infra.local.telegram.markup import Button, Markup
from infra.local.telegram.text import Formatted

NAMES = (
    ("Сергей", "Кузнецов"),
    ("Марина", "Седых"),
    ("Алексей", "Бондарь"),
    ("Ольга", "Мельник"),
    ("Дмитрий", "Черных"),
    ("Ирина", "Ткаченко"),
    ("Андрей", "Гончаров"),
    ("Татьяна", "Коваль"),
    ("Павел", "Соколов"),
    ("Николай", "Шевчук"),
    ("Елена", "Орлова"),
)


@dataclass
class User:
    """A person with a phone."""

    id: int
    first_name: str
    last_name: str = ""
    username: str | None = None
    started: bool = False
    blocked: bool = False

    @property
    def phone(self) -> str:
        """A made-up mobile number that is always the same for the same person."""
        return f"+7912{self.id % 10_000_000:07d}"


@dataclass(frozen=True)
class Voice:
    """A voice note."""

    file: StoredFile
    seconds: int


@dataclass
class Message:
    """One message of a chat with its history."""

    id: int
    chat_id: int
    author: Literal["bot", "user"]
    sender_id: int
    date: datetime
    content: Formatted = field(default_factory=Formatted)
    photo: StoredFile | None = None
    document: StoredFile | None = None
    voice: Voice | None = None
    contact: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    venue: dict[str, Any] | None = None
    markup: Markup | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    media_group_id: str | None = None
    via_bot: bool = False
    service: dict[str, Any] | None = None
    silent: bool = False
    protected: bool = False
    forward_from: int | None = None
    forward_date: datetime | None = None
    edit_date: datetime | None = None
    edits: list[dict[str, Any]] = field(default_factory=list)
    reaction: str | None = None
    pinned: bool = False
    changed: int = 0
    marked: int = 0
    known_data: set[str] = field(default_factory=set)

    @property
    def has_media(self) -> bool:
        """True when the text is a caption."""
        return bool(self.photo or self.document or self.voice)

    @property
    def inline_rows(self) -> list[list[Button]]:
        """The buttons under the message."""
        rows: list[list[Button]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    def set_markup(self, markup: Markup | None) -> None:
        """Put a keyboard under the message; what its buttons carried stays known to people with an old screen."""
        self.markup = markup
        buttons = (button for row in self.inline_rows for button in row)
        self.known_data.update(button["callback_data"] for button in buttons if "callback_data" in button)


@dataclass
class Callback:
    """A tapped button that waits for `answerCallbackQuery`."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    date: datetime
    answer: dict[str, Any] | None = None


@dataclass
class InlineQuery:
    """What a person typed after the bot's name, and what the bot offered."""

    id: str
    user_id: int
    query: str
    offset: str
    date: datetime
    chat_type: str = "sender"
    answer: dict[str, Any] | None = None


@dataclass
class Topic:
    """A topic of a forum; its number is that of the service message that opened it."""

    id: int
    name: str
    icon_color: int
    closed: bool = False


Status = Literal["administrator", "member", "left", "kicked"]
RIGHTS = ("can_manage_topics", "can_delete_messages", "can_pin_messages")


@dataclass(frozen=True)
class Seat:
    """What the bot is in a group, and what it may do there as an administrator."""

    status: Status = "administrator"
    rights: frozenset[str] = frozenset(RIGHTS)

    def may(self, right: str) -> bool:
        """True for an administrator who was given this right."""
        return self.status == "administrator" and right in self.rights

    @property
    def present(self) -> bool:
        """True for a member of any kind."""
        return self.status in {"administrator", "member"}


@dataclass
class Chat:
    """A dialogue with a person, or a group the sandbox has set up (negative id)."""

    id: int
    title: str = ""
    messages: dict[int, Message] = field(default_factory=dict)
    deleted: dict[int, Message] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)
    forum: bool = True
    topics: dict[int, Topic] = field(default_factory=dict)
    bot: Seat = field(default_factory=Seat)
    sent_at: list[datetime] = field(default_factory=list)

    @property
    def private(self) -> bool:
        """True for a dialogue with one person."""
        return self.id > 0


class World:
    """The whole state; `changes` counts everything anybody could see."""

    def __init__(self, clock: Clock, groups: dict[int, str]) -> None:
        self.clock = clock
        self.files = FileStore()
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self._groups = groups
        self.profile: dict[str, Any] = {}
        self.changes = Changes()
        self._last_id = 100
        self.forget_everybody()

    def forget(self, chat_id: int) -> None:
        """Empty a chat; its person is a stranger again."""
        self.chats.pop(chat_id, None)
        self.users.pop(chat_id, None)
        self.callbacks = {key: tap for key, tap in self.callbacks.items() if tap.chat_id != chat_id}
        if chat_id in self._groups:
            self.chats[chat_id] = Chat(chat_id, self._groups[chat_id])
        self.touch()

    def forget_everybody(self) -> None:
        """Empty all chats; the groups of the sandbox stay."""
        for chat_id in [*self.chats, *self._groups]:
            self.forget(chat_id)
        self.inline_queries.clear()

    def next_id(self) -> int:
        """A number never used before: one row for messages, as a bot's account has, and for queries."""
        self._last_id += 1
        return self._last_id

    def touch(self) -> int:
        """Count a visible change; the new version."""
        return self.changes.touch()

    def user(self, user_id: int) -> User:
        """The person with this id, made up at first use."""
        if user_id not in self.users:
            self.users[user_id] = User(user_id, *NAMES[user_id % len(NAMES)])
            self.chats[user_id] = Chat(user_id)
            self.touch()
        return self.users[user_id]

    def add(self, message: Message) -> Message:
        """Put a new message into its chat."""
        self.chats[message.chat_id].messages[message.id] = message
        message.set_markup(message.markup)
        message.changed = self.touch()
        return message
