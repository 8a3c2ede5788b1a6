"""Talking with the operators, and what they see."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.support import screens
from tests.assistant.gallery.case import case
from tests.assistant.samples import MASTER

CASES = [
    case("вопрос менеджеру", screens.ask),
    case("первое сообщение передаётся", screens.passed_on),
    case("разговор закончен", screens.left),
    case("чата операторов нет", screens.closed),
    case("под ответом менеджера", screens.answer_keyboard),
    case("сообщение не ушло", texts.support.lost),
    case("название темы", texts.support.topic, "Иван", 42),
    case("название темы без имени", texts.support.topic, "", 42),
    case("кто это", texts.operators.who, MASTER),
    case("ответ не дошёл", texts.operators.not_reached),
    case("ошибка в чате операторов", texts.operators.trouble),
]
