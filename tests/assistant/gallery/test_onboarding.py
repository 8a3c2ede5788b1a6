"""Who may come in, the first screens."""

from shared.assistant import common_screens, texts
from shared.assistant.onboarding import screens as onboarding
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import MASTER
from tests.support.golden import agreed

CASES = [
    case("описание бота", texts.profile.description),
    case("короткое описание", texts.profile.short_description),
    case("чужой", texts.onboarding.stranger),
    case("приглашение не подходит", texts.onboarding.invite_bad),
    case("приглашение занято", texts.onboarding.invite_taken),
    case("просим номер", texts.onboarding.ask_phone),
    case("номер набран словами", texts.onboarding.phone_typed),
    case("номер чужой", texts.onboarding.phone_foreign),
    case("номер не прочитать", texts.onboarding.phone_unread),
    case("номер пришёл", texts.onboarding.looking_for_him),
    case("магазин отвечает не сразу", texts.onboarding.bound_later),
    case("доступ открыть не получилось", texts.onboarding.not_bound),
    case("операторам: контакта нет", texts.operators.newcomer_by_hand, "Иван", "Петров", "+79123456789"),
    case("операторам: контактов несколько", texts.operators.contact_twins, MASTER, ("44", "905")),
    case("доступ открыт", onboarding.welcome, "Иван"),
    case("начало", common_screens.home, "Иван"),
    case("справка", onboarding.help_screen),
    case("кнопки, которые есть всегда", common_screens.home_keyboard),
    case("прерывать нечего", texts.onboarding.nothing_to_cancel),
    case("прервано", texts.onboarding.canceled),
    case("не текст", texts.onboarding.not_text),
    case("устаревшая кнопка", texts.trouble.stale_button),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "onboarding.txt", painted(CASES))
