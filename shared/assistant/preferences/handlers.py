"""The handlers of /settings and its buttons."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.preferences import about_him, screens
from shared.assistant.preferences.buttons import SetQuietHours, SetSound
from shared.assistant.spoken_commands import says
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, Message, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="preferences")
    router.message.register(show_settings, Command("settings", ignore_mention=True))
    router.callback_query.register(set_sound, SetSound.filter())
    router.callback_query.register(set_quiet_hours, SetQuietHours.filter())
    about_him.register(router)
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="preferences by word")
    router.message.register(show_settings, says("settings"))
    return router


async def show_settings(message: Message, decision: Decision, view: ChatView, master: Master, zone: ZoneInfo) -> None:
    """Show what is chosen now."""
    view.say(screens.settings(master, decision.now, zone))


async def set_sound(
    callback: CallbackQuery, callback_data: SetSound, decision: Decision, view: ChatView, master: Master, zone: ZoneInfo
) -> None:
    """Keep another choice of sound."""
    _choose(decision, view, master, replace(master, sound=callback_data.sound), zone)


async def set_quiet_hours(
    callback: CallbackQuery,
    callback_data: SetQuietHours,
    decision: Decision,
    view: ChatView,
    master: Master,
    zone: ZoneInfo,
) -> None:
    """Keep other quiet hours."""
    _choose(decision, view, master, replace(master, quiet_hours=callback_data.hours), zone)


def _choose(decision: Decision, view: ChatView, master: Master, chosen: Master, zone: ZoneInfo) -> None:
    """Save it and show it, also when it was so already: the tapped message may be an old one."""
    view.toast(texts.preferences.as_it_was() if chosen == master else texts.preferences.saved())
    chosen.save(decision.unit)
    view.show(screens.settings(chosen, decision.now, zone))
