"""From an inline query to its answer: what the portal is asked, who is answered, who is not any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.inline import jobs
from shared.assistant.inline.question import FRESH, InlineQuery
from shared.domain import searches
from shared.domain.catalogue import Product, ProductPage
from shared.domain.offers import Offer
from shared.domain.searches import CachedPage
from shared.domain.spelling.variants import QueryVariant
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import TOO_LATE, Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.store.collections import INLINE_QUERIES
from tests.assistant import samples
from tests.assistant.samples import BIT, DRILL, DRILL_OFFER, NOW, OTHER, SAW, USER
from tests.assistant.stage import OPERATORS, Seen, Stage

NOTHING = ProductPage((), 0)
GOODS = [Product(str(number), f"Дрель {number}") for number in range(1, 51)]
OFFERS = {product.id: samples.offer(product, "100", ("Тверь", "2")) for product in GOODS}


async def ask(stage: Stage, text: str = "дрель", *, id_: str = "q1", offset: int = 0, user: int = USER) -> Seen:
    async def make_decision(decision: Decision) -> None:
        await jobs.look_for(decision, InlineQuery(user, id_, text, offset, "shop_bot"))

    return await stage.decision(make_decision)


async def find(stage: Stage, job: Job, found: ProductPage) -> Seen:
    """Answer a question for names: the first way has found something."""
    return await stage.answer(job, [found, *[NOTHING] * (len(job.payload["ways"]) - 1)])


def answered(seen: Seen) -> dict[str, Any]:
    """Return the parameters of the only call, an answer to a query."""
    (call,) = seen.calls
    assert call.method == "answerInlineQuery"
    assert call.params["cache_time"] == 0
    assert call.params["is_personal"] is True
    return dict(call.params)


def button(seen: Seen) -> str:
    """Return what an empty answer says, and check that it leads to the bot."""
    answer = answered(seen)
    assert answer["results"] == []
    assert answer["button"]["start_parameter"] == "bot"
    return str(answer["button"]["text"])


async def test_all_spellings_are_asked_for_at_once(stage: Stage) -> None:
    seen = await ask(stage, "шуруповерт макита")
    assert (seen.job.kind, seen.job.lane, seen.job.until) == ("inline_find", Lane.READ, NOW + FRESH)
    asked = stage.kinds["inline_find"].plan(seen.job)
    queries = [command.params["filter"]["q"] for command in asked.commands.values()]
    assert queries == ["шуруповерт макита", "шуруповёрт Makita", "шуруповерт Makita"]
    assert seen.calls == []


async def test_results_have_price_stock_and_a_way_to_the_card(stage: Stage) -> None:
    seen = await find(stage, (await ask(stage)).job, ProductPage([DRILL, SAW], 2))
    assert (seen.job.kind, seen.job.lane, seen.job.until) == ("inline_offers", Lane.READ, NOW + FRESH)
    answer = answered(await stage.answer(seen.job, {DRILL.id: DRILL_OFFER}))
    assert (answer["inline_query_id"], answer["next_offset"]) == ("q1", "")
    drill, saw = answer["results"]
    assert (drill["type"], drill["id"], drill["title"]) == ("article", "0", DRILL.name)
    assert drill["description"] == "7\u00a0990\u00a0₽ · в наличии: 4\u00a0шт. · арт.\u00a0DF333DWYE"
    assert drill["reply_markup"]["inline_keyboard"] == [
        [{"text": "Открыть в боте", "url": "https://t.me/shop_bot?start=p_7"}]
    ]
    assert saw["title"] == SAW.name, "a title is plain text"
    assert saw["description"] == "Сейчас не продаётся · арт.\u00a0ZP&18"
    assert saw["input_message_content"]["message_text"].startswith("<b>Пила «Зубр» &amp; Ко &lt;б/у&gt; 18")


async def test_who_scrolls_on_gets_the_next_results_for_one_question(stage: Stage) -> None:
    first = await find(stage, (await ask(stage)).job, ProductPage(GOODS, 57))
    answer = answered(await stage.answer(first.job, OFFERS))
    assert [result["title"] for result in answer["results"]] == [product.name for product in GOODS[:10]]
    assert answer["next_offset"] == "10"
    second = await ask(stage, id_="q2", offset=40)
    assert [product["id"] for product in second.job.payload["products"]] == [str(number) for number in range(41, 51)]
    answer = answered(await stage.answer(second.job, OFFERS))
    assert [result["id"] for result in answer["results"]] == [str(number) for number in range(40, 50)]
    assert answer["next_offset"] == "50"
    third = await ask(stage, id_="q3", offset=50)
    operation = stage.kinds["inline_find"].plan(third.job)
    assert {command.params["start"] for command in operation.commands.values()} == {50}
    last = await find(stage, third.job, ProductPage([BIT], 51))
    assert answered(await stage.answer(last.job, {}))["next_offset"] == ""


async def test_names_of_the_last_minute_are_not_asked_for_again(stage: Stage) -> None:
    await stage.put(
        lambda unit: searches.cache(unit, "дрель", 0, CachedPage(QueryVariant("дрель"), ProductPage([DRILL], 1)))
    )
    assert (await ask(stage)).job.kind == "inline_offers"


async def test_what_inline_mode_found_serves_the_dialogue(stage: Stage) -> None:
    await find(stage, (await ask(stage)).job, ProductPage([DRILL, BIT], 2))
    assert (await stage.write("дрель")).job.kind == "page_offers"


async def test_that_nothing_was_found_is_said_and_not_kept(stage: Stage) -> None:
    seen = await find(stage, (await ask(stage)).job, NOTHING)
    assert button(seen) == texts.labels.INLINE_NOTHING
    assert seen.jobs == []
    assert (await stage.write("дрель")).job.kind == "find", "the dialogue goes on to guess"


async def test_known_to_be_nowhere_is_said_at_once(stage: Stage) -> None:
    await stage.put(lambda unit: searches.cache(unit, "дрель", 0, CachedPage()))
    seen = await ask(stage)
    assert button(seen) == texts.labels.INLINE_NOTHING
    assert seen.jobs == []


async def test_an_error_of_one_spelling_spoils_nothing(stage: Stage) -> None:
    job = (await ask(stage, "шуруповерт макита")).job
    seen = await stage.answer(job, [NOTHING, ProductPage([DRILL], 1), ValueError()])
    assert seen.job.kind == "inline_offers"


# Typing.


async def test_a_newer_query_takes_the_place_of_one_nobody_has_begun(stage: Stage) -> None:
    old = (await ask(stage, "дре", id_="q1")).job
    seen = await ask(stage, "дрель", id_="q2")
    assert [job.id for job in await stage.pending()] == [old.id]
    assert seen.job.payload["question"]["text"] == "дрель"
    assert answered(await _through(stage, seen.job))["inline_query_id"] == "q2"


async def _through(stage: Stage, job: Job) -> Seen:
    seen = await find(stage, job, ProductPage([DRILL], 1))
    return await stage.answer(seen.job, {DRILL.id: DRILL_OFFER})


async def test_also_when_it_was_about_to_ask_for_prices(stage: Stage) -> None:
    offers = (await find(stage, (await ask(stage, "дре")).job, ProductPage([DRILL], 1))).job
    seen = await ask(stage, "дрель", id_="q2")
    assert (seen.job.id, seen.job.kind) == (offers.id, "inline_find")
    assert len(await stage.pending()) == 1


async def test_what_is_under_way_for_an_older_query_ends_there(stage: Stage) -> None:
    old = (await ask(stage, "дре")).job
    await _lease(stage, old)
    new = (await ask(stage, "дрель", id_="q2")).job
    assert new.id != old.id
    seen = await find(stage, replace(old, lease="w1"), ProductPage([DRILL], 1))
    assert (seen.calls, [job for job in seen.jobs if job.id != new.id]) == ([], [])
    assert answered(await _through(stage, new))["inline_query_id"] == "q2"


async def _lease(stage: Stage, job: Job) -> None:
    """A worker takes the job."""
    await stage.save(job.key, lambda unit: unit.put(job.key, replace(job, lease="w1").as_data(), due_at=NOW))


async def test_nor_are_its_prices_answered(stage: Stage) -> None:
    offers = (await find(stage, (await ask(stage, "дре")).job, ProductPage([DRILL], 1))).job
    await _lease(stage, offers)
    await ask(stage, "дрель", id_="q2")
    assert (await stage.answer(replace(offers, lease="w1"), {DRILL.id: DRILL_OFFER})).calls == []


async def test_one_masters_typing_is_not_anothers(stage: Stage) -> None:
    first = (await ask(stage, "дре")).job
    second = (await ask(stage, "дрель", user=OTHER, id_="q2")).job
    assert first.id != second.id
    assert answered(await _through(stage, first))["inline_query_id"] == "q1"


# Trouble.


@pytest.mark.parametrize("step", ["names", "prices"])
async def test_after_25_seconds_nobody_waits_for_an_answer(stage: Stage, step: str) -> None:
    job = (await ask(stage)).job
    if step == "prices":
        job = (await find(stage, job, ProductPage([DRILL], 1))).job
    stage.clock.advance(seconds=FRESH.total_seconds())
    value: object = {DRILL.id: DRILL_OFFER} if step == "prices" else [ProductPage([DRILL], 1)]
    seen = await stage.answer(job, value)
    assert (seen.calls, seen.jobs) == ([], [])


async def test_what_came_too_late_to_be_asked_is_silence(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    job = (await ask(stage)).job
    stage.clock.advance(seconds=FRESH.total_seconds())
    assert (await stage.refuse(job, Refusal(TOO_LATE))).calls == []
    assert "job failed" not in caplog.text


async def test_a_failure_is_an_empty_answer_and_no_apology_in_a_chat(stage: Stage) -> None:
    assert button(await stage.refuse((await ask(stage)).job)) == texts.labels.INLINE_TROUBLE


async def test_a_failure_of_an_older_query_is_not_answered(stage: Stage) -> None:
    old = (await ask(stage, "дре")).job
    await _lease(stage, old)
    await ask(stage, "дрель", id_="q2")
    assert (await stage.refuse(replace(old, lease="w1"))).calls == []


async def test_the_operators_hear_of_what_only_they_can_mend(stage: Stage) -> None:
    seen = await stage.refuse((await ask(stage)).job, Refusal("INVALID_CREDENTIALS", operators=True))
    assert [call.method for call in seen.calls] == ["answerInlineQuery", "sendMessage"]
    assert seen.screen.params["chat_id"] == OPERATORS


async def test_what_is_remembered_of_typing_is_soon_forgotten(stage: Stage) -> None:
    await ask(stage)
    where = INLINE_QUERIES.key(str(USER))
    assert await stage.read(where) is not None
    stage.clock.advance(seconds=timedelta(minutes=1).total_seconds())
    assert await stage.read(where) is None


# Results.


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        ("https://shop.test/1.jpg", True),
        ("http://shop.test/1.jpg", False),
        ("/upload/1.jpg", False),
        ("product-picture:7:1", False),
        ("https://shop.test/rest/1/abcdef1234567890/1.jpg", False),
        ("https://shop.test/" + "x" * 1000, False),
        (None, False),
    ],
)
async def test_only_a_public_picture_is_shown_beside_a_result(stage: Stage, picture: str | None, shown: bool) -> None:
    drill = replace(DRILL, picture=picture)
    seen = await find(stage, (await ask(stage)).job, ProductPage([drill], 1))
    (result,) = answered(await stage.answer(seen.job, {DRILL.id: DRILL_OFFER}))["results"]
    assert result.get("thumbnail_url") == (picture if shown else None)


async def test_a_product_whose_id_fits_no_link_has_no_button(stage: Stage) -> None:
    odd = replace(DRILL, id="7:8")
    seen = await find(stage, (await ask(stage)).job, ProductPage([odd], 1))
    (result,) = answered(await stage.answer(seen.job, {"7:8": Offer("7:8", DRILL_OFFER.price, "RUB", ())}))["results"]
    assert "reply_markup" not in result
