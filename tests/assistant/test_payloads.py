"""The payloads of the job kinds: each comes back as it was stored, in this version and in the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.assistant.cart.jobs import CartOffersPayload, RepeatOrderPayload
from shared.assistant.chat_view import ChatTarget
from shared.assistant.inline.jobs import InlineFindPayload, InlineOffersPayload, InlinePayload
from shared.assistant.job_handler import ChatPayload
from shared.assistant.lists.jobs import AddListPayload, ListPayload
from shared.assistant.lists.sent_files import ReadFilePayload
from shared.assistant.notifications.cash import CashAnswerPayload, CheckCashPayload, MarkCashPayload
from shared.assistant.notifications.jobs import FindDealsOrdersPayload, FindOrderPayload, SyncOrderPayload
from shared.assistant.notifications.scheduling import AskChangesPayload
from shared.assistant.onboarding.binding import BindPayload
from shared.assistant.orders.adopting import HisDealsPayload, HisOrdersPayload
from shared.assistant.orders.jobs import ShowOrderPayload
from shared.assistant.returns.media import DeletePhotoPayload
from shared.assistant.returns.payloads import ListGoodsPayload, RegisterReturnPayload, UploadPhotoPayload
from shared.assistant.returns.scheduling import SyncReturnPayload
from shared.assistant.scanning.sent_photos import ScanPayload
from shared.assistant.search.payloads import (
    AccessoriesPayload,
    CardPicturePayload,
    FindPayload,
    GuessPayload,
    LabelPayload,
    PageOffersPayload,
    ProductPayload,
    SectionPayload,
    SimilarPayload,
)
from shared.assistant.search.scheduling import EmptyDigestPayload
from shared.assistant.support.talks import TellCrmPayload
from shared.assistant.watching.scheduling import LookAtWatchesPayload
from shared.pipeline.commit_result import commit_result
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.payloads import Payload, PayloadError
from shared.store.collections import DEAD_LETTERS
from shared.store.values import plain
from tests.assistant.samples import NOW
from tests.assistant.stage import Stage

CHAT = {"chat_id": 42, "message_id": 77}
DRILL = {"id": "7", "name": "Дрель", "article": "DDF485", "picture": None, "on_order": True}
WAY = {"query": "дрель", "told": "", "article": ""}
SEARCH = {"search": "s1", "query": "дрель", "page": 0, "start": 0}
QUESTION = {"user_id": 42, "id": "q1", "text": "дрель", "offset": 10, "bot": "shop_bot"}
LINE = {"text": "DDF485", "quantity": 2, "stage": "settled", "products": [DRILL], "total": 1}
LIST = {"list": "l1", "lines": [LINE], "cut": {"left_out": 3, "capped": True}}
PHOTO = {
    "file_id": "f1",
    "unique_id": "u1",
    "extension": "jpg",
    "upload": "kept",
    "photo_id": "901",
    "link": "https://portal.example/disk/901",
}
DRAFT = {
    "id": "d1",
    "user_id": 42,
    "chat_id": 42,
    "order_id": "5121",
    "goods": [{"product_id": "7", "name": "Дрель", "most": 2, "quantity": 1}],
    "message_id": 77,
    "reason": "Брак",
    "pictures": [PHOTO],
    "stage": "sending",
    "note": "не включается",
}
DUE = {"id": "1", "pay_system_id": "3", "total": "12990.00", "kind": "cod"}

NEWCOMER = {"telegram_id": 42, "phone": "+79123456789", "first_name": "Иван", "last_name": "Петров"}
STORED: dict[str, tuple[type[Payload], dict[str, Any]]] = {
    "find": (FindPayload, {**CHAT, **SEARCH, "section": "", "ways": [WAY], "last": False, "price_type": "4"}),
    "guess": (GuessPayload, {**CHAT, **SEARCH}),
    "find_by_label": (LabelPayload, {**CHAT, "queries": ["4607123456781", "DF333DWYE"]}),
    "page_offers": (PageOffersPayload, {**CHAT, "search": "s1", "page": 1, "products": [DRILL]}),
    "card": (ProductPayload, {**CHAT, "product": "7", "search": "s1"}),
    "similar": (SimilarPayload, {**CHAT, "product": "7", "section": "16", "name": "", "products": []}),
    "similar_offers": (SimilarPayload, {**CHAT, "product": "7", "section": "16", "name": "Дрель", "products": [DRILL]}),
    "analogue_offers": (
        SimilarPayload,
        {**CHAT, "product": "7", "section": "16", "name": "Дрель", "products": [DRILL], "analogues": ["8"]},
    ),
    "accessories": (AccessoriesPayload, {**CHAT, "product": "7", "linked": ["8", "9"]}),
    "empty_digest": (EmptyDigestPayload, {"queries": ["квач"], "counts": [2], "own": ["квач > кисть"]}),
    "more_pictures": (ProductPayload, {"chat_id": 42, "message_id": None, "product": "7"}),
    "card_picture": (CardPicturePayload, {**CHAT, "url": "/upload/1.jpg", "text": "Дрель", "keyboard": None}),
    "section": (SectionPayload, {**CHAT, "section": None, "page": 0, "goods": False, "search": "s1"}),
    "inline_find": (InlineFindPayload, {"question": QUESTION, "ways": [WAY]}),
    "inline_offers": (
        InlineOffersPayload,
        {"question": QUESTION, "products": [DRILL], "total": 1, "price_type": ""},
    ),
    "find_list": (ListPayload, {**CHAT, **LIST}),
    "quote_list": (ListPayload, {**CHAT, **LIST}),
    "scan_photo": (ScanPayload, {**CHAT, "file_id": "L", "until": "2026-07-01T12:00:00+00:00"}),
    "read_list_file": (
        ReadFilePayload,
        {**CHAT, "file_id": "f1", "ending": "xlsx", "until": "2027-03-01T12:15:00+00:00"},
    ),
    "add_list": (AddListPayload, {**CHAT, "user_id": 42, "list": "l1", "products": ["7"]}),
    "cart_offers": (CartOffersPayload, {**CHAT, "user_id": 42, "products": ["7", "8"]}),
    "repeat_order": (RepeatOrderPayload, {**CHAT, "user_id": 42, "order": "5121"}),
    "show_order": (ShowOrderPayload, {**CHAT, "order": "5121"}),
    "list_goods": (ListGoodsPayload, {**CHAT, "user_id": 42, "order": "5121"}),
    "upload_photo": (
        UploadPhotoPayload,
        {
            **CHAT,
            "draft": "d1",
            "order": "5121",
            "user_id": 42,
            "index": 0,
            "file_id": "f1",
            "name": "return-d1-1.jpg",
            "until": "2027-03-01T12:15:00+00:00",
            "try": 1,
        },
    ),
    "register_return": (RegisterReturnPayload, {**CHAT, "draft": DRAFT, "key": "k1", "try": 2}),
    "sync_return": (SyncReturnPayload, {"return": "31"}),
    "delete_photo": (DeletePhotoPayload, {"photo": "901"}),
    "look_at_watches": (
        LookAtWatchesPayload,
        {"user": 42, "products": ["7"], "asked_at": NOW, "price_type": "4"},
    ),
    "sync_order": (SyncOrderPayload, {"order": "5121"}),
    "find_order": (FindOrderPayload, {"what": "payment", "part": "901"}),
    "ask_changes": (AskChangesPayload, {"since": NOW, "asked_at": NOW, "start": 50}),
    "ask_deals": (AskChangesPayload, {"since": NOW, "asked_at": NOW, "start": 50}),
    "find_deals_orders": (FindDealsOrdersPayload, {"deal": "301"}),
    "find_his_deals": (HisDealsPayload, {**CHAT, "master": 42, "contact": "44"}),
    "find_his_orders": (HisOrdersPayload, {**CHAT, "master": 42, "ids": ["301"]}),
    "adopt_orders": (HisOrdersPayload, {**CHAT, "master": 42, "ids": ["5121"]}),
    "bind_contact": (BindPayload, {**CHAT, **NEWCOMER}),
    "make_contact": (BindPayload, {**CHAT, **NEWCOMER, "source": "UC_TG", "key": "k1", "attempt": 2}),
    "tell_crm": (TellCrmPayload, {"buyer_id": "contact-44", "order": "5121", "words": "Где заказ?"}),
    "cash_answer": (CashAnswerPayload, {**CHAT, "order": "5121", "paid": True}),
    "mark_cash": (
        MarkCashPayload,
        {**CHAT, "order": "5121", "paid": True, "payments": [DUE], "total": "12990.00", "currency": "RUB"},
    ),
    "check_cash": (
        CheckCashPayload,
        {
            **CHAT,
            "order": "5121",
            "paid": True,
            "payments": [DUE],
            "total": "12990.00",
            "currency": "RUB",
            "code": "ACCESS_DENIED",
        },
    ),
}
"""Job kind → its payload's class, and one as the code before the classes stored it."""


