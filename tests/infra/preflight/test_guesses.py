"""What a list's record is probably for."""

from __future__ import annotations

import pytest

from infra.preflight import guesses
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.survey import GoodsProperty
from shared.status import Status


def test_of_two_catalogues_that_of_the_products():
    assert guesses.catalogue([Entry("24", kind="23"), Entry("23")]) == Entry("23")


def test_the_base_price_or_the_first():
    assert guesses.price_type([Entry("2"), Entry("1", kind="Y")]) == Entry("1", kind="Y")
    assert guesses.price_type([Entry("2"), Entry("3")]) == Entry("2")


def test_a_private_person():
    company, person = Entry("1", "Юридическое лицо"), Entry("2", "Физическое лицо")
    assert guesses.person_type([company, person]) == person
    assert guesses.person_type([company, person, Entry("3", code="CRM_CONTACT")]) == Entry("3", code="CRM_CONTACT")
    assert guesses.person_type([company]) == company


def test_pay_systems_by_their_kind():
    cash, bank, card = Entry("1", kind="Y"), Entry("2", kind="N"), Entry("3", kind="A")
    assert (guesses.pay_system_prepaid([cash, bank, card]), guesses.pay_system_cod([card, cash])) == (card, cash)
    assert guesses.pay_system_prepaid([cash, bank]) == bank
    assert guesses.pay_system_cod([bank]) is None


def test_a_delivery_that_is_no_group_and_delivers():
    group, post = Entry("196", "Доставка", kind="0"), Entry("198", "Почта", kind="196")
    assert guesses.delivery([Entry("1", "Без доставки"), group, post]) == post
    assert guesses.delivery([post, Entry("199", "Курьер по городу", kind="196")]) == Entry(
        "199", "Курьер по городу", kind="196"
    )


@pytest.mark.parametrize(
    ("name", "code", "kind", "fits"),
    [
        ("Аксессуары", "", "E", True),
        ("С этим товаром покупают", "RECOMMEND", "E", True),
        ("Расходные материалы", "", "E", True),
        ("Прочее", "ACCESSORIES", "E", True),
        ("Аналоги", "ANALOGUES", "E", False),
        ("Аксессуары словами", "", "S", False),
    ],
)
def test_the_property_with_what_goes_with_a_product(name: str, code: str, kind: str, fits: bool):
    known = GoodsProperty("7", name, code, "Y", type=kind)
    others = [GoodsProperty("2", "Бренд", "BRAND", "N", type="E")]
    assert guesses.accessories_property([*others, known]) == (known if fits else None)


def test_properties_by_flag_or_code():
    flagged, coded = Entry("1", is_address=True), Entry("2", code="ADDRESS")
    assert guesses.address_property([coded, flagged]) == flagged
    assert guesses.address_property([coded]) == coded
    assert guesses.phone_property([Entry("3", code="PHONE")]) == Entry("3", code="PHONE")
    assert guesses.eta_property([Entry("4", "Дата доставки")]) == Entry("4", "Дата доставки")


@pytest.mark.parametrize(
    ("name", "code", "kind", "is_ean", "is_of_analogues"),
    [
        ("ШтрихКод", "CML2_BAR_CODE", "S", True, False),
        ("Штрих-код упаковки", "", "S", True, False),
        ("EAN", "PROP_7", "N", True, False),
        ("Океан", "", "S", False, False),
        ("Аналоги", "ANALOGUES", "E", False, True),
        ("Чем заменить", "", "E", False, True),
        ("Аналоги словами", "ANALOGS_TEXT", "S", False, False),
        ("С этим покупают", "RECOMMEND", "E", False, False),
    ],
)
def test_properties_of_barcodes_and_of_analogues(name: str, code: str, kind: str, is_ean: bool, is_of_analogues: bool):
    known = GoodsProperty("7", name, code, "N", type=kind)
    others = [GoodsProperty("1", "Цвет", "COLOR", "N", type="S"), GoodsProperty("2", "Бренд", "BRAND", "N", type="E")]
    assert guesses.ean_property([*others, known]) == (known if is_ean else None)
    assert guesses.analogues_property([*others, known]) == (known if is_of_analogues else None)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Доставлен клиенту", Status.DELIVERED),
        ("Передан курьеру", Status.SHIPPED),
        ("Отменён клиентом", Status.CANCELED),
        ("Оплачен, формируется к отправке", Status.PAYED),
        ("Собирается", Status.WAITING_FOR_DELIVERY),
        ("Ожидает звонка", Status.NEW),
        ("Возврат на складе", Status.RETURN_IN_PROGRESS),
        ("Закрыт", Status.FINISHED),
        ("Загадочный", None),
    ],
)
def test_statuses_by_their_names(name: str, status: Status | None):
    assert guesses.status_map([Entry("N", name), Entry("XX", name)]) == ({"XX": status} if status else {})


def test_stages_by_how_they_end():
    stages = [
        Entry(f"DT1038_12:{name}", kind=kind) for name, kind in (("NEW", ""), ("CHECK", ""), ("OK", "S"), ("NO", "F"))
    ]
    assert guesses.stage_map(stages) == {
        "CHECK": Status.RETURN_IN_PROGRESS,
        "OK": Status.RETURN_COMPLETED,
        "NO": Status.RETURN_REJECTED,
    }


def test_stages_of_deals_by_how_they_end_by_code_and_by_name():
    stages = [
        ("NEW", "Новая", ""),
        ("PREPARATION", "Подготовка документов", ""),
        ("EXECUTING", "В работе", ""),
        ("UC_1", "Собираем заказ", ""),
        ("UC_2", "Передан курьеру", ""),
        ("3", "Вручён клиенту", ""),
        ("4", "Оплачен", ""),
        ("5", "Отказ от звонка", ""),
        ("WON", "Сделка успешна", "S"),
        ("LOSE", "Доставлен не туда", "F"),
    ]
    assert guesses.deal_stage_map([Entry(code, name, kind=kind) for code, name, kind in stages]) == {
        "EXECUTING": Status.WAITING_FOR_DELIVERY,
        "UC_1": Status.WAITING_FOR_DELIVERY,
        "UC_2": Status.SHIPPED,
        "3": Status.DELIVERED,
        "WON": Status.FINISHED,
        "LOSE": Status.CANCELED,
    }
