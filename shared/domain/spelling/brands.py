"""The spellings of brands, masters' and the catalogue's: «макита» is Makita, «interskol» is Интерскол."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TABLE: Final = """
Makita: макита мокита маката makitta
Bosch: бош боша бошь бошш bosh
DeWalt: девольт деволт девалт дэвольт дивольт деволь dewolt devolt dewalt
Metabo: метабо метаба
Hitachi: хитачи хитати hitachy
HiKOKI: хикоки хайкоки
Milwaukee: милуоки милвоки милуокки милуолки milwauke
Karcher: керхер кархер кёрхер керхэр kerher kärcher
Stanley: стэнли стенли стэнлей
Dremel: дремель дремел
Stihl: штиль
Husqvarna: хускварна хусварна хускварня husqvarna
Ryobi: риоби рёби
AEG: аег
Einhell: айнхель эйнхель
Festool: фестул
Hilti: хилти
Knipex: книпекс
Fubag: фубаг
Patriot: патриот
Huter: хутер
Champion: чемпион
Denzel: дензел
Hammer: хаммер
Sturm: штурм
Gross: гросс
Matrix: матрикс
Kraftool: крафтул
Stayer: стайер
Elitech: элитех
Lukey: люкей
Skil: скил скилл
Dexter: декстер
Wago: ваго
Legrand: легранд
ABB: абб
IEK: иэк
Интерскол: interskol interscol
Зубр: zubr
Вихрь: vihr vikhr
Ресанта: resanta
Сибртех: sibrtech sibrteh
Энкор: enkor
Фиолент: fiolent
Калибр: kalibr
Редмонд: redmond
Титан: titan
"""


def _read(table: str) -> dict[str, str]:
    """Read the table: every spelling, the catalogue's own too, in lower case to the catalogue's."""
    names: dict[str, str] = {}
    for line in table.strip().splitlines():
        name, _, spellings = line.partition(":")
        names |= {spelling.casefold(): name for spelling in (name, *spellings.split())}
    return names


SPELLINGS: Final[Mapping[str, str]] = _read(_TABLE)
"""How a brand may be typed, in lower case → as the catalogue has it."""

_PAIRS: Final = {("de", "walt"): "DeWalt", ("де", "вольт"): "DeWalt", ("блэк", "деккер"): "Black & Decker"}
_LINKS: Final = frozenset({"энд", "и", "and", "&", "+"})
"""What stands between the two words of a brand, and may be left out."""


def is_brand(word: str) -> bool:
    """Tell whether the word is a brand as some catalogue may spell it."""
    return any(word.casefold() == name.casefold() for name in SPELLINGS.values())


def as_catalogued(query: str) -> str:
    """Return the query with every brand that is spelled by ear as the catalogue has it."""
    words = query.split()
    result: list[str] = []
    while words:
        name, length = _brand_at(words)
        result.append(name)
        words = words[length:]
    return " ".join(result)


def _brand_at(words: list[str]) -> tuple[str, int]:
    """Return the first word as it is to be spelled, or two words that are one brand, and how many words it takes."""
    first, *rest = (word.casefold() for word in words[:3])
    skipped = 1 if len(rest) > 1 and rest[0] in _LINKS else 0
    pair = _PAIRS.get((first, rest[skipped])) if rest else None
    if pair is not None:
        return pair, 2 + skipped
    return SPELLINGS.get(first, words[0]), 1
