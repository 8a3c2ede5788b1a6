"""Marks of one kind: goods with another one than was typed come last."""

from __future__ import annotations

import pytest

from shared.domain.catalogue import Product
from shared.domain.spelling import marks, ranking
from shared.domain.spelling.trade_words import package_words


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("бита ph1", "Бита PH2 50 мм"),
        ("бита PH 1", 'Бита PH-2 1/4"'),
        ("бита пх1", "Бита PH2 50 мм"),
        ("бур сдс макс", "Бур SDS-plus 8×110"),
        ("бур sds+ 8", "Бур SDS-max 8×310"),
        ("гайка м8", "Гайка M10, 8 шт."),
        ("гайка м2,5", "Гайка М2"),
        ("лампа е27", "Лампа E14"),
        ('головка 3/8"', 'Головка 1/2" 13 мм'),
        ("муфта 1/4", 'Муфта 1 1/4"'),
    ],
)
def test_another_mark_of_the_kind_contradicts(query: str, name: str) -> None:
    assert marks.contradicts(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("бита ph1", "Набор бит PH1, PH2"),
        ("бита ph2", "Отвёртка PH1/2"),
        ("бита ph1 или ph2", "Бита PH2"),
        ("бита ph1", "Держатель бит магнитный"),
        ("бита", "Бита PH2"),
        ("бур сдс", "Бур SDS-max"),
        ("переходник sds-plus на sds-max", "Патрон SDS-max"),
        ("гайка м8", "Гайка M8"),
        ("болт м8х30", "Болт М8×40"),
        ("бур 8", "Бур 10×110"),
        ("ключ на 10", "Ключ на 12"),
        ('бита 1/4"', 'Бита PH2 1/4"'),
        ("кабель 3х2,5", "Кабель 3х1,5"),
        ("220/380 в", "Двигатель 1/2 л.с."),
    ],
)
def test_what_says_nothing_of_the_kind_or_the_same_does_not(query: str, name: str) -> None:
    assert not marks.contradicts(query, name)


def test_goods_with_another_mark_come_last_and_are_kept() -> None:
    names = ["Набор бит PH2 бита бита", "Бита PH2", "Держатель магнитный", "Набор бит PH1"]
    goods = [Product(str(number), name) for number, name in enumerate(names)]
    shown = [one.name for one in ranking.ranked("бита ph1", goods, package_words())]
    assert shown[0] == "Набор бит PH1"
    assert set(shown[2:]) == {"Бита PH2", "Набор бит PH2 бита бита"}
    alone = [goods[1]]
    assert ranking.ranked("бита ph1", alone, package_words()) == alone


def test_whose_article_it_is_comes_first_whatever_its_name_says() -> None:
    goods = [Product("1", "Бита PH1"), Product("2", "Бита PH2 вместо прежней", "PH-1")]
    assert ranking.ranked("ph1", goods, package_words())[0].id == "2"
