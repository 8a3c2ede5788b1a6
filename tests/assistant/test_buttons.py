"""Every button's data: told apart by its prefix, versioned, the same again after a round trip."""

from __future__ import annotations

import importlib
import pkgutil
import re
from decimal import Decimal

import pytest

from shared import assistant
from shared.assistant.cart.buttons import ClearCart, SetInCart, SetLine
from shared.assistant.checkout.buttons import (
    AgreeToCancelOrder,
    CancelCheckout,
    ChoosePayment,
    ConfirmOrder,
    DropAddress,
    DropComment,
    EditAddress,
    EditComment,
    EditDelivery,
    EditPhone,
    EditSlot,
    FetchMyself,
    LeaveCheckout,
    NameAddress,
    NameAddresses,
    OrderAgain,
    SwitchPayment,
    UseAddress,
    UseAddressAt,
    UseDelivery,
    UsePoint,
    UseSlot,
    UseStore,
)
from shared.assistant.keyboard import could_be_ours
from shared.assistant.lists.buttons import AddList, AddListAgain, AnswerCount, ChooseProduct, FindLine
from shared.assistant.navigation import (
    AddToCart,
    AskManager,
    AskToCancelOrder,
    EndTalk,
    HandOnInvoice,
    Idle,
    OrderList,
    OrderNow,
    RepeatOrder,
    SaveOrder,
    SaveQuoted,
    SearchMore,
    ShowCard,
    ShowCart,
    ShowOrder,
    ShowOrders,
    ShowReturns,
    ShowSection,
    ShowSimilar,
    ShowWatches,
    StartCheckout,
    StartReturn,
    SwitchWatch,
    TryAgain,
)
from shared.assistant.notifications.buttons import AnswerCash
from shared.assistant.preferences.buttons import EditName, EditOwnPhone, SetQuietHours, SetSound
from shared.assistant.returns.buttons import (
    CancelReturn,
    ChooseReason,
    ConfirmReturn,
    GoodsChosen,
    ReviewReturn,
    SetReturnQuantity,
    ShowGoods,
    ShowReturn,
)
from shared.assistant.saved_lists.buttons import (
    DropSaved,
    ManageSaved,
    OpenSaved,
    SaveCart,
    SetSaved,
    ShareSaved,
    ShowSaved,
    UsualGoods,
)
from shared.assistant.search.buttons import (
    AskQuantity,
    SetQuantity,
    ShowAccessories,
    ShowPage,
    ShowPictures,
    SwitchWord,
)
from shared.assistant.watching.buttons import DropWatch, EndWatch
from shared.domain.order_list import OrderFilter
from shared.domain.orders import PaymentKind
from shared.domain.preferences import QuietHours, Sound
from shared.domain.return_drafts import ReturnReason
from shared.domain.watches import WatchAim
from shared.telegram.api import CallbackData
from tests.assistant.samples import LONG_ID, LONG_PRICE

