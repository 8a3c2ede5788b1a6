import pytest

from shared.domain.catalogue import Product
from shared.domain.descriptions import beside_name

DRILL = Product("7", "Болгарка Bosch GWS 750-125", article="06013940R3")


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("Болгарка Bosch GWS 750-125\nДля резки.\n• Артикул: 06013940R3", "Для резки."),
        ("БОЛГАРКА BOSCH GWS 750-125 (06013940R3)\n• 750 Вт", "• 750 Вт"),
        ("Bosch GWS 750-125\nБолгарка\nДля резки.", "Для резки."),
        ("Болгарка Bosch GWS 750-125 — для резки.", "Для резки."),
        ("Болгарка Bosch GWS 750-125: для резки.\nПоследняя строка", "Для резки.\nПоследняя строка"),
        ("Болгарка Bosch GWS 750-125. Болгарка — это сила.", "Болгарка — это сила."),
        ("Болгарка Bosch GWS 750-125", ""),
        ("", ""),
    ],
    ids=str,
)
def test_what_stands_above_is_not_said_again(description: str, told: str):
    assert beside_name(description, DRILL) == told


@pytest.mark.parametrize(
    "description",
    [
        "Для резки.",
        "Болгарка Bosch GWS 750-125 режет всё.",
        "Болгарка Bosch GWS 750-1250 — другая.",
        "Артикул: 06013940R4",
        "Код 06013940R3 и 06013940R4",
        "Для резки.\n• 125",
    ],
    ids=str,
)
def test_what_says_more_stays(description: str):
    assert beside_name(description, DRILL) == description


def test_a_product_without_an_article_keeps_a_line_about_articles():
    assert beside_name("Артикул производителя — 12", Product("7", "Дрель")) == "Артикул производителя — 12"
