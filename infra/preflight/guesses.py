"""Which record of a list is probably the one we want. Pure; a person looks at what is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.returns import USUAL_STAGES
from shared.bitrix.native.statuses import USUAL
from shared.bitrix.native.survey import GoodsProperty
from shared.status import Status

_Record = TypeVar("_Record", bound=Entry)

_CASH, _ACQUIRING = "Y", "A"
_WORDS: Sequence[tuple[str, Status]] = (
    ("возвра", Status.RETURN_IN_PROGRESS),
    ("отмен|отказ", Status.CANCELED),
    ("доставлен|вручен|получен клиент", Status.DELIVERED),
    ("выполн|заверш|закрыт", Status.FINISHED),
    ("отгру|отправлен|курьер|в пути|передан", Status.SHIPPED),
    ("сбор|собира|комплект|готов|подготов", Status.WAITING_FOR_DELIVERY),
    ("оплачен", Status.PAYED),
    ("нов|принят|ожида|обработ", Status.NEW),
)
"""The first that fits counts: «оплачен, готовится к отправке» is on its way to the master."""

_ENDS_OF_DEALS: Mapping[str, Status] = {"S": Status.FINISHED, "F": Status.CANCELED}
_USUAL_STAGES_OF_DEALS: Mapping[str, Status | None] = {
    "NEW": None,
    "PREPARATION": None,
    "PREPAYMENT_INVOICE": None,
    "EXECUTING": Status.WAITING_FOR_DELIVERY,
    "FINAL_INVOICE": None,
}
"""What every portal begins with (shared/bitrix/CORE.md, «8. A deal of an order»): most are about papers."""
_ON_THE_WAY = (Status.WAITING_FOR_DELIVERY, Status.SHIPPED, Status.DELIVERED)
_TELLING = re.compile(r"цвет|размер|длин|ширин|высот|диаметр|толщин|объ[её]м|\bвес\b|фасовк|[её]мкост|мощност|зернист")
"""What variations differ in, as shops call it."""

_BARCODE = re.compile(r"штрих-?\s?код|\bean\b|\bgtin\b")
_STANDS_IN = re.compile(r"аналог|замен|похож|analog|similar|replacement")

_GOES_WITH = re.compile(
    r"аксессуар|принадлежност|сопутств|расходник|расходные|оснастк|с этим|accessor|consumable|related"
)


def catalogue(entries: Sequence[Entry]) -> Entry | None:
    """Return the catalogue of products: one of variations names its products' iblock."""
    return _first(entries, lambda it: it.kind in ("", "0"))


def article_property(entries: Sequence[Entry]) -> Entry | None:
    """Return the property of goods that holds the article."""
    by_code = ("CML2_ARTICLE", "ARTNUMBER", "ARTICLE")
    return _first(entries, lambda it: it.code.upper() in by_code, lambda it: "артикул" in it.name.casefold())


def ean_property(entries: Sequence[GoodsProperty]) -> GoodsProperty | None:
    """Return the property of goods with the number under a barcode; 1C calls it `CML2_BAR_CODE`."""
    text = [it for it in entries if it.type in ("S", "N")]
    return _first(
        text,
        lambda it: it.code.upper() in ("CML2_BAR_CODE", "EAN", "EAN13", "GTIN", "BARCODE"),
        lambda it: _BARCODE.search(it.name.casefold()) is not None,
    )


def analogues_property(entries: Sequence[GoodsProperty]) -> GoodsProperty | None:
    """Return the property with what may stand in for a product: it leads to other elements, and its name says so."""
    return _linked(entries, _STANDS_IN)


def accessories_property(entries: Sequence[GoodsProperty]) -> GoodsProperty | None:
    """Return the property with what goes with a product, told in the same way."""
    return _linked(entries, _GOES_WITH)


def _linked(entries: Sequence[GoodsProperty], named: re.Pattern[str]) -> GoodsProperty | None:
    linked = [it for it in entries if it.type == "E" and it.user_type != "SKU"]
    return _first(linked, lambda it: named.search(f"{it.code} {it.name}".casefold()) is not None)


def variation_properties(entries: Sequence[GoodsProperty]) -> Sequence[GoodsProperty]:
    """Return the properties that probably tell variations apart: single values, of a list or of a telling name.

    A list answers its words. Text of a special kind, such as a directory's, answers a code that nobody can read.
    """
    article = article_property(entries)
    single = [it for it in entries if it.kind != "Y" and not it.user_type and it != article]
    return [it for it in single if it.type == "L" or (it.type in ("S", "N") and _TELLING.search(it.name.casefold()))]


