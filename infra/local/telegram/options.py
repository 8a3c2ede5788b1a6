"""What the sandbox or a test decides about the simulated Telegram."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ChatLimit:
    """At most `messages` new messages to one chat in `seconds`; more get 429."""

    messages: int
    seconds: float


@dataclass(frozen=True)
class TelegramOptions:
    """Settings of one simulated Telegram with one bot.

    `token` is the bot's, `<bot id>:<secret>`. `invite_link` gives the links the page offers
    (`https://t.me/<username>?start=<payload>`): a ready list, or a function asked at every look.
    `links` are shown on the page: title → address. `groups` exist from the start: id (negative) → title.
    With `mirror` the page shows the dialogues of a real bot, and nobody acts there.
    `fault_seconds` is how long a request held by the fault «timeout» stays without an answer.
    """

    token: str = field(repr=False)
    username: str = "assistant_mastera_bot"
    title: str = "Ассистент мастера"
    invite_link: Sequence[str] | Callable[[], Sequence[str]] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)
    chat_limit: ChatLimit | None = None
    fault_seconds: float = 70
    seed: int = 0
    mirror: bool = False

    @property
    def bot_id(self) -> int:
        """The number before the colon of the token."""
        number = self.token.partition(":")[0]
        return int(number) if number.isdigit() else 1

    def invites(self) -> list[str]:
        """The invite links of this moment."""
        links = self.invite_link() if callable(self.invite_link) else self.invite_link
        return list(links)
