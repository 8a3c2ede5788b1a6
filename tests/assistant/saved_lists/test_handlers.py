"""A cart saved under a name, and what comes of it later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from shared.assistant import texts
from shared.domain import carts, order_records, saved_lists
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from shared.domain.catalogue import Product
from shared.domain.order_record import OrderRecord
from shared.domain.orders import OrderLine
from shared.domain.pasted_lists import quoted
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import QuotedList
from shared.domain.quantities import PIECE
from shared.domain.saved_lists import SavedItem, SavedList, SavedLists
from shared.status import Status
from shared.store.collections import SAVED_LISTS
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.api import User
from tests.assistant import samples
from tests.assistant.samples import BIT, DRILL, OFFERS, SAW, USER
from tests.assistant.stage import Seen, Stage


def _cart(*lines: CartLine) -> Cart:
    return Cart(lines or (samples.line(DRILL, 2, "7990"), samples.line(BIT, 10, "45")))


async def _fill(stage: Stage, cart: Cart) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, cart))


async def _saved(stage: Stage, name: str = "Ванная") -> Seen:
    asked = await stage.tap("mc1")
    assert asked.screen.text == texts.saved.ask_name()
    return await stage.write(name)


async def test_a_cart_is_saved_and_quoted_anew_later(stage: Stage) -> None:
    await _fill(stage, _cart())
    listed = await _saved(stage)
    assert texts.saved.open_list("Ванная", 2) in listed.screen.labels
    await _fill(stage, Cart())
    shown = await stage.write("/lists")
    opened = await stage.tap(shown.screen.data(texts.saved.open_list("Ванная", 2)))
    assert (opened.job.kind, len(opened.job.payload["lines"])) == ("quote_list", 2)
    quoted = await stage.answer(opened.job, OFFERS)
    assert DRILL.name in quoted.screen.text
    adding = await stage.tap(quoted.screen.buttons[0]["callback_data"])
    await stage.answer(adding.job, OFFERS)
    lines = (await carts.load(stage.unit(), USER)).lines
    assert [(line.product_id, line.quantity) for line in lines] == [(DRILL.id, Decimal(2)), (BIT.id, Decimal(10))]


async def test_the_same_name_replaces_and_a_list_can_be_dropped(stage: Stage) -> None:
    await _fill(stage, _cart())
    await _saved(stage)
    await _fill(stage, _cart(samples.line(BIT, 1, "45")))
    await _saved(stage, " ванная ")
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    assert (one.name, [item.product.id for item in one.items]) == ("ванная", [BIT.id])
    gone = await stage.tap(f"mb1:{one.id}")
    assert gone.screen.text == texts.saved.head(0)
    assert (await saved_lists.load(stage.unit(), USER)).lists == ()
    assert (await stage.tap(f"ma1:{one.id}")).jobs == []


async def test_what_cannot_be_saved_is_said(stage: Stage) -> None:
    assert (await stage.tap("mc1")).screen.text == texts.saved.cart_empty()
    await _fill(stage, _cart())
    await stage.tap("mc1")
    assert (await stage.write("д" * 41)).screen.text == texts.saved.name_odd(saved_lists.LONGEST_NAME)
    await _fill(stage, Cart())
    assert (await stage.write("Кухня")).screen.text == texts.saved.cart_empty()


async def test_there_is_room_for_so_many_lists(stage: Stage) -> None:
    await _fill(stage, _cart())
    for number in range(saved_lists.MOST):
        await _saved(stage, f"Список {number}")
    assert (await _saved(stage, "Лишний")).screen.text == texts.saved.too_many(saved_lists.MOST)
    assert len((await saved_lists.load(stage.unit(), USER)).lists) == saved_lists.MOST


async def _mine(stage: Stage, user: int = USER) -> list[tuple[str, list[tuple[Any, ...]]]]:
    mine = await saved_lists.load(stage.unit(), user)
    return [(one.name, [(item.product.id, item.quantity) for item in one.items]) for one in mine.lists]


async def test_counts_are_changed_by_the_steps_a_product_is_sold_by(stage: Stage) -> None:
    await _fill(stage, _cart(samples.line(DRILL, 2, "7990"), replace(samples.line(BIT, 20, "45"), step=Decimal(10))))
    listed = await _saved(stage)
    shown = await stage.tap(listed.screen.data(texts.saved.CHANGE))
    assert shown.screen.text.startswith("📋 <b>Ванная</b> — 2")
    more = [button["callback_data"] for button in shown.screen.buttons if button["text"] == texts.labels.PLUS]
    await stage.tap(more[1])
    assert await _mine(stage) == [("Ванная", [(DRILL.id, 2), (BIT.id, 30)])]
    out = [button["callback_data"] for button in shown.screen.buttons if button["text"] == texts.labels.REMOVE]
    left = await stage.tap(out[1])
    assert await _mine(stage) == [("Ванная", [(DRILL.id, 2)])]
    assert (await stage.tap(left.screen.data(texts.labels.REMOVE))).toasts == [texts.saved.dropped()]
    assert await _mine(stage) == []
    assert (await stage.tap(more[0])).toasts == [texts.trouble.stale_button()]


async def test_no_more_of_a_product_is_wanted_than_an_order_takes(stage: Stage) -> None:
    await _fill(stage, _cart(samples.line(DRILL, 999, "7990")))
    listed = await _saved(stage)
    shown = await stage.tap(listed.screen.data(texts.saved.CHANGE))
    await stage.tap(shown.screen.data(texts.labels.PLUS))
    assert await _mine(stage) == [("Ванная", [(DRILL.id, 999)])]
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    forged = await stage.tap(f"md1:{one.id}:{DRILL.id}:1E+999999:0")
    assert forged.screen.text == shown.screen.text


async def test_of_an_order_that_people_made_long_or_large_as_much_is_quoted_as_is_taken(stage: Stage) -> None:
    items = [SavedItem(Product(str(number), f"Товар {number}"), Decimal(2000)) for number in range(60)]
    mine = SavedLists((SavedList("l1", "Склад", tuple(items)),))
    await stage.save(SAVED_LISTS.key(str(USER)), lambda unit: saved_lists.save(unit, USER, mine))
    opened = await stage.tap("ma1:l1")
    lines = opened.job.payload["lines"]
    assert (len(lines), {line["quantity"] for line in lines}) == (50, {999})
    assert "в списке ещё 10." in (await stage.answer(opened.job, OFFERS)).screen.text


async def test_a_list_of_the_version_before_is_read(stage: Stage) -> None:
    item = {"product": {"id": "7", "name": "Дрель", "article": ""}, "quantity": "2"}
    stored = {"lists": [{"id": "l1", "name": "Ванная", "items": [item]}]}
    key = SAVED_LISTS.key(str(USER))
    await stage.save(key, lambda unit: unit.put(key, stored))
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    assert one.items == (SavedItem(Product("7", "Дрель"), Decimal(2), PIECE, Decimal(1)),)


OTHER = 43


async def _shared(stage: Stage) -> str:
    """Save a list and return what its link has behind «start=»."""
    await _fill(stage, _cart())
    listed = await _saved(stage)
    managed = await stage.tap(listed.screen.data(texts.saved.CHANGE))
    stage.bot._me = User(id=1, is_bot=True, first_name="Бот", username="shop_bot")
    shown = (await stage.tap(managed.screen.data(texts.saved.SHARE))).screen
    address = shown.buttons[0]["url"]
    assert address in shown.text
    return address.removeprefix("https://t.me/shop_bot?start=")


async def test_another_master_gets_a_copy_once_and_each_changes_his_own(stage: Stage) -> None:
    payload = await _shared(stage)
    await stage.join(replace(samples.MASTER, telegram_id=OTHER))
    taken = await stage.write(f"/start {payload}", user=OTHER)
    assert (taken.screen.text, taken.job.kind) == (texts.saved.taken("Ванная"), "quote_list")
    assert await _mine(stage, OTHER) == await _mine(stage)
    again = await stage.write(f"/start {payload}", user=OTHER)
    assert (again.screen.text, again.job.kind) == (texts.saved.taken_before("Ванная"), "quote_list")
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    await stage.tap(f"md1:{one.id}:{DRILL.id}:5:0", user=OTHER)
    assert (await _mine(stage))[0][1] != (await _mine(stage, OTHER))[0][1]
    mine = await stage.write(f"/start {payload}")
    assert (mine.screens, mine.job.kind) == ([], "quote_list"), "his own is only opened"


async def test_a_link_tells_nothing_of_its_owner_and_stays_the_same(stage: Stage) -> None:
    payload = await _shared(stage)
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    assert len(payload.removeprefix("l_")) == 32
    again = Stage()
    await again.join()
    assert await _shared(again) != payload, "the same list of the same master: its link is drawn by lot"
    shown = (await stage.tap(f"mf1:{one.id}")).screen
    assert shown.buttons[0]["url"].endswith(payload)
    await stage.join(replace(samples.MASTER, telegram_id=OTHER))
    await stage.write(f"/start {payload}", user=OTHER)
    theirs = (await stage.tap(f"mf1:{one.id}", user=OTHER)).screen
    assert not theirs.buttons[0]["url"].endswith(payload), "a copy is shared as its own"


async def test_a_link_of_the_version_before_still_leads_to_its_list(stage: Stage) -> None:
    await _shared(stage)
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    await stage.join(replace(samples.MASTER, telegram_id=OTHER))
    taken = await stage.write(f"/start l_{USER}_{one.id}", user=OTHER)
    assert taken.screen.text == texts.saved.taken("Ванная")


async def test_a_copy_takes_no_name_that_is_in_use(stage: Stage) -> None:
    payload = await _shared(stage)
    await stage.join(replace(samples.MASTER, telegram_id=OTHER))
    own = SavedLists((SavedList("own", "ванная", ()),))
    await stage.save(SAVED_LISTS.key(str(OTHER)), lambda unit: saved_lists.save(unit, OTHER, own))
    taken = await stage.write(f"/start {payload}", user=OTHER)
    assert taken.screen.text == texts.saved.taken("Ванная (2)")
    assert [name for name, _ in await _mine(stage, OTHER)] == ["Ванная (2)", "ванная"]


async def test_a_link_leads_to_nothing_when_the_list_or_its_owner_is_gone(stage: Stage) -> None:
    payload = await _shared(stage)
    await stage.join(replace(samples.MASTER, telegram_id=OTHER))
    for odd in ("l_42_zz", "l_4_zz", "l_x_zz", "l_zz"):
        assert (await stage.write(f"/start {odd}", user=OTHER)).screen.text == texts.saved.link_over()
    await stage.join(replace(samples.MASTER, blocked=True))
    assert (await stage.write(f"/start {payload}", user=OTHER)).screen.text == texts.saved.link_over()
    await stage.join(samples.MASTER)
    full = SavedLists(tuple(SavedList(f"o{number}", f"{number}", ()) for number in range(saved_lists.MOST)))
    await stage.save(SAVED_LISTS.key(str(OTHER)), lambda unit: saved_lists.save(unit, OTHER, full))
    assert (await stage.write(f"/start {payload}", user=OTHER)).screen.text == texts.saved.too_many(saved_lists.MOST)


async def test_a_bot_whose_name_nobody_tells_makes_no_link(stage: Stage) -> None:
    await _fill(stage, _cart())
    listed = await _saved(stage)
    stage.bot._me = User(id=1, is_bot=True, first_name="Бот")
    (one,) = (await saved_lists.load(stage.unit(), USER)).lists
    assert (await stage.tap(f"mf1:{one.id}")).screen.text == texts.saved.unshared()
    await stage.tap(f"mb1:{one.id}")
    assert (await stage.tap(f"mf1:{one.id}")).toasts == [texts.trouble.stale_button()]
    assert (await stage.tap(listed.screen.data(texts.saved.CHANGE))).toasts == [texts.trouble.stale_button()]


def _order(number: int, *goods: tuple[Product, str], **changes: Any) -> OrderRecord:
    lines = tuple(OrderLine(product.id, product.name, Decimal(count), Decimal(1)) for product, count in goods)
    return replace(samples.known_order(id_=str(number)), lines=lines, **changes)


async def _ordered(stage: Stage, *orders: OrderRecord) -> None:
    for order in orders:
        await stage.put(partial(_put, order))


async def _put(order: OrderRecord, unit: UnitOfWork) -> None:
    await order_records.remember(unit, order)


async def test_an_order_is_saved_as_a_list(stage: Stage) -> None:
    await _ordered(stage, _order(1, (DRILL, "1"), (BIT, "10"), (DRILL, "2")))
    asked = await stage.tap("mi1:1")
    assert asked.screen.text == texts.saved.ask_name()
    await stage.write("Как в марте")
    assert await _mine(stage) == [("Как в марте", [(DRILL.id, 3), (BIT.id, 10)])]


async def test_an_order_whose_goods_nobody_saw_is_said(stage: Stage) -> None:
    await _ordered(stage, samples.known_order(id_="1"))
    assert (await stage.tap("mi1:1")).screen.text == texts.saved.order_unknown("1")
    assert "99" in (await stage.tap("mi1:99")).screen.text


async def test_a_pasted_list_is_saved_without_what_must_be_asked(stage: Stage) -> None:
    settled = SoughtLine("дрель", Decimal(2), LookUpStage.SETTLED, (DRILL,), 1)
    open_lines = (replace(settled, options=(Decimal(1), Decimal(2))), replace(settled, products=(DRILL, BIT), total=2))
    wanted = QuotedList("q1", lines=(settled, *open_lines), owner=USER)
    await stage.save(quoted.key("q1"), wanted.save)
    assert (await stage.tap("mh1:q1")).screen.text == texts.saved.ask_name()
    await stage.write("Из чата")
    assert await _mine(stage) == [("Из чата", [(DRILL.id, 2)])]
    assert (await stage.tap("mh1:zz")).toasts == [texts.trouble.stale_button()]


async def test_what_was_ordered_lately_is_quoted_with_its_usual_counts(stage: Stage) -> None:
    assert (await stage.tap("mg1")).screen.text == texts.saved.nothing_usual()
    await _ordered(
        stage,
        _order(1, (SAW, "7"), shown=(Status.NEW, Status.CANCELED)),
        _order(2, (BIT, "10")),
        _order(3, (BIT, "10"), (DRILL, "1")),
        _order(4, (BIT, "50"), (DRILL, "2")),
        samples.known_order(id_="5"),
    )
    asked = await stage.tap("mg1")
    wanted = [(line["products"][0]["id"], line["quantity"]) for line in asked.job.payload["lines"]]
    assert wanted == [(BIT.id, 10), (DRILL.id, 2)], "the most frequent count, of equals the newest; nothing canceled"
