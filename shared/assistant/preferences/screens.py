"""The screen of the settings, changed in place: each button names what it leads to, the present choice is ticked."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import button, keyboard
from shared.assistant.navigation import ShowOrders
from shared.assistant.preferences.buttons import EditName, EditOwnPhone, SetQuietHours, SetSound
from shared.domain.masters import Master
from shared.domain.preferences import QuietHours, Sound


def settings(master: Master, now: datetime, zone: ZoneInfo) -> Screen:
    """All choices as they are now; `now` is told by the clock of the zone, by which quiet hours go."""
    labels = texts.labels
    sounds = [[button(labels.chosen(labels.sound(each), each is master.sound), SetSound(sound=each))] for each in Sound]
    hours = [
        button(labels.chosen(labels.quiet_hours(each), each is master.quiet_hours), SetQuietHours(hours=each))
        for each in QuietHours
    ]
    chosen = texts.preferences.settings(master.sound, master.quiet_hours, now.astimezone(zone).time())
    text = f"{chosen}\n\n{texts.preferences.about_him(master.name, master.phone)}"
    about_him = [button(labels.NAME, EditName()), button(labels.PHONE, EditOwnPhone())]
    onwards = [button(texts.labels.MY_ORDERS, ShowOrders(page=0))]
    return Screen(text, keyboard(*sounds, hours[:2], hours[2:], about_him, onwards))
