"""Goods with variations, against the simulated portal: found, chosen among and priced by the variation's id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.bitrix.combine import combine
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import AccessDenied, BadAnswer, NotFound
from shared.bitrix.portal import Answer
from shared.domain.catalogue import ACCESSORIES, Product, ProductDetails, ProductPage
from tests.bitrix.native.shop import NATIVE, SHOP, Shop
from tests.bitrix.native.speaking import ODD, native, told

DISC = "Круг отрезной по стали"


@pytest.fixture
def disc(shop: Shop) -> str:
    return shop.sells(DISC, "KO-5000")


@pytest.fixture
def sizes(shop: Shop, disc: str) -> list[str]:
    """Two variations: nobody named the first, the second says itself what it is."""
    return [
        shop.sells(DISC, "KO-5125", disc, "125 мм"),
        shop.sells(f"{DISC} большой, 150 мм", "KO-5150", disc, "150 мм"),
    ]


async def test_a_parent_is_found_by_its_name_and_hides_its_variations(shop: Shop, disc: str, sizes: list[str]) -> None:
    assert sizes
    (found,) = (await shop.asks(NATIVE.search("круг по стали отрезной"))).products
    assert found == Product(disc, DISC, "KO-5000", found.picture, has_variations=True)


async def test_a_variation_is_found_by_its_own_name(shop: Shop, sizes: list[str]) -> None:
    assert await shop.finds("круг большой 150") == [sizes[1]]


@pytest.mark.parametrize("typed", ["KO-5125", "ko 5125", "КО-5125", "ko5125"])
async def test_a_variation_is_found_by_its_own_article(shop: Shop, sizes: list[str], typed: str) -> None:
    (found,) = (await shop.asks(NATIVE.search(typed))).products
    assert (found.id, found.article) == (sizes[0], "KO-5125")
    assert found.name == f"{DISC}, 125 мм", "it has its parent's name, so what it is by is added"
    looked_up = await shop.asks(NATIVE.by_articles([typed, "KO-5000"]))
    assert [(one.id, one.has_variations) for one in looked_up[typed]] == [(sizes[0], False)]
    assert [one.has_variations for one in looked_up["KO-5000"]] == [True]


async def test_a_variation_that_names_itself_keeps_its_name(shop: Shop, sizes: list[str]) -> None:
    (found,) = (await shop.asks(NATIVE.search("KO-5150"))).products
    assert (found.id, found.name) == (sizes[1], f"{DISC} большой, 150 мм")


async def test_the_card_of_a_parent_has_its_variations(shop: Shop, disc: str, sizes: list[str]) -> None:
    details = await shop.asks(NATIVE.product(disc))
    assert details.variations is not None
    assert ([one.id for one in details.variations.products], details.variations.total) == (sizes, 2)
    only = await shop.asks(NATIVE.product(sizes[0]))
    assert (only.product.name, only.parent, only.variations) == (f"{DISC}, 125 мм", disc, None)
    assert set(await shop.asks(NATIVE.quote([disc, *sizes]))) == set(sizes)


@pytest.mark.parametrize("count", [1, 50, 51, 100])
async def test_a_parent_may_have_a_hundred(shop: Shop, disc: str, count: int) -> None:
    ids = [shop.sells(DISC, f"KO-{number}", disc, f"{number} мм") for number in range(count)]
    read: list[str] = []
    start: int | None = 0
    while start is not None:
        variations = (await shop.asks(NATIVE.product(disc, start))).variations
        assert variations is not None
        assert variations.total == count
        read += [one.id for one in variations.products]
        start = variations.next
    assert read == ids


async def test_beyond_the_last_page_there_is_nothing(shop: Shop, disc: str, sizes: list[str]) -> None:
    assert sizes
    details = await shop.asks(NATIVE.product(disc, 50))
    assert details.variations == ProductPage((), 2)


async def test_what_is_not_sold_is_no_choice(shop: Shop, disc: str) -> None:
    shop.sells(DISC, "KO-1", disc, active=False)
    variations = (await shop.asks(NATIVE.product(disc))).variations
    assert variations is not None
    assert variations.products == ()


@pytest.mark.parametrize("state", [{"active": False}, {"active_to": datetime(2020, 1, 1, tzinfo=UTC)}])
async def test_variations_of_what_is_not_sold_are_not_sold(
    shop: Shop, disc: str, sizes: list[str], state: dict[str, Any]
) -> None:
    other = shop.sells("Дрель")
    for field, value in state.items():
        setattr(shop.portal.shop.catalogue.known(disc), field, value)
    assert list(await shop.asks(NATIVE.quote([other, *sizes]))) == [other]
    details, offers = await shop.asks(combine([NATIVE.product(sizes[0]), NATIVE.quote(sizes, by_store=False)], 0))
    assert (type(details), offers) == (NotFound, {})


@pytest.mark.parametrize("told", [Answer(None, error=AccessDenied("no")), Answer({"products": []}, 0)])
def test_what_is_not_told_of_a_parent_costs_nothing(told: Answer) -> None:
    operation = NATIVE.quote(["21"])
    variation = {"id": 21, "iblockId": 25, "active": "Y", "quantity": 1, "parentId": {"value": "20"}}
    price = {"id": 1, "productId": 21, "catalogGroupId": 1, "price": 5, "currency": "RUB"}
    answers = {
        "prices": Answer({"prices": [price]}, 1),
        "goods0": Answer({"products": []}, 0),
        "goods1": Answer({"products": [variation]}, 1),
        "parents": told,
    }
    assert operation.optional == {"parents"}
    assert list(operation.read(answers)) == ["21"]


async def test_a_section_lists_the_parent_alone(shop: Shop, disc: str, sizes: list[str]) -> None:
    section = "302"
    page = await shop.asks(NATIVE.products_of(section))
    here = [product.id for product in page.products]
    assert disc in here
    assert not set(sizes) & set(here)


async def test_many_variations_of_one_name_have_pages(shop: Shop, disc: str) -> None:
    for number in range(60):
        shop.sells(f"Лепесток {number}", "", disc)
    first = await shop.asks(NATIVE.search("лепесток"))
    assert (len(first.products), first.total, first.next) == (50, 60, 50)
    second = await shop.asks(NATIVE.search("лепесток", 50))
    assert (len(second.products), second.total, second.next) == (10, 60, None)


async def test_goods_and_variations_of_one_name_are_one_page(shop: Shop, disc: str, sizes: list[str]) -> None:
    simple = shop.sells("Большой круг 150")
    assert await shop.finds("большой 150") == [simple, sizes[1]]
    assert disc not in await shop.finds("большой 150")


async def test_without_the_setting_nothing_more_is_asked(shop: Shop, disc: str, sizes: list[str]) -> None:
    plain = native()
    assert await shop.finds(DISC, plain) == []
    assert await shop.finds("KO-5125", plain) == []
    assert sizes
    for operation in (plain.search("круг"), plain.product(disc), plain.by_articles(["KO-5125"])):
        blocks = {command.params.get("filter", {}).get("iblockId") for command in operation.commands.values()}
        assert blocks <= {23, None}


def test_variations_of_another_product_are_noticed() -> None:
    row = {"id": 20, "iblockId": 23, "name": DISC, "type": 3}
    other = {"id": 21, "iblockId": 25, "name": DISC, "type": 4, "parentId": {"value": "9"}}
    answers = {
        "list": Answer({"products": [row]}, 1),
        "images": {"productImages": []},
        "offer": Answer({"products": []}, 0),
        "parents": Answer({"products": []}, 0),
        "variations": Answer({"offers": [other]}, 1),
    }
    with pytest.raises(BadAnswer, match="parentId"):
        told(NATIVE.product("20"), answers)


def test_a_card_needs_no_variation_to_be_read() -> None:
    row = {"id": 20, "iblockId": 23, "name": "Дрель", "type": 1}
    answers = {
        "list": Answer({"products": [row]}, 1),
        "images": {"productImages": []},
        "offer": Answer({"products": []}, 0),
        "parents": Answer({"products": []}, 0),
        "variations": Answer({"offers": []}, 0),
    }
    assert told(NATIVE.product("20"), answers) == ProductDetails(Product("20", "Дрель"))


FIELDS = ("id", "name", "type", "property205", "property210", "detailPicture", "canBuyZero", "active")


@given(st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=4))
@example({"parentId": None})
@example({"parentId": [{"value": {}}]})
def test_no_odd_variation_costs_the_choice(odd: dict[str, Any]) -> None:
    parent = {"id": 20, "iblockId": 23, "name": DISC, "type": 3}
    usual = {"iblockId": 25, "name": DISC, "type": 4, "parentId": {"value": "20"}}
    answers = {
        "list": Answer({"products": [parent]}, 1),
        "images": {"productImages": []},
        "offer": Answer({"products": []}, 0),
        "parents": Answer({"products": []}, 0),
        "variations": Answer({"offers": [{"id": 21, **usual} | odd, {"id": 22, **usual}]}, 2),
    }
    details = told(NATIVE.product("20"), answers)
    assert details.variations is not None
    assert "22" in {one.id for one in details.variations.products}


@given(st.dictionaries(st.sampled_from([*FIELDS, "property105", "iblockSectionId"]), ODD, max_size=4))
def test_no_odd_product_costs_a_look_up(odd: dict[str, Any]) -> None:
    good = {"id": 22, "iblockId": 23, "name": "Дрель", "type": 1, "property105": {"value": "AB-12345"}}
    page = Answer({"products": [{**good, "id": 21} | odd, good]}, 2)
    empty = Answer({"products": []}, 0)
    operation = NATIVE.by_articles(["AB-12345"])
    found = operation.read({key: page if key == "n0" else empty for key in operation.commands})
    assert "22" in {one.id for one in found["AB-12345"]}


async def test_what_may_stand_in_is_told_with_the_product_where_the_shop_keeps_it(shop: Shop) -> None:
    like = [shop.sells(f"Диск {number}") for number in range(7)]
    known = shop.sells("Диск старый", analogues=tuple(like))
    portal = native(analogues_property="property115")
    assert list((await shop.asks(portal.product(known))).analogues) == like[:5]
    assert not (await shop.asks(portal.product(like[0]))).analogues
    assert not (await shop.asks(native().product(known))).analogues, "not asked for"
    shop.portal.shop.catalogue.known(known).analogues = (known,)
    assert not (await shop.asks(portal.product(known))).analogues, "itself"


LINKING = native(**SHOP, analogues_property="property115", accessories_property="property135")


async def test_what_goes_with_a_product_is_told_with_it(shop: Shop) -> None:
    bits = [shop.sells(f"Бита {number}") for number in range(7)]
    known = shop.sells("Дрель особая", accessories=(bits[0], *bits))
    shop.portal.shop.catalogue.known(known).accessories += (known,)
    portal = native(accessories_property="property135")
    details = await shop.asks(portal.product(known))
    assert (list(details.accessories), details.analogues) == (bits[:5], ())
    assert not (await shop.asks(native().product(known))).accessories, "not asked for"
    assert portal.product(known).weight == native().product(known).weight


async def test_of_a_variation_it_is_what_goes_with_its_product(shop: Shop, disc: str, sizes: list[str]) -> None:
    bit, like = shop.sells("Бита"), shop.sells("Диск")
    parent = shop.portal.shop.catalogue.known(disc)
    parent.accessories, parent.analogues = (bit, sizes[0], disc), (like,)
    details = await shop.asks(LINKING.product(sizes[0]))
    assert (details.accessories, details.analogues, details.parent) == ((bit,), (like,), disc)


@pytest.mark.parametrize(
    ("value", "linked"),
    [
        (None, ()),
        ({"value": "16", "valueId": "1"}, ("16",)),
        ([{"value": "16", "valueId": "1"}, {"value": 17, "valueId": "2"}], ("16", "17")),
        ([{"value": "a:b", "valueId": "1"}, {"value": None}, {"value": "16"}, "17"], ("16", "17")),
    ],
)
def test_one_value_and_many_are_read_alike(value: object, linked: tuple[str, ...]) -> None:
    portal = native(accessories_property="property135")
    row = {"id": 20, "iblockId": 23, "name": "Дрель", "type": 1, "property135": value}
    assert (
        told(
            portal.product("20"), {"list": Answer({"products": [row]}, 1), "images": {"productImages": []}}
        ).accessories
        == linked
    )


def test_a_product_and_all_that_goes_with_it_are_one_request() -> None:
    portal = native(**SHOP, accessories_property="property135", units=True, vat_on_top=True)
    wanted = [str(number) for number in range(ACCESSORIES + 1)]
    assert combine([portal.quote(wanted), *map(portal.product, wanted)]).weight <= MOST_COMMANDS