def price_type(entries: Sequence[Entry]) -> Entry | None:
    """Return the base price."""
    return _first(entries, lambda it: it.kind == "Y", lambda _: True)


def person_type(entries: Sequence[Entry]) -> Entry | None:
    """Return the private person."""
    return _first(entries, lambda it: it.code == "CRM_CONTACT", lambda it: "физ" in it.name.casefold(), lambda _: True)


def pay_system_prepaid(entries: Sequence[Entry]) -> Entry | None:
    """Return the one by link: acquiring, or else whatever is not cash."""
    return _first(entries, lambda it: it.kind == _ACQUIRING, lambda it: it.kind != _CASH)


def pay_system_cod(entries: Sequence[Entry]) -> Entry | None:
    """Return the one in cash."""
    return _first(entries, lambda it: it.kind == _CASH)


def delivery(entries: Sequence[Entry]) -> Entry | None:
    """Return a service that is no group of others and is not the portal's «without delivery»."""
    groups = {it.kind for it in entries}
    single = [it for it in entries if it.id not in groups]
    return _first(single, lambda it: "курьер" in it.name.casefold(), lambda it: "без достав" not in it.name.casefold())


def address_property(entries: Sequence[Entry]) -> Entry | None:
    """Return where the address goes."""
    return _first(entries, lambda it: it.is_address, lambda it: it.code == "ADDRESS")


def phone_property(entries: Sequence[Entry]) -> Entry | None:
    """Return where the phone goes."""
    return _first(entries, lambda it: it.is_phone, lambda it: it.code == "PHONE")


def eta_property(entries: Sequence[Entry]) -> Entry | None:
    """Return where the day of delivery is."""
    return _first(entries, lambda it: it.code == "ETA", lambda it: "дата достав" in it.name.casefold())


def returns_process(entries: Sequence[Entry]) -> Entry | None:
    """Return the smart process of returns."""
    return _first(entries, lambda it: "возврат" in it.name.casefold())


def returns_category(entries: Sequence[Entry]) -> Entry | None:
    """Return its usual funnel."""
    return _first(entries, lambda it: it.kind == "Y", lambda _: True)


def status_map(entries: Sequence[Entry]) -> dict[str, Status]:
    """Return what the portal's own codes probably mean, by their names; those nobody can guess are left out."""
    own = {it.id: _by_words(it.name) for it in entries if it.id not in USUAL and it.id not in Status.__members__}
    return {code: status for code, status in own.items() if status}


def stage_map(entries: Sequence[Entry]) -> dict[str, Status]:
    """Return what the process's own stages probably mean; keys without the funnel before the colon."""
    ends = {"S": Status.RETURN_COMPLETED, "F": Status.RETURN_REJECTED}
    names = {it.id.rpartition(":")[2]: it for it in entries}
    own = {name: it.kind for name, it in names.items() if name not in USUAL_STAGES}
    return {name: ends.get(kind, Status.RETURN_IN_PROGRESS) for name, kind in own.items()}


def deal_stage_map(entries: Sequence[Entry]) -> dict[str, Status]:
    """Return what the stages of deals probably mean; those that only people know are left out.

    The end of a deal is known by its semantics, a usual stage by its code. A shop's own is guessed by its name, but
    only to be on the way to the master: what else a name may say is too much to tell anybody unasked.
    """
    found = {it.id: _stage_of_deal(it) for it in entries}
    meant = {code: status for code, status in found.items() if status}
    # What precedes the colon, the funnel, may be left out in the map.
    return {code: status for code, status in meant.items() if meant.get(code.partition(":")[2]) is not status}


def _stage_of_deal(stage: Entry) -> Status | None:
    if stage.kind in _ENDS_OF_DEALS:
        return _ENDS_OF_DEALS[stage.kind]
    code = stage.id.rpartition(":")[2]
    if code in _USUAL_STAGES_OF_DEALS:
        return _USUAL_STAGES_OF_DEALS[code]
    guess = _by_words(stage.name)
    return guess if guess in _ON_THE_WAY else None


def _by_words(name: str) -> Status | None:
    plain = name.casefold().replace("ё", "е")
    return next((status for words, status in _WORDS if re.search(words, plain)), None)


def _first(entries: Sequence[_Record], *wishes: Callable[[_Record], bool]) -> _Record | None:
    """Return the first entry that fulfils the first wish that any fulfils."""
    return next((entry for wish in wishes for entry in entries if wish(entry)), None)
