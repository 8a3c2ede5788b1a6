"""Files sent as lists: what is read of them, and why others are not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from shared.domain.pasted_lists import files, workbooks
from shared.domain.pasted_lists.file_trouble import LONGEST_CELL, MOST_BYTES, MOST_ROWS, FileTrouble
from shared.domain.pasted_lists.reading import PastedList

GOODS = [("DF333DWYE", 2), ("HR2470", 1)]
PART = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def _book(*rows: Sequence[Any], **sheets: Sequence[Sequence[Any]]) -> Workbook:
    book = Workbook()
    if sheets:
        del book["Sheet"]
    for name, content in (sheets or {"Sheet": rows}).items():
        sheet = book.create_sheet(name) if sheets else book[name]
        for row in content:
            sheet.append(list(row))
    return book


def _saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _with_part(name: str, content: str | bytes) -> bytes:
    """Return a good workbook with one part put in, or into the place of its own."""
    return _with_parts({name: content})


def _with_parts(parts: Mapping[str, str | bytes]) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(_saved(_book(*GOODS)))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.infolist():
            if part.filename not in parts:
                made.writestr(part, source.read(part))
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def _part(name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(_saved(_book(*GOODS)))).read(name).decode()


def _renamed(sheet: str) -> bytes:
    """Return a workbook whose sheet is a part that no ending tells for one."""
    links = _part("xl/_rels/workbook.xml.rels").replace("worksheets/sheet1.xml", "sheet.dat")
    return _with_parts({"xl/_rels/workbook.xml.rels": links, "xl/sheet.dat": sheet})


def _with_many_sheets(sheet: str) -> bytes:
    """Return a workbook in which two hundred sheets are one part."""
    book = _part("xl/workbook.xml")
    one = book[book.index("<sheet ") : book.index("</sheets>")]
    many = "".join(one.replace('"Sheet"', f'"{number}"') for number in range(200))
    return _with_parts({"xl/workbook.xml": book.replace(one, many), "xl/worksheets/sheet1.xml": sheet})


def _lines(content: bytes, ending: str = "xlsx") -> list[tuple[Any, ...]]:
    read = files.read(content, ending, workbooks.sheets)
    assert isinstance(read, PastedList), read
    return [(line.text, line.quantity, line.options) for line in read.lines]


def _counts(content: bytes, ending: str = "xlsx") -> list[tuple[Any, ...]]:
    lines = _lines(content, ending)
    assert not any(options for _, _, options in lines), lines
    return [(text, count) for text, count, _ in lines]


def test_an_invoice_is_read_by_the_names_of_its_columns_under_its_letterhead() -> None:
    book = _book(
        ["ООО «Ромашка», ИНН 7701234567"],
        [],
        ["Счёт № 12 от", "3 ноября"],
        ["№", "Артикул", "Товар", "Кол-во", "Ед.", "Цена", "Сумма"],
        [1, "DF333DWYE", "Дрель", 2, "шт", 7990, 15980],
        [2, "HR2470", "Перфоратор", 1, "шт", 12990, 12990],
        ["Итого", None, None, 3, None, None, 28970],
    )
    assert _counts(_saved(book)) == GOODS


def test_of_a_price_list_only_what_has_a_count_is_wanted() -> None:
    rows = [[f"AB{number:04d}", f"Товар {number}", 10.5, 2 if number in (3, 300) else None] for number in range(400)]
    assert _counts(_saved(_book(["Артикул", "Название", "Цена", "Заказ"], *rows))) == [("AB0003", 2), ("AB0300", 2)]


@pytest.mark.parametrize(
    "named", ["Штрихкод", "Штрих-код", "ШК", "Ш/к", "EAN", "EAN-13", "EAN13", "GTIN", "Barcode", "UPC"]
)
def test_numbers_under_barcodes_are_what_is_looked_for_with_the_names(named: str) -> None:
    rows = [["4601234567893", "Перчатки нитриловые", 5], [4607086560013, "Очки защитные", 2], ["", "Каска", 1]]
    told = _counts(_saved(_book([named, "Наименование", "Кол-во"], *rows)))
    assert told == [("4601234567893 Перчатки нитриловые", 5), ("4607086560013 Очки защитные", 2), ("Каска", 1)]


def test_a_number_with_a_wrong_check_digit_and_one_beside_an_article_are_left_out() -> None:
    rows = [["4601234567890", "", "Перчатки", 5], ["4601234567893", "DF333DWYE", "Дрель", 2]]
    told = _counts(_saved(_book(["Штрихкод", "Артикул", "Наименование", "Кол-во"], *rows)))
    assert told == [("Перчатки", 5), ("DF333DWYE", 2)]


def test_numbers_under_barcodes_alone_are_looked_for() -> None:
    assert _counts(_saved(_book(["Штрихкод", "Кол-во"], ["4601234567893", 5], ["4607086560013", 2]))) == [
        ("4601234567893", 5),
        ("4607086560013", 2),
    ]


def test_numbers_are_read_as_the_sheet_shows_them() -> None:
    book = _book(["Артикул", "Кол-во", "Цена"], [3500511, 2.0, 7990], [4329, 2.5, 100], [601920810, 0.1 + 0.2, 5])
    book.active["A2"].number_format = "0000000000"
    assert _lines(_saved(book)) == [
        ("0003500511", 2, ()),
        ("4329", Decimal("2.5"), ()),
        ("601920810", Decimal("0.3"), ()),
    ]


def test_a_price_is_told_from_a_count_by_its_format() -> None:
    book = _book(["DF333DWYE", 45, 2], ["HR2470", 90, 1])
    for row in (1, 2):
        book.active.cell(row, 2).number_format = '#,##0.00" ₽"'
    assert _counts(_saved(book)) == GOODS


def test_a_formula_is_not_run_and_what_it_gives_is_asked_if_the_file_does_not_say() -> None:
    book = _book(["Артикул", "Кол-во"], ["DF333DWYE", "=1+1"], ["HR2470", 1], ["GA5030", 3])
    assert _lines(_saved(book)) == [("DF333DWYE", 1, (1, 2)), ("HR2470", 1, ()), ("GA5030", 3, ())]


def test_a_formula_counts_by_what_was_saved_of_it() -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}"><f>1+1</f><v>{2}</v></c></row>'
    rows = "".join(row.format(number, *good) for number, good in enumerate(GOODS, 1))
    assert _counts(_with_part("xl/worksheets/sheet1.xml", PART.format(rows))) == GOODS


def test_one_column_is_read_as_lines_of_text() -> None:
    assert _counts(_saved(_book(["DF333DWYE x2"], ["HR2470 - 1 шт"]))) == GOODS


def test_the_sheet_that_lies_open_comes_first_and_is_named() -> None:
    book = _book(Прайс=[["AB0001", 5]], Заказ=GOODS, Скрытый=[["AB0002", 5]])
    book.active = book["Заказ"]
    book["Скрытый"].sheet_state = "hidden"
    read = files.read(_saved(book), "xlsx", workbooks.sheets)
    assert isinstance(read, PastedList)
    assert (read.sheet, [line.text for line in read.lines]) == ("Заказ", ["DF333DWYE", "HR2470"])


def test_a_sheet_without_a_list_gives_way_to_the_next() -> None:
    read = files.read(_saved(_book(Титул=[["Заявка на склад"]], Заказ=GOODS)), "xlsx", workbooks.sheets)
    assert isinstance(read, PastedList)
    assert read.sheet == "Заказ"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_a_csv_is_read_as_whoever_saved_it(encoding: str, separator: str) -> None:
    rows = [["Артикул", "Название", "Кол-во"], ["DF333DWYE", '"Дрель, 10,8 В"', "2"], ["HR2470", "Перфоратор", "1"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    assert _counts(text.encode(encoding), "csv") == GOODS


def test_a_csv_may_say_itself_what_parts_its_cells() -> None:
    assert _counts(b"sep=;\r\nDF333DWYE;2\r\nHR2470;1\r\n", "csv") == GOODS


def test_a_text_is_read_as_a_pasted_one() -> None:
    assert _counts("Привет, нужно:\nDF333DWYE x 2\nHR2470 - 1 шт\nСпасибо".encode("cp1251"), "txt") == GOODS


def test_what_a_file_is_its_bytes_say() -> None:
    assert _counts(_saved(_book(*GOODS)), "csv") == GOODS


TROUBLE = {
    FileTrouble.TOO_LARGE: [b"DF333DWYE 2\n" * (MOST_BYTES // 12 + 1)],
    FileTrouble.TOO_LONG: [
        b"DF333DWYE;2\n" * (MOST_ROWS + 1),
        b"DF333DWYE x 2\n" * 2000,
        # 100,000 rows, and a bomb: 8 MB that are 8 KB.
        _with_part("xl/worksheets/sheet1.xml", PART.format('<row><c t="str"><v>A1234</v></c></row>' * 100_000)),
        _with_part("xl/sharedStrings.xml", " " * (8 * 2**20)),
        # Ten kilobytes that become a gigabyte of cells, under any name.
        _with_part("xl/worksheets/sheet1.xml", PART.format(f"<row>{'<c/>' * 500_000}</row>")),
        _renamed(PART.format(f"<row>{'<c/>' * 500_000}</row>")),
        # A part that two hundred sheets lead to, each of which is opened.
        _with_many_sheets(f"<worksheet>{'<a/>' * 10_000}<sheetData/></worksheet>"),
        # Few rows, one of them far below: what lies between might be read for ever.
        _with_part("xl/worksheets/sheet1.xml", PART.format('<row r="1048576"><c><v>1</v></c></row>')),
    ],
    FileTrouble.ENCRYPTED: [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")],
    FileTrouble.OLD: [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), _with_part("xl/workbook.bin", "")],
    FileTrouble.MACRO: [_with_part("xl/vbaProject.bin", "")],
    FileTrouble.BROKEN: [
        _saved(_book(*GOODS))[:2000],
        _with_part("xl/worksheets/sheet1.xml", "<worksheet"),
        _with_part("xl/styles.xml", f'<styleSheet formatCode="{"[" * 20_000}"/>'),
        _with_part("xl/worksheets/sheet1.xml", PART.format("<row/>").encode("utf-16")),
        _with_part(
            "xl/worksheets/sheet1.xml",
            '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY {two} "{f"&{one};" * 10}">' for one, two in zip("abcdefgh", "bcdefghi", strict=True))
            + "]><worksheet>&i;</worksheet>",
        ),
    ],
    FileTrouble.OTHER: [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"],
    FileTrouble.NO_LIST: ["Заявка от Ивана".encode(), _saved(_book()), _saved(_book(["Привет"])), b""],
}


@pytest.mark.parametrize(
    ("trouble", "number"),
    [(trouble, number) for trouble, contents in TROUBLE.items() for number in range(len(contents))],
)
def test_why_a_file_is_not_read(trouble: FileTrouble, number: int) -> None:
    content = TROUBLE[trouble][number]
    ending = "csv" if content.startswith(b"DF333DWYE;") else "txt" if content.startswith(b"DF333DWYE x") else "xlsx"
    assert files.read(content, ending, workbooks.sheets) is trouble


def test_names_of_ranges_are_not_looked_at() -> None:
    # openpyxl's pattern for them takes the square of their length.
    name = f'<definedName name="_xlnm.Print_Titles" localSheetId="0">\'{"a" * 100_000}</definedName>'
    book = _part("xl/workbook.xml").replace("<definedNames />", f"<definedNames>{name}</definedNames>")
    assert name in book
    assert _counts(_with_parts({"xl/workbook.xml": book})) == GOODS


def test_of_a_row_and_a_cell_only_so_much_is_looked_at() -> None:
    goods = "\n".join(f"AB{number:04d};2;{'я' * 100_000}" for number in range(20))
    row = ";" * 1_000_000
    assert _counts(f"{goods}\n{row}".encode(), "csv") == [(f"AB{number:04d}", 2) for number in range(20)]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 4000])
@pytest.mark.parametrize("shown_as", ["00", "0.00", "General"])
def test_a_number_beyond_all_numbers_is_not_known(number: str, shown_as: str) -> None:
    book = _book(["DF333DWYE", 12345])
    book["Sheet"]["B1"].number_format = shown_as
    source, target = zipfile.ZipFile(io.BytesIO(_saved(book))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for part in source.infolist():
            made.writestr(part, source.read(part).replace(b"12345", number.encode()))
    assert workbooks.sheets(target.getvalue())[0].rows[0][1] == workbooks.UNKNOWN


def test_a_text_that_many_cells_share_and_a_long_format_are_cut() -> None:
    book = _book(["я" * 32_000, 2])
    book["Sheet"]["B1"].number_format = "0" * 255
    text, number, *_ = workbooks.sheets(_saved(book))[0].rows[0]
    assert (len(text), number) == (LONGEST_CELL, "2")
