"""What is looked for of the codes on a label: each kind that makers, shops and markings print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import label_codes

EAN = "4607123456781"
PART = "6178-4B40-40B2"


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        ([], []),
        (["https://shop.ru/1", "DF333DWYE", EAN], [EAN, "DF333DWYE"]),
        (["https://shop.ru/1", "DF333DWYE"], ["DF333DWYE"]),
        (["DF333DWYE", "0012345678"], ["DF333DWYE", "0012345678"]),
        (["DF333DWYE", "DF333DWYE"], ["DF333DWYE"]),
        (["010460712345678221"], ["010460712345678221"]),
        (["DF 333 DWYE"], ["DF 333 DWYE"]),
        (["\n", "а" * 50, "x", "1"], []),
        ([f"AB-{number:05}" for number in range(9)], [f"AB-{number:05}" for number in range(label_codes.MOST)]),
    ],
)
def test_a_goods_number_comes_first_then_articles(codes: list[str], wanted: list[str]) -> None:
    assert list(label_codes.candidates(codes)) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (f"010{EAN}21abc\x1d91EE10", [EAN]),
        (f"(01)0{EAN}(21)abc(91)EE10", [EAN]),
        ("(01)14607123456788(21)7", ["14607123456788"]),
        (f"(02)0{EAN}(37)10", [EAN]),
        (f"(01)0{EAN}(240){PART}", [EAN, PART]),
        (f"(241){PART}(10)L0T123", [PART]),
        ("(00)046071234567812345", []),
        ("(01)04607123456782(21)abc123", []),
        (f"({PART})", [PART]),
    ],
)
def test_a_code_of_gs1_has_the_number_of_a_good_and_a_serial_number_is_none(code: str, wanted: list[str]) -> None:
    assert list(label_codes.candidates([code])) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (f"ART:{PART}", [PART]),
        (f"Арт. {PART}", [PART]),
        (f"Артикул: {PART}; S/N: 00123456", [PART]),
        (f"ART:{PART} SN:00123456 QTY:10", [PART]),
        (f"SN=00123456|P/N={PART}|DATE=20270101", [PART]),
        (f"Part No: {PART}\r\nSerial No: 00123456", [PART]),
        (f"Part No : {PART}", [PART]),
        (f"Каталожный номер: {PART}; Серийный номер: 00123456", [PART]),
        (f'{{"sku": "{PART}", "sn": "00123456"}}', [PART]),
        ("Артикул: DF 333 DWYE; цвет: синий", ["DF 333 DWYE"]),
        (f"EAN:{EAN} ART:{PART}", [EAN, PART]),
        (f"EAN:123 ART:{PART}", [PART]),
        (f"MAKITA {PART} 00123456", [f"MAKITA {PART} 00123456", PART, "00123456"]),
        (f"{PART}, 00123456", [PART, "00123456"]),
        (f"{PART}|Насос масляный «Фиат»", [PART]),
    ],
)
def test_of_a_longer_text_what_its_keys_name_else_the_words_that_are_articles(code: str, wanted: list[str]) -> None:
    assert list(label_codes.candidates([code])) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (f"https://maker.example/ru/parts/{PART}", [PART]),
        (f"HTTPS://maker.example/parts/{PART}/", [PART]),
        (f"https://maker.example/{PART}.html?utm_source=label", [PART]),
        ("https://maker.example/p/makita-df333dwye", ["makita-df333dwye", "df333dwye"]),
        (f"https://maker.example/{PART}/specs", [PART]),
        (f"https://maker.example/?id=77123&art={PART}", [PART]),
        ("https://maker.example/p/DF%20333%20DWYE5", ["DF 333 DWYE5"]),
        (f"https://id.gs1.org/01/0{EAN}/21/abc12345", [EAN]),
        (f"{PART} https://maker.example/", [PART]),
        ("https://example.org/p/1", []),
        ("https://maker.example/about", []),
        ("https://qr.nspk.ru/AS10003P3RH0LJ2A9ROO038L6NT5RU1M?type=01&sum=100", []),
        ("https://[", []),
        (f"https://maker.example/?{'&'.join(f'a{number}=1' for number in range(30))}", []),
    ],
)
def test_the_address_of_a_page_has_an_article_at_its_end_or_none(code: str, wanted: list[str]) -> None:
    assert list(label_codes.candidates([code])) == wanted


@pytest.mark.parametrize(
    "code",
    [
        "WIFI:S:workshop12;T:WPA;P:secret12345;;",
        "BEGIN:VCARD\nVERSION:3.0\nN:Петров\nTEL:+79121234567\nEND:VCARD",
        "ST00012|Name=Мастер|PersonalAcc=40702810900000000001|BIC=044525225|Sum=10000",
        "t=20270101T1200&s=100.00&fn=9960440300000001&i=12345&fp=1234567890&n=1",
        "tel:+79121234567",
        "+79121234567",
        "https://wa.me/79121234567",
    ],
)
def test_a_net_a_person_a_payment_and_a_receipt_are_not_looked_for(code: str) -> None:
    assert label_codes.candidates([code]) == ()


@given(st.lists(st.text(max_size=400) | st.sampled_from([f"ART:{PART}", f"https://a.b/{PART}", EAN]), max_size=5))
def test_any_codes_are_read_and_what_is_looked_for_is_short(codes: list[str]) -> None:
    wanted = label_codes.candidates(codes)
    assert len(wanted) == len(set(wanted)) <= label_codes.MOST
    assert all(1 < len(one) <= 300 for one in wanted)
