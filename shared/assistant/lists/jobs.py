"""What a list asks of Bitrix: its articles and names, then price and stock of what was found; once more at «В корзину».

All lines of a list travel together: mostly one request finds them and one quotes them (`matching` tells when it takes
more). Prices are asked again when the goods go into the cart, because a quote may lie in the dialogue for a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import MasterJobHandler, price_type_of, target_of, target_payload
from shared.assistant.lists import screens
from shared.assistant.lists.screens import ListNotes
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation, Portal
from shared.domain import carts
from shared.domain.catalogue import ProductPage
from shared.domain.offers import Offer
from shared.domain.pasted_lists import matching, quoted
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import QuotedList
from shared.domain.pasted_lists.reading import PastedList
from shared.domain.searches import new_id
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.registry import JobHandler
from shared.pipeline.select import BATCH

FIND_LIST = "find_list"
QUOTE_LIST = "quote_list"
ADD_LIST = "add_list"


def find_job(where: ChatTarget, pasted: PastedList) -> Job:
    """Return the job that finds what a list wants and has it quoted."""
    lines = [line.as_data() for line in matching.sought(pasted.lines)]
    cut = {"left_out": pasted.left_out, "capped": pasted.capped}
    return Job(FIND_LIST, Lane.READ, {**target_payload(where), "list": new_id(), "lines": lines, "cut": cut})


def add_job(where: ChatTarget, user_id: int, wanted: QuotedList) -> Job:
    """Return the job that puts what waits into the cart; named after the list, so that one is enough."""
    products = [good.product.id for good in wanted.waiting]
    payload = {**target_payload(where), "user_id": user_id, "list": wanted.id, "products": products}
    return Job(ADD_LIST, Lane.READ, payload, id=f"{ADD_LIST}:{wanted.id}")


class _ListHandler(MasterJobHandler):
    """What the kinds of this module have in common."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal


class FindListHandler(_ListHandler):
    """Products that the lines of a list mean."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for articles and names; all must be answered, for «не нашли» is said of what was asked only."""
        asked = matching.next_round(_lines(job), BATCH)
        looked_up = [self._portal.by_articles(asked.articles)] if asked.articles else []
        operations = [*looked_up, *(self._portal.search(name) for name in asked.names.values())]
        return combine(operations, needed=len(operations))

    async def done(self, job: Job, value: Sequence[Any], decision: Decision) -> None:
        """Ask on for what is not settled; else have the goods quoted, or say at once that there are none."""
        asked = matching.next_round(_lines(job), BATCH)
        by_article = value[0] if asked.articles else {}
        found: Mapping[int, ProductPage] = dict(zip(asked.names, value[1 if asked.articles else 0 :], strict=True))
        lines = matching.after(_lines(job), by_article, found)
        if any(line.stage is not LookUpStage.SETTLED for line in lines):
            await decision.enqueue(Job(FIND_LIST, Lane.READ, _with(job, lines)))
            return
        lines = matching.merged(lines)
        if any(line.product for line in lines):
            await decision.enqueue(Job(QUOTE_LIST, Lane.READ, _with(job, lines)))
        else:
            await _show(decision, target_of(job), _with(job, lines), {})


class QuoteListHandler(_ListHandler):
    """Price and stock of what was found."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products."""
        return self._portal.quote([line.product.id for line in _lines(job) if line.product], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the quote."""
        await _show(decision, target_of(job), job.payload, value)


class AddListHandler(_ListHandler):
    """The goods of a list, into the cart."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for price and stock of this moment."""
        return self._portal.quote(job.payload["products"], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Put everything into the cart at once, and say what did not fit or is gone."""
        user_id, view = job.payload["user_id"], ChatView(decision, target_of(job))
        wanted = await quoted.load(decision.unit, job.payload["list"])
        if wanted is None:
            return
        added = quoted.put_into(await carts.load(decision.unit, user_id), wanted, value)
        carts.save(decision.unit, user_id, added.cart)
        added.quoted.save(decision.unit)
        view.buttons(screens.buttons(added.quoted))
        if added.no_room:
            view.say(screens.no_room(added.no_room))
        if added.gone:
            view.say(screens.gone(added.gone))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell the master below the list, which stays as it is."""
        ChatView(decision, ChatTarget(job.payload["chat_id"])).say(self.trouble(job))
        self.report(job, reason, decision)


def _lines(job: Job) -> list[SoughtLine]:
    return [SoughtLine.from_data(line) for line in job.payload["lines"]]


def _with(job: Job, lines: Sequence[SoughtLine]) -> dict[str, Any]:
    return {**job.payload, "lines": [line.as_data() for line in lines]}


async def _show(decision: Decision, where: ChatTarget, payload: Mapping[str, Any], offers: Mapping[str, Offer]) -> None:
    """Show the quote, and keep what its buttons speak of."""
    lines = [SoughtLine.from_data(line) for line in payload["lines"]]
    kept = quoted.of_lines(payload["list"], lines, offers)
    await decision.unit.get(quoted.key(kept.id))
    kept.save(decision.unit)
    ChatView(decision, where).show(screens.quote(kept, lines, offers, ListNotes(**payload["cut"])))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobHandler]]:
    """Return this capability's part of the registry."""
    return (
        (FIND_LIST, FindListHandler(portal, operators_chat_id)),
        (QUOTE_LIST, QuoteListHandler(portal, operators_chat_id)),
        (ADD_LIST, AddListHandler(portal, operators_chat_id)),
    )
