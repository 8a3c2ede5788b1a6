"""Lists and cards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.cart.screens import added_keyboard
from shared.assistant.job_handler import MasterJobHandler
from shared.assistant.search import screens as search
from shared.assistant.search import section_screens as sections
from shared.domain.cart_lines import line_of
from shared.domain.catalogue import Product, ProductDetails, Section, Sections
from shared.domain.searches import Search
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import BIT, DRILL, DRILL_OFFER, OFFERS, SAW, SAW_OFFER
from tests.assistant.stage import Stage
from tests.support.golden import agreed

PLAIN = Product("10", "Герметик")
DISC = Product("20", "Круг отрезной <по стали>", has_variations=True)
BLUE = Product("21", "Круг отрезной <по стали>, 125 мм", "KO-125")
RED = Product("22", "Круг отрезной <по стали>, 150 мм", "KO-150")
POWER = Section("1", "Электроинструмент", None, has_children=True)
FITTINGS = Section("2", "Оснастка <к нему> & ключи")
BITS = Section("3", "Биты и головки", "1")
MANY = [Section(str(number), f"Раздел {number}", "2") for number in range(10, 20)]

TROUBLE, FIND = MasterJobHandler(Stage().job_context), Job("find", Lane.READ, {"chat_id": 1}, id="f" * 32)

CASES = [
    case("слишком короткий запрос", texts.search.too_short),
    case("искать ещё", texts.search.search_again),
    case("нашлось: первая страница из пяти", search.found, samples.search(total=23), 0,
         [DRILL, BIT, SAW, replace(SAW, id="11", on_order=False)],
         {"7": DRILL_OFFER, "9": SAW_OFFER, "11": SAW_OFFER}),
    case("нашлось: последняя страница", search.found, samples.search(total=6), 1, [PLAIN], {}),
    case("нашлось: одна страница", search.found, samples.search(total=1), 0, [BIT], OFFERS),
    case("нашлось похожее", search.found, samples.search(total=1, query="бта <x>", told="бита"), 0, [BIT], OFFERS),
    case("набрали номер заказа", search.order_not_article, samples.search(query="5121")),
    case("ничего не нашлось", search.nothing_found, "шурповерт <&>"),
    case("ничего не нашлось: кнопки", search.more_keyboard),
    case("товары раздела", search.found, replace(samples.search(total=6, query="Биты"), section="3"), 1, [BIT], OFFERS),
    case("нашлось: с вариантами", search.found, samples.search(total=2, query="круг"), 0, [DISC, BIT], OFFERS),
    case("варианты товара", search.found, replace(samples.search(total=12, query=DISC.name), parent="20"), 0,
         [BLUE, RED], {"21": samples.offer(BLUE, "8000", ("Тверь", "3"))}),
    case("каталог: верх", sections.section, Sections(None, [POWER, FITTINGS]), 0, 0),
    case("каталог: раздел с товарами и разделами", sections.section, Sections("1", [BITS], [POWER]), 48, 0),
    case("каталог: вторая страница", sections.section, Sections("2", MANY, [POWER, FITTINGS]), 0, 1),
    case("каталог: разделов нет", sections.no_sections),
    case("каталог: пусто", sections.section, Sections("2", [], [FITTINGS]), 0, 0),
    case("карточка: есть на складах", search.card, "s1", samples.DRILL_DETAILS, DRILL_OFFER),
    case("карточка: искали десять штук", search.card, "s1", ProductDetails(BIT), OFFERS["8"], wanted=Decimal(10)),
    case("карточка: за товаром следят", search.card, "s1", samples.DRILL_DETAILS, DRILL_OFFER, watched=True),
    case("карточка: под заказ, имя с разметкой", search.card, "s1", ProductDetails(SAW), SAW_OFFER),
    case("карточка: нет в наличии", search.card, "s1", ProductDetails(replace(SAW, on_order=False)), SAW_OFFER),
    case("карточка: нет в наличии, есть похожее", search.card, "s1",
         ProductDetails(replace(SAW, on_order=False), section_id="16"), SAW_OFFER),
    case("карточка: под заказ, есть похожее", search.card, "s1", ProductDetails(SAW, section_id="16"), SAW_OFFER),
    case("карточка: есть принадлежности", search.card, "s1",
         replace(samples.DRILL_DETAILS, accessories=("8", "9")), DRILL_OFFER),
    case("карточка: нет в наличии, есть похожее и принадлежности", search.card, "s1",
         ProductDetails(replace(SAW, on_order=False), section_id="16", accessories=("8",)), SAW_OFFER),
    case("принадлежности", search.accessories, "s1", DRILL.name, [BIT, DISC, SAW], {**OFFERS, "9": SAW_OFFER}),
    case("принадлежностей нет", search.accessories, "s1", SAW.name, [], {}),
    case("похожее", search.similar, "s1", SAW.name, [DRILL], OFFERS),
    case("похожее с вариантами", search.similar, "s1", SAW.name, [DRILL, DISC], OFFERS),
    case("похожего нет", search.similar, "s1", SAW.name, [], {}),
    case("карточка: вариант товара", search.card, "s1", ProductDetails(BLUE, parent="20"),
         samples.offer(BLUE, "8000", ("Тверь", "3"))),
    case("карточка: вариант, которого нет", search.card, "s1",
         ProductDetails(replace(BLUE, on_order=False), parent="20"), samples.offer(BLUE, "8000")),
    case("карточка: без артикула", search.card, "s1", ProductDetails(PLAIN),
         samples.offer(PLAIN, "120", ("Тверь", "0.5"))),
    case("карточка: три штуки", search.card_keyboard, "s1", samples.line(DRILL, 3, "7990")),
    case("карточка: сколько штук", search.keypad, "s1", samples.line(DRILL, 3, "7990")),
    case("карточка: сколько метров", search.keypad, "s1",
         line_of(samples.CABLE, samples.CABLE_OFFER, Decimal("2.5"))),
    case("карточка: число написано", search.chosen, "s1", samples.line(DRILL, 37, "7990")),
    case("количество: как выбрать", texts.search.ask_quantity),
    case("спасибо", texts.search.you_are_welcome),
    case("карточка: добавлено", added_keyboard, samples.line(DRILL, 2, "7990")),
    case("карточка: метры", search.card, "s1", ProductDetails(samples.CABLE), samples.CABLE_OFFER),
    case("карточка: десятками, две цены", search.card, "s1", ProductDetails(samples.SCREW), samples.SCREW_OFFER),
    case("карточка: по запросу", search.card, "s1", ProductDetails(SAW), samples.ON_REQUEST),
    case("карточка: в другой валюте", search.card, "s1", ProductDetails(SAW), samples.DOLLARS),
    case("карточка: два с половиной метра", search.card_keyboard, "s1",
         line_of(samples.CABLE, samples.CABLE_OFFER, Decimal("2.5"))),
    case("список: метры, десятки, по запросу", search.found, Search("s1", "кабель", 3), 0,
         [samples.CABLE, samples.SCREW, SAW],
         {"12": samples.CABLE_OFFER, "13": samples.SCREW_OFFER, "9": samples.ON_REQUEST}),
    case("карточка: не продаётся", search.not_sold, SAW),
    case("карточка: ещё фото", search.card, "s1", replace(samples.DRILL_DETAILS, pictures=("/2.jpg", "/3.jpg")),
         DRILL_OFFER),
    case("ещё фото", search.picture, DRILL, 2, 3),
    case("ещё фото: больше нет", search.no_more_pictures, DRILL),
    case("карточка: нет в каталоге", search.no_such_product),
    case("портал молчит", TROUBLE.trouble, FIND, Refusal("portal_failed")),
    case("ответ портала не разобрать", TROUBLE.trouble, FIND, Refusal("bad_answer")),
    case("длинная очередь", texts.trouble.in_queue, timedelta(seconds=18)),
    case("очень длинная очередь", texts.trouble.in_queue, timedelta(seconds=97)),
    case("портал отвечает медленно", texts.trouble.portal_slow, timedelta(seconds=6)),
    case("метод портала отдыхает", texts.trouble.portal_slow, timedelta(minutes=10)),
]  # fmt: skip


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "search.txt", painted(CASES))
