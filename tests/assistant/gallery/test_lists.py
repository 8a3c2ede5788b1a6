"""A pasted list: its quote, and what became of adding it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.lists import screens
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.pasted_lists import quoted
from shared.domain.pasted_lists.file_trouble import FileTrouble
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import ListNotes, QuotedItem, QuotedList
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import BIT, DRILL, DRILL_OFFER, OFFERS, SAW, SAW_OFFER
from tests.support.golden import agreed

FROM_STOCK = replace(SAW, id="11", on_order=False)
SCARCE = {
    "7": samples.offer(DRILL, "7990", ("Тверь", "2")),
    "9": SAW_OFFER,
    "11": samples.offer(FROM_STOCK, "12499.5", ("Тверь", "1")),
}

WHOLE = ListNotes()


def _found(text: str, product: Product, quantity: int) -> SoughtLine:
    return SoughtLine(text, Decimal(quantity), LookUpStage.SETTLED, (product,), 1)


def _vague(text: str, total: int, *products: Product) -> SoughtLine:
    return SoughtLine(text, Decimal(10), LookUpStage.SETTLED, products, total)


def _asked(text: str, product: Product, *options: int, measure: str = "") -> SoughtLine:
    return replace(_found(text, product, options[0]), options=tuple(map(Decimal, options)), measure=measure)


def _quote(offers: Mapping[str, Offer], *lines: SoughtLine, cut: ListNotes = WHOLE) -> Screen:
    return screens.quote(quoted.of_lines("a1b2c3d4e5", lines, offers, cut), offers)


ALL = (_found("DF333DWYE", DRILL, 3), _found("бита ph2", BIT, 10))
GOODS = (QuotedItem(DRILL, Decimal(3), added=True), QuotedItem(BIT, Decimal(10)))

CASES = [
    case("нашлось всё", _quote, OFFERS, *ALL),
    case("нашлось не всё", _quote, {"7": DRILL_OFFER}, *ALL, _vague("бита <x>", 12, BIT, SAW),
         _vague("нет-такого & <b>", 0), _vague("PH2", 2, BIT, DRILL),
         _vague("круг <по стали>", 1, Product("20", "Круг отрезной <по стали>", has_variations=True))),
    case("не хватает, под заказ, нет в наличии", _quote, SCARCE, _found("DF333DWYE", DRILL, 3), _found("пила", SAW, 2),
         _found("ZP-11", FROM_STOCK, 3), _found("ZP-12", replace(FROM_STOCK, id="9"), 1)),
    case("метры, десятки, по запросу, другая валюта", _quote,
         {"12": samples.CABLE_OFFER, "13": samples.SCREW_OFFER, "9": samples.ON_REQUEST, "11": samples.DOLLARS},
         replace(_found("VVG-3-2,5", samples.CABLE, 3), quantity=Decimal("2.3"), measure="м"),
         replace(_found("саморез", samples.SCREW, 7), measure="кг"),
         _found("пила", SAW, 2), _found("ZP-11", replace(SAW, id="11"), 3)),
    case("всё только у менеджера", _quote, {"9": samples.ON_REQUEST}, _found("пила", SAW, 2)),
    case("не нашлось ничего", _quote, {}, _vague("нет-такого", 0)),
    case("слишком длинный и слишком много", _quote, OFFERS, *ALL, cut=ListNotes(13, capped=True)),
    case("в сохранённом списке больше", _quote, OFFERS, *ALL, cut=ListNotes(13, saved=True)),
    case("положили в корзину часть", screens.buttons, QuotedList("a1b2c3d4e5", GOODS)),
    case("положили в корзину всё", screens.buttons, QuotedList("a1b2c3d4e5", GOODS[:1], ("бита ph2",))),
    case("со второго раза", screens.added, 2),
    case("не поместилось", screens.no_room, ["Бита PH2", SAW.name]),
    case("закончилось", screens.gone, [f"Бита PH{number}" for number in range(1, 13)]),
    case("кладём", texts.lists.adding),
    case("уже в корзине", texts.lists.all_added),
    case("сразу: нечего заказать", screens.quote, quoted.of_lines("a1b2c3d4e5", ALL[:1], {}), {}),
    case("сколько, не понять", _quote, {**OFFERS, "12": samples.CABLE_OFFER}, ALL[0],
         _asked("бита ph2", BIT, 2, 45), _asked("DF333DWYE", DRILL, 200),
         _asked("VVG-3-2,5", samples.CABLE, 15, 25, measure="м"),
         replace(_vague("PH <2>", 2, BIT, SAW), options=(Decimal(1), Decimal(8)))),
    case("выбрать из двух, слишком длинная строка", _quote, OFFERS, ALL[0], _vague("PH2", 2, BIT, SAW),
         cut=ListNotes(unread=2)),
    case("слова мастеров", _quote, OFFERS, ALL[0], replace(_vague("шурик <мак>", 1, DRILL), guessed=True),
         replace(_vague("болгарка", 1, Product("20", "УШМ", has_variations=True)), guessed=True)),
    case("слова мастеров: несколько", _quote, OFFERS, replace(_vague("диск отрезной", 2, BIT, SAW), guessed=True)),
    case("ответ принят", texts.lists.noted),
    case("ответ уже есть", texts.lists.answered),
    case("лист книги", _quote, OFFERS, *ALL, cut=ListNotes(sheet="Заказ <на май>")),
    *(case(f"файл: {why}", screens.unread_file, why) for why in FileTrouble),
]  # fmt: skip


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "lists.txt", painted(CASES))
