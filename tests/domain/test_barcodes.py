"""Which numbers are those of goods, and how catalogues write them."""

from __future__ import annotations

import pytest

from shared.domain import barcodes

EAN = "4607123456781"


@pytest.mark.parametrize(
    ("text", "ean"),
    [
        (EAN, True),
        ("4607123456782", False),
        ("96385074", True),
        ("036000291452", True),
        ("14607123456788", True),
        ("60191003", False),
        ("DF333DWYE", False),
        ("", False),
        ("٤٦٠٧١٢٣٤٥٦٧٨١", False),
    ],
)
def test_a_number_of_a_good_has_its_check_digit(text: str, ean: bool) -> None:
    assert barcodes.is_ean(text) is ean


def test_zeros_before_a_number_make_no_other_one() -> None:
    assert set(barcodes.spellings("036000291452")) == {"036000291452", "0036000291452", "00036000291452"}
    assert set(barcodes.spellings(EAN)) == {EAN, f"0{EAN}"}
    assert "96385074" in barcodes.spellings("0000096385074")


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        (EAN, EAN, ""),
        ("96385074", "96385074", ""),
        (f"Стамеска плоская {EAN}", EAN, "Стамеска плоская"),
        (f"{EAN} Стамеска", EAN, "Стамеска"),
        (f"Стамеска (штрихкод {EAN}) 20 мм", EAN, "Стамеска 20 мм"),
        (f"EAN: {EAN}", EAN, ""),
        ("Стамеска 96385074", "", "Стамеска 96385074"),
        ("Стамеска 4607123456782", "", "Стамеска 4607123456782"),
        (f"A-{EAN}", "", f"A-{EAN}"),
        ("дрель", "", "дрель"),
    ],
)
def test_a_number_is_parted_from_the_words_beside_it(text: str, number: str, words: str) -> None:
    assert barcodes.parted(text) == (number, words)