def _payload_classes(base: type[Payload] = Payload) -> Iterator[type[Payload]]:
    for each in base.__subclasses__():
        if each.__module__.startswith("shared.") and ".checkout." not in each.__module__:
            yield from (each, *_payload_classes(each))


def test_every_kind_is_here() -> None:
    """Those of the checkout are in its own tests."""
    kinds = {kind for kind, handler in Stage().kinds.items() if ".checkout." not in type(handler).__module__}
    assert kinds == set(STORED)
    assert set(_payload_classes()) - {ChatPayload, InlinePayload} == {cls for cls, _ in STORED.values()}


@pytest.mark.parametrize("kind", list(STORED))
def test_what_the_version_before_stored_is_read_and_can_be_read_by_it(kind: str) -> None:
    cls, old = STORED[kind]
    fresh = cls.from_data(old).as_data()
    assert {name: fresh[name] for name in old} == old
    assert set(fresh) - set(old) <= {"section", "source", "key", "attempt"}


@pytest.mark.parametrize(
    ("cls", "old", "name", "default"),
    [
        (LookAtWatchesPayload, STORED["look_at_watches"][1], "price_type", ""),
        (InlineOffersPayload, STORED["inline_offers"][1], "price_type", ""),
        (FindPayload, STORED["find"][1], "section", ""),
    ],
)
def test_what_came_later_is_not_missed(cls: type[Payload], old: dict[str, Any], name: str, default: object) -> None:
    read = cls.from_data({key: value for key, value in old.items() if key != name})
    assert read.as_data()[name] == default


