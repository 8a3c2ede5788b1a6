"""Bits, drills, discs and sandpaper: mostly rows of sizes."""

from __future__ import annotations

from collections.abc import Iterator

from infra.local.portal.catalogue.model import Category
from infra.local.portal.catalogue.rows import Row, make_row, read_rows

_BITS = """
Бита PH2 50 мм | WB-PH2-50 | 45 | 150 40 900
Бита PH2 25 мм, 10 шт. | WB-PH2-25-10 | 210
Бита PH1 50 мм | WB-PH1-50 | 45
Бита PZ2 50 мм | WB-PZ2-50 | 48.50
Бита PZ3 50 мм | WB-PZ3-50 | 48.50
Бита Torx T20 50 мм | WB-T20-50 | 52
Бита Torx T25 50 мм | WB-T25-50 | 52
Бита Torx T30 50 мм | WB-T30-50 | 54
Бита шестигранная HEX 5 50 мм | WB-H5-50 | 52
Набор бит Bosch Extra Hard, 25 шт. | 2607001926 | 1190
Набор бит Makita P-30673, 31 предмет | P-30673 | 890
Набор бит Зубр «Мастер», 33 предмета | 26073-H33 | 749.90
Держатель бит магнитный 60 мм | WB-MH-60 | 165
Удлинитель для бит гибкий 300 мм | WB-FLEX-300 | 390
Адаптер для головок 1/4" × 1/2" | WB-AD-1412 | 140
Набор головок Stayer <1/4" и 1/2">, 94 предмета | 27760-H94 | 5490
"""

_DISCS = """
Круг отрезной по металлу Луга 125×1,0 мм | LUGA-125-10 | 42 | 200 80 1500
Круг отрезной по металлу Луга 125×1,6 мм | LUGA-125-16 | 46.50
Круг отрезной по металлу Луга 230×2,0 мм | LUGA-230-20 | 112
Круг зачистной Луга 125×6,0 мм | LUGA-125-60 | 98
Круг лепестковый КЛТ1 125 мм, P40 | KLT-125-40 | 135
Круг лепестковый КЛТ1 125 мм, P80 | KLT-125-80 | 135
Диск алмазный Distar 125 мм, сплошной | DST-125-C | 1290
Диск алмазный Зубр 125 мм, сегментный | 36650-125 | 490
Диск алмазный Bosch 230 мм, сегментный | 2608615031 | 1890
Диск пильный Makita 190×30 мм, 24 зуба | D-45892 | 1150
Диск пильный Bosch 160×20 мм, 48 зубьев | 2608640732 | 1790
Пилки для лобзика Bosch T144D, 5 шт. | 2608630040 | 690
Пилки для лобзика Makita B-22, 5 шт. | A-85684 | 480
Пилки для лобзика по металлу Bosch T118A, 5 шт. | 2608631013 | 620
Полотно для сабельной пилы Bosch S922EF, 5 шт. | 2608656015 | 1350
Щётка-чашка проволочная 75 мм, М14 | BR-75-M14 | 265
"""

_DRILL_KINDS = (
    # name, mark of the article, sizes in mm with prices
    ("Сверло по металлу HSS Bosch", "HSS", (("2,0", "68"), ("2,5", "72"), ("3,0", "78.50"), ("3,2", "80"),
     ("4,0", "89"), ("4,2", "92"), ("5,0", "118"), ("6,0", "145"), ("8,0", "235"), ("10,0", "390"))),
    ("Сверло по бетону Зубр", "BET", (("5", "75"), ("6", "79"), ("8", "98.50"), ("10", "125"), ("12", "169"))),
    ("Сверло перьевое по дереву Stayer", "PER", (("16", "95"), ("20", "105"), ("25", "119"), ("32", "149"))),
    ("Сверло по стеклу и кафелю Matrix", "GLS", (("4", "89"), ("6", "99"), ("8", "129"), ("10", "165"))),
)  # fmt: skip

_BURS = (("6×110", "129"), ("6×160", "149"), ("8×110", "139"), ("8×160", "165"), ("10×160", "185"),
         ("10×210", "229"), ("12×210", "265"), ("14×260", "349"), ("16×310", "489"), ("18×450", "890"))  # fmt: skip

_CROWNS = (("22", "290"), ("32", "390"), ("51", "540"), ("68", "690"), ("76", "790"))

_GRAINS = (("P40", "38"), ("P60", "36"), ("P80", "34.50"), ("P120", "34.50"), ("P180", "32"), ("P240", "32"))


def rows() -> Iterator[Row]:
    """Return bits, drills, discs and sandpaper."""
    yield from read_rows(_BITS, Category.BITS)
    yield from _drills()
    yield from read_rows(_DISCS, Category.DISCS)
    for grain, price in _GRAINS:
        yield make_row(f"Круг шлифовальный на липучке 125 мм, {grain}", f"VEL-125-{grain}", price, Category.DISCS)
        yield make_row(f"Наждачная бумага 230×280 мм, {grain}", f"PAP-230-{grain}", price, Category.DISCS)


def _drills() -> Iterator[Row]:
    for name, mark, sizes in _DRILL_KINDS:
        for size, price in sizes:
            article = f"{mark}-{size.replace(',', '.')}"
            yield make_row(f"{name} {size} мм", article, price, Category.DRILLS)
    for size, price in _BURS:
        article = f"SDS-{size.replace('×', '-')}"
        yield make_row(f"Бур SDS-plus Makita {size} мм", article, price, Category.DRILLS)
    for size, price in _CROWNS:
        yield make_row(f"Коронка биметаллическая Зубр {size} мм", f"KB-{size}", price, Category.DRILLS)
