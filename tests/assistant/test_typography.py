"""How the texts look: a linter over everything that hangs in the gallery and every button's label.

See shared/assistant/README.md, «Typography».
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.domain.text import utf16_length
from shared.telegram.formatting import strip_markup
from tests.assistant.gallery import GALLERY
from tests.assistant.gallery.case import Case
from tests.assistant.samples import LONG_PRICE

CASES = [item for items in GALLERY.values() for item in items]
ALLOWED_TAGS = {"b", "i", "u", "s", "code", "a"}
INCHES = '18"'
"""The saw's name has an inch sign; names are the portal's, not ours."""

WITHOUT_YO = (
    "еще", "отменен", "отклонен", "вошел", "найдем", "ее", "шуруповерт", "подождем", "ждем", "ждет", "пришлет",
    "завершен", "идет", "придет", "счет", "учтем", "начнем", "вернем", "возьмем",
)  # fmt: skip
"""Words as they must not be written: each has «ё»."""

RULES = {
    "straight quotes": re.compile(r"\"|(?<!\w)'|'(?!\w)"),
    "three dots": re.compile(r"\.\.\."),
    "a break before ₽": re.compile(r"[^\u00a0]₽"),
    "a break before шт.": re.compile(r"(?:^|[^\u00a0])шт\."),
    "a break after №": re.compile(r"№[^\u00a0]"),
    "a break after арт.": re.compile(r"\bарт\.[^\u00a0]"),
    "a break inside a number": re.compile(r"\d \d{3}\b"),
    "double spaces": re.compile(r"(?<=\S) {2,}"),
    "an indent of another width": re.compile(r"^(?: {1,2}| {4,})\S", re.MULTILINE),
    "a space at the end of a line": re.compile(r"[ \u00a0]$", re.MULTILINE),
    "a space before a comma": re.compile(r"\s[,.;:?](?:\s|$)"),
    "an exclamation mark": re.compile(r"!"),
    "a hyphen for a dash": re.compile(r"\s-\s"),
    "English letters in a Russian word": re.compile(r"[а-яё][a-z]|[a-z][а-яё]", re.IGNORECASE),
    "two emoji in a line": re.compile(r"[\U0001f300-\U0001faff].*[\U0001f300-\U0001faff]"),
    "е for ё": re.compile(rf"(?<!\w)(?:{'|'.join(WITHOUT_YO)})(?!\w)", re.IGNORECASE),
    "вы with a capital letter": re.compile(r"(?<=[а-яё,] )Ва?[сшм]\w*"),
    "ты": re.compile(r"(?<!\w)(?:ты|тебе|твой|твоя|твои)(?!\w)", re.IGNORECASE),
}


def faults(text: str) -> set[str]:
    return {name for name, rule in RULES.items() if rule.search(text)}


@pytest.mark.parametrize("item", CASES, ids=lambda item: item.title)
def test_the_typography_of_every_screen(item: Case) -> None:
    screen = item.screen()
    assert faults(strip_markup(screen.text).replace(INCHES, "18")) == set()
    for label in _labels(screen):
        assert faults(label.replace(INCHES, "18")) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('Заказ "готов"', "straight quotes"),
        ("Ждём...", "three dots"),
        ("10 ₽", "a break before ₽"),
        ("4 шт.", "a break before шт."),
        ("№ 5", "a break after №"),
        ("№5", "a break after №"),
        ("арт. 7", "a break after арт."),
        ("7 990\u00a0₽", "a break inside a number"),
        ("раз  два", "double spaces"),
        ("1.\n  раз", "an indent of another width"),
        ("раз \nдва", "a space at the end of a line"),
        ("раз , два", "a space before a comma"),
        ("Ура!", "an exclamation mark"),
        ("раз - два", "a hyphen for a dash"),
        ("зaказ", "English letters in a Russian word"),
        ("📍 раз 💳", "two emoji in a line"),
        ("Попробуйте еще раз", "е for ё"),
        ("Заказ отменен.", "е for ё"),
        ("напишем Вам", "вы with a capital letter"),
        ("как тебе", "ты"),
    ],
)
def test_the_linter_sees_what_it_looks_for(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_the_linter_leaves_good_texts_alone() -> None:
    listed = "1. DF-333\u00a0· арт.\u00a0X\n   7\u00a0990\u00a0₽ · в наличии: 4\u00a0шт."
    good = f"🔎 «шуруповёрт» — 23\u00a0товара\n\n{listed}\n№\u00a05…"
    assert faults(good) == set()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("item", CASES, ids=lambda item: item.title)
def test_the_tags_are_allowed_and_in_order(item: Case) -> None:
    text = item.screen().text
    tags = _Tags()
    tags.feed(text)
    tags.close()
    assert tags.open == []
    assert tags.seen <= ALLOWED_TAGS
    assert re.search(r"&(?!(?:lt|gt|amp|quot);)", text) is None
    assert "&amp;lt;" not in text, "escaped twice"


@pytest.mark.parametrize("item", CASES, ids=lambda item: item.title)
def test_every_line_begins_as_a_sentence(item: Case) -> None:
    first = strip_markup(item.screen().text).split("\n")[0]
    assert not first or not first[0].isalpha() or first[0].isupper()


TOASTS = [
    texts.trouble.stale_button(),
    texts.cart.in_cart(Decimal(999), "шт."),
    texts.cart.cart_full(20),
    texts.cart.cart_changed(),
    texts.cart.repeating(),
    texts.lists.adding(),
    texts.lists.all_added(),
    texts.checkout.placing(),
    texts.cancellation.calling_off(),
    texts.labels.CALLING_OFF,
    texts.checkout.already_placed("9" * 18),
    texts.labels.BUSY,
    texts.preferences.saved(),
    texts.preferences.as_it_was(),
    texts.watching.will_tell_of_stock(date(2027, 2, 21)),
    texts.watching.will_tell_of_price(Decimal(LONG_PRICE), "RUB", date(2027, 2, 21)),
    texts.watching.ended(),
    texts.watching.too_many(20),
]


@pytest.mark.parametrize("toast", TOASTS)
def test_a_toast_is_short_and_plain(toast: str) -> None:
    assert utf16_length(toast) <= 200
    assert strip_markup(toast) == toast
    assert faults(toast) == set()


def order_lost() -> str:
    return texts.checkout.order_lost(people=False)


def call_off_lost() -> str:
    return texts.cancellation.call_off_lost(people=False)


TROUBLE = [
    texts.trouble.portal_silent,
    texts.trouble.portal_silent_checkout,
    texts.checkout.order_refused,
    texts.checkout.order_slow,
    texts.checkout.order_unsure,
    order_lost,
    texts.cancellation.call_off_silent,
    texts.cancellation.call_off_refused,
    texts.cancellation.call_off_unsure,
    call_off_lost,
    texts.checkout.nothing_left,
    texts.trouble.apology,
]


@pytest.mark.parametrize("trouble", TROUBLE, ids=lambda make: make.__name__)
def test_trouble_says_what_happened_whether_the_order_is_safe_and_what_to_do(trouble: object) -> None:
    assert callable(trouble)
    what, *rest = re.split(r"(?<=[.]) ", trouble())
    assert what
    assert re.search(r"[Зз]аказ|[Кк]орзина", trouble()), "is the order safe?"
    assert re.search(r"[Пп]опробуйте|[Нн]апишите|[Пп]озвоните|напишем|свяжется|не нужно", " ".join(rest)), "what to do?"


def _labels(screen: Screen) -> list[str]:
    return [button.text for row in (screen.keyboard.inline_keyboard if screen.keyboard else []) for button in row]
