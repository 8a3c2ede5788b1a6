"""Every button's data: told apart by its prefix, versioned, the same again after a round trip."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from shared.assistant import buttons
from shared.assistant.buttons import (
    AddList,
    AddToCart,
    AgreeToCallOff,
    AnswerCash,
    AskManager,
    CallOff,
    CancelCheckout,
    CancelReturn,
    ChoosePayment,
    ChooseReason,
    ClearCart,
    Confirm,
    ConfirmReturn,
    DropAddress,
    DropComment,
    DropWatch,
    EditComment,
    EditPhone,
    EndWatch,
    FindLine,
    GoodsChosen,
    HandOnInvoice,
    Idle,
    LeaveCheckout,
    RepeatOrder,
    ReviewReturn,
    SearchMore,
    SetGood,
    SetLine,
    SetQuantity,
    SetQuietHours,
    SetSound,
    ShowCard,
    ShowCart,
    ShowGoods,
    ShowOrder,
    ShowOrders,
    ShowPage,
    ShowPictures,
    ShowReturns,
    ShowSection,
    ShowWatches,
    StartCheckout,
    StartReturn,
    SwitchWatch,
    UseAddress,
    UsePoint,
)
from shared.assistant.orders.listing import Filter
from shared.assistant.preferences.choices import QuietHours, Sound
from shared.assistant.returns.draft import Reason
from shared.assistant.watching.watches import Aim
from shared.bitrix.model import PaymentKind
from shared.telegram.api import CallbackData
from tests.assistant.samples import LONG_ID, LONG_PRICE

SEARCH, CHECKOUT = "a1b2c3d4e5", "f" * 32
LONGEST: list[CallbackData] = [
    ShowPage(search=SEARCH, page=10**8),
    ShowCard(search=SEARCH, product=LONG_ID),
    ShowPictures(product=LONG_ID),
    SwitchWatch(search=SEARCH, product=LONG_ID, aim=Aim.STOCK, price=Decimal(LONG_PRICE), currency="RUB", on=True),
    EndWatch(product=LONG_ID),
    ShowWatches(page=3, fresh=True),
    DropWatch(product=LONG_ID, page=3),
    ShowSection(section=LONG_ID, page=99, goods=True, fresh=True),
    SetQuantity(search=SEARCH, product=LONG_ID, quantity=99, price=Decimal(LONG_PRICE), currency="RUB"),
    AddToCart(search=SEARCH, product=LONG_ID, quantity=99, price=Decimal(LONG_PRICE), currency="RUB"),
    ShowCart(fresh=True),
    SetLine(product=LONG_ID, quantity=1000),
    ClearCart(),
    StartCheckout(),
    UseAddress(index=2),
    DropAddress(mark="f" * 8),
    UsePoint(),
    DropComment(checkout=CHECKOUT),
    ChoosePayment(payment=PaymentKind.PREPAID),
    Confirm(checkout=CHECKOUT),
    LeaveCheckout(),
    CancelCheckout(checkout=CHECKOUT),
    ShowOrders(page=39, which=Filter.UNPAID),
    SetSound(sound=Sound.IMPORTANT),
    SetQuietHours(hours=QuietHours.FROM_22_TO_8),
    ShowOrder(order=LONG_ID, fresh=False),
    HandOnInvoice(order=LONG_ID),
    RepeatOrder(order=LONG_ID),
    ShowReturns(),
    StartReturn(order=LONG_ID),
    ShowGoods(draft=CHECKOUT),
    SetGood(draft=CHECKOUT, index=19, quantity=10**8),
    GoodsChosen(draft=CHECKOUT),
    ChooseReason(draft=CHECKOUT, reason=Reason.UNSUITABLE),
    ReviewReturn(draft=CHECKOUT),
    ConfirmReturn(draft=CHECKOUT),
    CancelReturn(draft=CHECKOUT),
    CallOff(order=LONG_ID),
    AgreeToCallOff(order=LONG_ID),
    AnswerCash(order=LONG_ID, paid=False),
    EditPhone(checkout=CHECKOUT),
    EditComment(checkout=CHECKOUT),
    AddList(list=SEARCH),
    FindLine(list=SEARCH, line=49),
    SearchMore(),
    AskManager(),
    Idle(),
]
KINDS: list[type[CallbackData]] = [
    kind
    for kind in vars(buttons).values()
    if isinstance(kind, type) and issubclass(kind, CallbackData) and kind is not CallbackData
]


def test_all_are_tried_here() -> None:
    assert {type(data) for data in LONGEST} == set(KINDS)


def test_prefixes_are_unique() -> None:
    prefixes = [kind.__prefix__ for kind in KINDS]
    assert len(set(prefixes)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_prefix_is_a_letter_or_two_and_a_version(kind: type[CallbackData]) -> None:
    assert re.fullmatch(r"[A-Za-z]{1,2}[0-9]", kind.__prefix__)


@pytest.mark.parametrize("data", LONGEST, ids=lambda data: type(data).__name__)
def test_the_longest_data_comes_back_the_same(data: CallbackData) -> None:
    packed = data.pack()
    assert len(packed.encode()) <= 64
    assert type(data).unpack(packed) == data


@pytest.mark.parametrize("data", LONGEST, ids=lambda data: type(data).__name__)
def test_no_other_kind_reads_it(data: CallbackData) -> None:
    for kind in KINDS:
        if kind is not type(data):
            with pytest.raises((TypeError, ValueError)):
                kind.unpack(data.pack())
