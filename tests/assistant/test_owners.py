"""Records that buttons speak of belong to a master: a forged button opens nobody else's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.lists.buttons import AddList, AddListAgain, FindLine
from shared.assistant.navigation import AddToCart, ShowCard, SwitchWatch
from shared.assistant.search.buttons import SetQuantity, ShowPage
from shared.domain import carts, searches, watches
from shared.domain.pasted_lists import quoted
from shared.domain.pasted_lists.quoted import QuotedItem, QuotedList
from shared.domain.watches import WatchAim
from shared.store.collections import PASTED_LISTS, SEARCHES
from shared.telegram.api import CallbackData
from tests.assistant.samples import DRILL, DRILL_DETAILS, DRILL_OFFER, USER, search
from tests.assistant.stage import Stage

OTHER = USER + 1
PRICE = Decimal(7990)
OF_ANOTHER: list[CallbackData] = [
    ShowPage(search="s1", page=1),
    SetQuantity(search="s1", product="7", quantity=2, price=PRICE, currency="RUB"),
    AddToCart(search="s1", product="7", quantity=1, price=PRICE, currency="RUB"),
    SwitchWatch(search="s1", product="7", aim=WatchAim.PRICE, price=PRICE, currency="RUB", on=True),
    AddList(list="l1"),
    AddListAgain(list="l1", message=7),
    FindLine(list="l1", line=0),
]


async def keep(stage: Stage, owner: int) -> None:
    await stage.save(SEARCHES.key("s1"), search(DRILL).of(owner).save)
    kept = QuotedList("l1", (QuotedItem(DRILL, Decimal(3)),), ("бита",), owner=owner)
    await stage.save(PASTED_LISTS.key("l1"), kept.save)


@pytest.mark.parametrize("data", OF_ANOTHER, ids=lambda data: type(data).__name__)
async def test_what_is_anothers_is_a_stale_button(stage: Stage, data: CallbackData) -> None:
    await keep(stage, OTHER)
    seen = await stage.tap(data)
    assert texts.trouble.stale_button() in seen.toasts
    assert [job.kind for job in seen.jobs] == (["card"] if isinstance(data, SwitchWatch) else []), (
        "a fresh card at most"
    )
    assert (await carts.load(stage.unit(), USER)).lines == ()
    assert (await watches.load(stage.unit(), USER)).of("7") is None


@pytest.mark.parametrize("owner", [USER, 0], ids=["his", "of the version before"])
@pytest.mark.parametrize("data", OF_ANOTHER, ids=lambda data: type(data).__name__)
async def test_what_is_his_is_not(stage: Stage, data: CallbackData, owner: int) -> None:
    await keep(stage, owner)
    seen = await stage.tap(data)
    assert texts.trouble.stale_button() not in seen.toasts


async def test_a_card_is_not_kept_in_anothers_search(stage: Stage) -> None:
    await keep(stage, OTHER)
    before = await searches.load_search(stage.unit(), "s1")
    seen = await stage.tap(ShowCard(search="s1", product="7"))
    await stage.answer(seen.job, [DRILL_DETAILS, {"7": DRILL_OFFER}])
    assert await searches.load_search(stage.unit(), "s1") == before
    (mine,) = [
        record
        for key, record in stage.store._documents.items()
        if key.collection == SEARCHES.name and record.data["owner"] == USER
    ]
    assert mine.key != SEARCHES.key("s1")


async def test_what_is_found_and_quoted_belongs_to_who_asked(stage: Stage) -> None:
    seen = await stage.tap(ShowCard(search="s1", product="7"))
    await stage.answer(seen.job, [DRILL_DETAILS, {"7": DRILL_OFFER}])
    kept = await searches.load_search(stage.unit(), "s1")
    assert kept is not None
    assert kept.owner == USER


async def test_a_list_says_whose_it_is(stage: Stage) -> None:
    await keep(stage, USER)
    assert await quoted.load(stage.unit(), "l1", OTHER) is None
    kept = await quoted.load(stage.unit(), "l1", USER)
    assert kept is not None
    assert kept.owner == USER
