from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text import shorten, utf16_length
from shared.telegram.formatting import (
    counted,
    date_text,
    day,
    deep_link,
    escape,
    local_time,
    moment,
    money,
    number_sign,
    plural,
    quantity,
    strip_markup,
)

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = date(2026, 11, 3)


def spaced(text: str) -> str:
    """Show no-break spaces as «_», so that an expectation can be read."""
    return text.replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0_₽"),
        ("7990", "7_990_₽"),
        ("1234.5", "1_234,50_₽"),
        ("1234567.50", "1_234_567,50_₽"),
        ("1234567.00", "1_234_567_₽"),
        ("0.005", "0,01_₽"),
        ("0.004", "0_₽"),
        ("-0.001", "0_₽"),
        ("-1500", "\u22121_500_₽"),
        ("1E+3", "1_000_₽"),
        ("999.995", "1_000_₽"),
    ],
)
def test_money(amount: str, shown: str) -> None:
    assert spaced(money(Decimal(amount))) == shown


def test_other_currencies_are_shown_by_their_code() -> None:
    assert spaced(money(Decimal("10.1"), "KZT")) == "10,10_KZT"


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_neither_money_nor_quantity(odd: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        money(Decimal(odd))
    with pytest.raises(ValueError, match="finite"):
        quantity(Decimal(odd))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_can_be_read_back_exactly(amount: Decimal) -> None:
    shown = money(amount)
    assert re.fullmatch("\u2212?\\d{1,3}(\u00a0\\d{3})*(,\\d{2})?\u00a0₽", shown)
    plain = shown[:-2].replace("\u00a0", "").replace(",", ".").replace("\u2212", "-")
    assert Decimal(plain) == amount
    assert not shown.startswith("\u22120\u00a0")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1", "1"),
        ("1.50", "1,5"),
        ("0.25", "0,25"),
        ("1200", "1_200"),
        ("100", "100"),
        ("-2", "\u22122"),
        ("0.000", "0"),
    ],
)
def test_quantity(amount: str, shown: str) -> None:
    assert spaced(quantity(Decimal(amount))) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0_товаров"),
        (1, "1_товар"),
        (2, "2_товара"),
        (4, "4_товара"),
        (5, "5_товаров"),
        (11, "11_товаров"),
        (12, "12_товаров"),
        (14, "14_товаров"),
        (21, "21_товар"),
        (22, "22_товара"),
        (101, "101_товар"),
        (111, "111_товаров"),
        (1022, "1_022_товара"),
        (Decimal("1.5"), "1,5_товара"),
        (Decimal("2.0"), "2_товара"),
        (Decimal("5.00"), "5_товаров"),
    ],
)
def test_counted(count: Decimal | int, shown: str) -> None:
    assert spaced(counted(count, "товар", "товара", "товаров")) == shown


@given(st.integers(min_value=0, max_value=10**9))
def test_plural_depends_on_the_last_two_digits_only(count: int) -> None:
    def form(n: int) -> str:
        return plural(n, "one", "few", "many")

    assert form(count) == form(count % 100) == form(-count) == plural(Decimal(count), "one", "few", "many")
    if count % 100 // 10 != 1:
        assert form(count) == form(count % 10)
    else:
        assert form(count) == "many"


@given(st.decimals(min_value=0, max_value=10**6, places=3).filter(lambda value: value % 1 != 0))
def test_a_fraction_takes_the_form_of_two(count: Decimal) -> None:
    assert plural(count, "one", "few", "many") == "few"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 11, 3), "сегодня"),
        (date(2026, 11, 4), "завтра"),
        (date(2026, 11, 5), "5 ноября"),
        (date(2026, 11, 2), "2 ноября"),
        (date(2027, 1, 1), "1 января 2027"),
        (date(2025, 12, 31), "31 декабря 2025"),
    ],
)
def test_day(value: date, shown: str) -> None:
    assert day(value, today=TODAY) == shown


def test_tomorrow_may_be_in_another_year() -> None:
    assert day(date(2027, 1, 1), today=date(2026, 12, 31)) == "завтра"


def test_every_month_is_in_the_genitive() -> None:
    shown = [date_text(date(2026, month, 1), today=TODAY) for month in range(1, 13)]
    assert shown == [
        "1 января",
        "1 февраля",
        "1 марта",
        "1 апреля",
        "1 мая",
        "1 июня",
        "1 июля",
        "1 августа",
        "1 сентября",
        "1 октября",
        "1 ноября",
        "1 декабря",
    ]


def test_a_moment_is_shown_as_the_clock_of_the_zone_has_it() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert moment(datetime(2026, 11, 3, 6, 5, tzinfo=UTC), now=now, zone=MOSCOW) == "3 ноября, 09:05"
    assert moment(datetime(2026, 11, 3, 22, 5, tzinfo=UTC), now=now, zone=MOSCOW) == "4 ноября, 01:05"


def test_the_year_of_a_moment_is_judged_in_the_zone() -> None:
    new_year = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)
    assert moment(new_year, now=datetime(2026, 12, 31, 20, tzinfo=UTC), zone=MOSCOW) == "1 января 2027, 00:30"
    assert moment(new_year, now=new_year, zone=MOSCOW) == "1 января, 00:30"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        local_time(datetime(2026, 1, 1), MOSCOW)  # noqa: DTZ001 - that is the point


def test_escape_leaves_nothing_that_html_could_read() -> None:
    assert escape('<b>"Ёлка" & Ко</b>') == '&lt;b&gt;"Ёлка" &amp; Ко&lt;/b&gt;'


@given(st.text())
def test_what_was_escaped_is_plain_text_again(text: str) -> None:
    assert strip_markup(escape(text)) == text


def test_strip_markup_also_takes_markup_that_is_not_in_order() -> None:
    assert strip_markup('<b>Цена <a href="https://x.test?a=1&amp;b=2">тут</a> &lt; 5 <x> 6') == "Цена тут < 5 <x> 6"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Шуруповёрт Makita", 17, "Шуруповёрт Makita"),
        ("Шуруповёрт Makita", 16, "Шуруповёрт…"),
        ("Шуруповёрт Makita", 11, "Шуруповёрт…"),
        ("Шуруповёрт Makita", 10, "Шуруповёр…"),
        ("Бита, ключ", 9, "Бита…"),
        ("1 Аккумуляторный", 10, "1 Аккумул…"),
        ("🔩🔩🔩", 6, "🔩🔩🔩"),
        ("🔩🔩🔩", 5, "🔩🔩…"),
        ("🔩🔩🔩", 4, "🔩…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_shorten(text: str, limit: int, shown: str) -> None:
    assert shorten(text, limit) == shown


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_shortened_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert utf16_length(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


def test_an_order_number_is_kept_together() -> None:
    assert number_sign(5121) == "№\u00a05121"


def test_deep_link() -> None:
    assert deep_link("@master_bot", "i_AZ-09") == "https://t.me/master_bot?start=i_AZ-09"


@pytest.mark.parametrize("payload", ["", "a" * 65, "a b", "ключ", "a=b", "a\n"])
def test_a_payload_that_telegram_would_not_take(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        deep_link("master_bot", payload)


@pytest.mark.parametrize("name", ["", "bot/..", "a", "1bot_name", "x" * 33])
def test_a_bot_name_that_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="user name"):
        deep_link(name, "p")
