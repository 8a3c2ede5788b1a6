"""Inline mode: a result in the list, and the message it becomes."""

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.inline import screens as inline
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import DRILL, DRILL_OFFER, SAW, SAW_OFFER
from tests.support.golden import agreed

TOLD_AT = "3 ноября, 12:00"
ADDRESS = "https://t.me/shop_bot?start=p_7"

CASES = [
    case("в списке: название", texts.inline.title, DRILL),
    case("в списке: цена и наличие", texts.inline.description, DRILL, DRILL_OFFER),
    case("в списке: не продаётся, без артикула", texts.inline.description, replace(SAW, article=""), None),
    case("отправлено в чат", inline.chosen, DRILL, DRILL_OFFER, TOLD_AT, ADDRESS),
    case("отправлено в чат: под заказ, имя с разметкой", inline.chosen, SAW, SAW_OFFER, TOLD_AT, ADDRESS),
    case("отправлено в чат: без артикула и ссылки", inline.chosen, replace(SAW, article=""), None, TOLD_AT, None),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "inline.txt", painted(CASES))
