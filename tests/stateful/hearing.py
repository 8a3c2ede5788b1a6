"""What the judge is told: taps as people make them, and what the bot says."""

from dataclasses import dataclass


class GuiltyError(AssertionError):
    """The bot has done what it must never do."""


@dataclass(frozen=True)
class Tap:
    """A tap as it was made; `under` is the text above the button, "" for data that never stood there."""

    user: int
    callback_id: str
    data: str
    under: str = ""

    @property
    def kind(self) -> str:
        return self.data.partition(":")[0]

    @property
    def fields(self) -> list[str]:
        """What follows the prefix."""
        return self.data.split(":")[1:]


@dataclass(frozen=True)
class Said:
    """A Bot API call that succeeded, as its addressee reads it."""

    method: str
    chat: int
    text: str
    message_id: int | None = None
    callback_id: str = ""
