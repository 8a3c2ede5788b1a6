"""The buttons of preferences alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from shared.domain.preferences import QuietHours, Sound
from shared.telegram.api import CallbackData


class SetSound(CallbackData, prefix="sa1"):
    """Which messages come with sound."""

    sound: Sound


class EditName(CallbackData, prefix="sc1"):
    """How the bot calls him."""


class EditOwnPhone(CallbackData, prefix="sd1"):
    """The phone that goes with his orders."""


class SetQuietHours(CallbackData, prefix="sb1"):
    """When all messages come without sound."""

    hours: QuietHours