def test_the_way_of_an_answer_is_in_every_payload_that_has_one() -> None:
    payload = PageOffersPayload.from_data({**STORED["page_offers"][1], "price_type": "4"})
    assert payload.target == ChatTarget(42, 77, "4")
    with pytest.raises(PayloadError, match="chat_id"):
        PageOffersPayload.from_data({**STORED["page_offers"][1], "chat_id": "42"})


async def test_a_job_whose_payload_cannot_be_read_is_kept_for_people() -> None:
    stage = Stage()
    job = Job("show_order", Lane.READ, {"chat_id": "42", "order": "5121"}, id="j1")
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    refused = Refusal("PLAN_FAILED", operators=True)
    record = await commit_result(stage.store, stage.clock, stage.kinds[job.kind], job, refused, 0.0)
    assert record is not None
    assert record.data["state"] == "done"
    letter = await stage.read(DEAD_LETTERS.key("job:j1"))
    assert letter is not None
    assert (letter["error"], "5121" in letter["payload"]) == ("PayloadError", True)


SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(max_size=5),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


@cache
def _values(hint: Any) -> st.SearchStrategy[Any]:
    """Whatever a field of this type may hold."""
    if isinstance(hint, UnionType):
        (wanted,) = (each for each in get_args(hint) if each is not NoneType)
        return st.none() | _values(wanted)
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0]), max_size=2).map(tuple)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{each.name: _values(hints[each.name]) for each in fields(hint)})
    return st.sampled_from(hint) if issubclass(hint, StrEnum) else SIMPLE[hint]


@pytest.mark.parametrize("cls", list(dict.fromkeys(cls for cls, _ in STORED.values())))
@given(data=st.data())
def test_a_payload_comes_back_from_the_store(cls: type[Payload], data: st.DataObject) -> None:
    payload = data.draw(_values(cls))  # type: ignore[arg-type] # mypy takes a class for its instance
    assert cls.from_data(plain(payload.as_data())) == payload
