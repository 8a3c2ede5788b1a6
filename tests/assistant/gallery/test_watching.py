"""News of watched products, the list of them, and what taps answer."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.watching import screens as watching
from shared.domain.watch_changes import BackInStock, Cheaper, LeftShop
from shared.domain.watches import MOST, WatchAim
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import NOW, watch
from tests.assistant.stage import ZONE
from tests.support.golden import agreed

IN_FEBRUARY = (NOW + timedelta(days=90)).date()

LISTED = [
    watch(samples.DRILL),
    watch(samples.SAW, WatchAim.STOCK),
    replace(watch(samples.BIT), since=NOW - timedelta(days=60)),
]

CASES = [
    case(
        "снова в наличии: метры", watching.news, BackInStock(watch(samples.CABLE, WatchAim.STOCK), samples.CABLE_OFFER)
    ),
    case(
        "снова в наличии: по запросу",
        watching.news,
        BackInStock(watch(samples.BIT, WatchAim.STOCK), samples.offer(samples.BIT, "0", ("Тверь", "2"))),
    ),
    case("снова в наличии", watching.news, BackInStock(watch(samples.DRILL, WatchAim.STOCK), samples.DRILL_OFFER)),
    case("подешевело", watching.news, Cheaper(watch(samples.SAW), samples.offer(samples.SAW, "7490.5"))),
    case("больше не продаётся", watching.news, LeftShop(watch(samples.SAW))),
    case("список: пусто", watching.nothing_watched),
    case("список: одна страница", watching.watch_list, LISTED, 0, 3, ZONE),
    case("список: вторая страница", watching.watch_list, LISTED[:1], 1, 6, ZONE),
    case("тап: сообщим о поступлении", texts.watching.will_tell_of_stock, IN_FEBRUARY),
    case("тап: сообщим о цене", texts.watching.will_tell_of_price, Decimal(7990), "RUB", IN_FEBRUARY),
    case("тап: больше не следим", texts.watching.ended),
    case("тап: больше нельзя", texts.watching.too_many, MOST),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "watching.txt", painted(CASES))
