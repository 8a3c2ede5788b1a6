"""Talking with the operators, and what they see."""

from dataclasses import replace
from datetime import date

from shared.assistant import texts
from shared.assistant.search import digest_screens
from shared.assistant.support import screens, topics
from shared.domain.orders import NewOrder, PaymentKind
from shared.domain.word_guesses import WordGuess, WordGuesses
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import ADDRESS, MASTER
from tests.support.golden import agreed

ORDER = NewOrder("", "17", [], PaymentKind.CASH, ADDRESS, "+79123456789", "позвонить за [b]час[/b]")
DAY = date(2026, 7, 1)
LAST = ["№\u00a05121 · 1\u00a0июля · 7\u00a0990\u00a0₽"]


def _told(*rows: tuple[str, int, str]) -> WordGuesses:
    return WordGuesses("20260701", tuple(WordGuess(*row) for row in rows))


GUESSED = _told(("лепестковуха 180", 7, "лепестковуха > лепестковый"), ("квач", 1, ""))

CASES = [
    case("вопрос менеджеру", screens.ask),
    case("первое сообщение передано", texts.support.passed_on),
    case("следующее сообщение передано", texts.support.goes_to_manager),
    case("разговор закончила команда или кнопка", screens.ended),
    case("сообщение исправлено", texts.support.mended, "DF333DWYE <2> шт"),
    case("сказал мастер, в CRM", texts.support.said_by_master, "Иван", "Где [b]заказ[/b]?"),
    case("сказал мастер без имени, в CRM", texts.support.said_by_master, "", "Где заказ?"),
    case("исправил мастер, в CRM", texts.support.mended_by_master, "Иван", "Где заказ?"),
    case("ответил менеджер, в CRM", texts.support.said_by_operator, "Завтра до обеда"),
    case("разговор закончен", screens.left),
    case("чата операторов нет", screens.closed),
    case("под ответом менеджера", screens.answer_keyboard),
    case("сообщение не ушло", texts.support.lost),
    case("название темы", texts.support.topic, "Иван", 42),
    case("название темы без имени", texts.support.topic, "", 42),
    case("кто это", texts.operators.who, MASTER),
    case("всё о мастере", texts.operators.card, replace(MASTER, blocked=True, reachable=False), DAY, DAY, LAST, 12),
    case("о мастере без заказов", texts.operators.card, MASTER, DAY, DAY, [], 0),
    case(
        "о мастере с компанией",
        texts.operators.card,
        replace(MASTER, company="ООО «Ремонт», ИНН 7701234567"),
        DAY,
        DAY,
        [],
        0,
    ),
    case("о мастере с видом цен", texts.operators.card, replace(MASTER, price_type="4"), DAY, DAY, [], 0),
    case("вид цен выбран", texts.operators.priced, replace(MASTER, price_type="4")),
    case("цены обычные", texts.operators.priced, MASTER),
    case("чей вид цен", texts.operators.which_price),
    case("цены не выбираются", texts.operators.prices_not_chosen),
    case("мастера нет", texts.operators.no_such_master),
    case("доступ закрыли", texts.operators.blocked, "Иван"),
    case("доступ вернули", texts.operators.unblocked, "Иван"),
    case("доступ закрыт, мастеру", texts.onboarding.blocked),
    case("слишком часто", texts.onboarding.too_often),
    case("очередь", texts.operators.stats, 12, 3, 500),
    case("очередь длинная", texts.operators.stats, 500, 3, 500),
    case("чья корзина", texts.operators.whose_basket),
    case("искали и не нашли", digest_screens.screen, _told(("лепестковик <180>", 7, ""), ("квач", 1, ""))),
    case("искали и не нашли, с догадкой", digest_screens.screen, GUESSED),
    case("догадка принята", digest_screens.buttons, GUESSED, ["лепестковуха > лепестковый"]),
    case("слово заработало", texts.operators.word_switched, on=True),
    case("слово убрали", texts.operators.word_switched, on=False),
    case("сводка устарела", texts.operators.word_too_old),
    case("слов слишком много", texts.operators.words_full, 300),
    case("начало слова", texts.operators.word_begun, "квач"),
    case("какое слово", texts.operators.which_word),
    case("слова магазина", texts.operators.own_words, ["квач > помазок & кисть"]),
    case("слов много", texts.operators.own_words, ["а = б"] * 22),
    case("слово добавлено", texts.operators.word_added, "квач > кисть"),
    case("слово убрано", texts.operators.word_removed, "квач > кисть", was_there=True),
    case("такого слова нет", texts.operators.word_removed, "квач > кисть", was_there=False),
    case("корзина очищена", texts.operators.basket, "17", was_unclear=True),
    case("корзина не мешает", texts.operators.basket, "17", was_unclear=False),
    case("название сделки", texts.operators.deal_title, "ИМ-5121", "Иван"),
    case("название сделки без имени", texts.operators.deal_title, "5121", ""),
    case("о заказе в сделке", texts.operators.deal_comment, ORDER, "Иван [друг]", "https://t.me/c/1/2"),
    case(
        "о заказе в сделке, коротко",
        texts.operators.deal_comment,
        replace(ORDER, phone="", comment=""),
        "",
        topics.way_to(42, None, None),
    ),
    case("команды операторов", texts.operators.commands),
    case("ответ не дошёл", texts.operators.not_reached),
    case("ошибка в чате операторов", texts.operators.trouble),
]


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "support.txt", painted(CASES))