SEARCH, CHECKOUT = "a1b2c3d4e5", "f" * 32
LONGEST: list[CallbackData] = [
    ShowPage(search=SEARCH, page=10**8),
    ShowCard(search=SEARCH, product=LONG_ID),
    ShowPictures(product=LONG_ID),
    OpenSaved(list=SEARCH),
    DropSaved(list=SEARCH),
    SaveCart(),
    ShowSimilar(product=LONG_ID, section=LONG_ID),
    ShowAccessories(product=LONG_ID, linked=LONG_ID),
    SwitchWatch(search=SEARCH, product=LONG_ID, aim=WatchAim.STOCK, price=Decimal(LONG_PRICE), currency="RUB", on=True),
    EndWatch(product=LONG_ID),
    ShowWatches(page=3, fresh=True),
    DropWatch(product=LONG_ID, page=3),
    ShowSection(section=LONG_ID, page=99, goods=True, fresh=True),
    SetQuantity(search=SEARCH, product=LONG_ID, quantity=Decimal("99.875"), price=Decimal(LONG_PRICE), currency="RUB"),
    AddToCart(search=SEARCH, product=LONG_ID, quantity=Decimal("99.875"), price=Decimal(LONG_PRICE), currency="RUB"),
    AskQuantity(search=SEARCH, product=LONG_ID, quantity=Decimal("99.875"), price=Decimal(LONG_PRICE), currency="RUB"),
    SwitchWord(digest="20260701", number=9, on=True),
    OrderList(list=SEARCH),
    OrderNow(search=SEARCH, product=LONG_ID, quantity=Decimal("99.875"), price=Decimal(LONG_PRICE), currency="RUB"),
    SetInCart(product=LONG_ID, quantity=Decimal("999.875")),
    TryAgain(job=CHECKOUT),
    EndTalk(),
    ShowCart(fresh=True),
    SetLine(product=LONG_ID, quantity=Decimal(1000)),
    ClearCart(),
    StartCheckout(),
    UseAddress(mark="f" * 8),
    UseAddressAt(index=2),
    DropAddress(mark="f" * 8),
    UsePoint(),
    FetchMyself(),
    NameAddress(mark="f" * 8),
    NameAddresses(),
    EditDelivery(checkout=CHECKOUT),
    EditSlot(checkout=CHECKOUT),
    UseSlot(checkout=CHECKOUT, index=19),
    UseDelivery(checkout=CHECKOUT, service="1234567890"),
    UseStore(checkout=CHECKOUT, service="1234567890", store="1234567890"),
    DropComment(checkout=CHECKOUT),
    ChoosePayment(payment=PaymentKind.PREPAID),
    EditAddress(checkout=CHECKOUT),
    SwitchPayment(checkout=CHECKOUT, payment=PaymentKind.PREPAID),
    ConfirmOrder(checkout=CHECKOUT),
    OrderAgain(checkout=CHECKOUT),
    LeaveCheckout(),
    CancelCheckout(checkout=CHECKOUT),
    ShowOrders(page=39, which=OrderFilter.UNPAID),
    SetSound(sound=Sound.IMPORTANT),
    EditName(),
    EditOwnPhone(),
    SetQuietHours(hours=QuietHours.FROM_22_TO_8),
    ShowOrder(order=LONG_ID, fresh=False),
    HandOnInvoice(order=LONG_ID),
    RepeatOrder(order=LONG_ID),
    ShowReturns(),
    StartReturn(order=LONG_ID),
    ShowReturn(made=LONG_ID),
    ShowGoods(draft=CHECKOUT),
    SetReturnQuantity(draft=CHECKOUT, index=19, quantity=Decimal("99999999.125")),
    GoodsChosen(draft=CHECKOUT),
    ChooseReason(draft=CHECKOUT, reason=ReturnReason.UNSUITABLE),
    ReviewReturn(draft=CHECKOUT),
    ConfirmReturn(draft=CHECKOUT),
    CancelReturn(draft=CHECKOUT),
    AskToCancelOrder(order=LONG_ID),
    AgreeToCancelOrder(order=LONG_ID),
    AnswerCash(order=LONG_ID, paid=False),
    EditPhone(checkout=CHECKOUT),
    EditComment(checkout=CHECKOUT),
    AddList(list=SEARCH),
    AddListAgain(list=SEARCH, message=9_999_999_999),
    FindLine(list=SEARCH, line=49),
    AnswerCount(list=SEARCH, line=49, count=Decimal("999.999")),
    ChooseProduct(list=SEARCH, line=49, product="1234567890"),
    SetSaved(list=SEARCH, product="1234567890", quantity=Decimal("99999999.125"), page=6),
    ManageSaved(list=SEARCH, page=6),
    ShareSaved(list=SEARCH),
    ShowSaved(),
    UsualGoods(),
    SaveOrder(order=LONG_ID),
    SaveQuoted(list=SEARCH),
    SearchMore(),
    AskManager(),
    Idle(),
]
HOMES = [
    "shared.assistant.navigation",
    *(
        name
        for _, name, _ in pkgutil.walk_packages(assistant.__path__, "shared.assistant.")
        if name.endswith(".buttons")
    ),
]
KINDS: list[type[CallbackData]] = [
    kind
    for home in HOMES
    for kind in vars(importlib.import_module(home)).values()
    if isinstance(kind, type) and issubclass(kind, CallbackData) and kind.__module__ == home
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


@pytest.mark.parametrize("data", LONGEST, ids=lambda data: type(data).__name__)
def test_our_buttons_could_be_ours(data: CallbackData) -> None:
    assert could_be_ours(data.pack())


def test_a_card_that_no_search_led_to_could_be_ours() -> None:
    assert could_be_ours(ShowCard(search="", product="1001").pack())


@pytest.mark.parametrize(
    "data", ["z1:..", "k1:x:a b", "t1:.:1", "t1:__x__:1", "t1:a/b:0", "t1:ё:0", "t1:7\n:0", "z1:", "j2:", "\ud800"]
)
def test_what_no_button_of_ours_holds_could_not(data: str) -> None:
    assert not could_be_ours(data)
