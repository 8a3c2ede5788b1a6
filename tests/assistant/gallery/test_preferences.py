"""The settings of a master."""

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.preferences import screens
from shared.domain.preferences import QuietHours, Sound
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import MASTER, NOW
from tests.assistant.stage import ZONE
from tests.support.golden import agreed

_NIGHT = replace(MASTER, quiet_hours=QuietHours.FROM_22_TO_8)

CASES = [
    case("настройки: как вначале", screens.settings, MASTER, NOW, ZONE),
    case("настройки: тихие часы", screens.settings, _NIGHT, NOW, ZONE),
    case("настройки: только важные", screens.settings, replace(_NIGHT, sound=Sound.IMPORTANT), NOW, ZONE),
    case("настройки: всё без звука", screens.settings, replace(MASTER, sound=Sound.NONE), NOW, ZONE),
    case("настройки: есть телефон", screens.settings, replace(MASTER, phone="+79123456789"), NOW, ZONE),
    case("имя: как обращаться", texts.preferences.ask_name),
    case("имя или телефон: передумали", texts.preferences.left),
    case("имя: не поместилось", texts.preferences.name_odd),
    case("имя: запомнили", texts.preferences.name_kept, "Иван Петрович"),
    case("телефон: какой передавать", texts.preferences.ask_phone),
    case("настройки: сохранено", texts.preferences.saved),
    case("настройки: так и было", texts.preferences.as_it_was),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "preferences.txt", painted(CASES))
