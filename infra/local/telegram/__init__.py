"""A simulated Telegram: the Bot API over HTTP, people who talk to the bot, and a chat page to play with.

Written from shared/telegram/README.md and the published server. What it knows it does strictly;
what it does not know it refuses with 404 as the real one refuses unknown methods.
"""

from infra.local.clock import ManualClock, SystemClock
from infra.local.telegram.options import ChatLimit, TelegramOptions
from infra.local.telegram.person import Paper, Person
from infra.local.telegram.sim import TelegramSim, create_telegram

__all__ = [
    "ChatLimit",
    "ManualClock",
    "Paper",
    "Person",
    "SystemClock",
    "TelegramOptions",
    "TelegramSim",
    "create_telegram",
]
