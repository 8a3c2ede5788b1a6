"""Lists that a master has saved."""

from decimal import Decimal

from shared.assistant import texts
from shared.assistant.saved_lists import screens
from shared.domain.saved_lists import LONGEST_NAME, MOST, SavedItem, SavedList, SavedLists
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import BIT, CABLE, DRILL
from tests.support.golden import agreed

ITEMS = (SavedItem(DRILL, Decimal(1)), SavedItem(BIT, Decimal(10)))
MINE = SavedLists((SavedList("l1", "Ванная <2 этаж>", ITEMS), SavedList("l2", "Кухня", ITEMS[:1])))
LONG = SavedList(
    "l3", "Склад", (*(SavedItem(DRILL, Decimal(2)),) * 8, SavedItem(CABLE, Decimal("2.5"), "м", Decimal("0.5")))
)

CASES = [
    case("списки", screens.saved, MINE),
    case("список изменить", screens.contents, MINE.lists[0], 0),
    case("список изменить, вторая страница", screens.contents, LONG, 1),
    case("поделиться", screens.shared, MINE.lists[0], "https://t.me/shop_bot?start=l_42_l1"),
    case("поделиться не получилось", texts.saved.unshared),
    case("список забрали", texts.saved.taken, "Ванная <2 этаж>"),
    case("список забрали раньше", texts.saved.taken_before, "Ванная <2 этаж>"),
    case("списка по ссылке нет", texts.saved.link_over),
    case("обычных товаров нет", texts.saved.nothing_usual),
    case("состав заказа неизвестен", texts.saved.order_unknown, "ИМ-<1>"),
    case("списков нет", screens.saved, SavedLists()),
    case("как назвать", texts.saved.ask_name),
    case("название не годится", texts.saved.name_odd, LONGEST_NAME),
    case("корзина пуста", texts.saved.cart_empty),
    case("списков слишком много", texts.saved.too_many, MOST),
    case("тап: убран", texts.saved.dropped),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "saved_lists.txt", painted(CASES))
