"""What a list asks of Bitrix: its articles and names, then price and stock of what was found; once more at «В корзину».

All lines of a list travel together: mostly one request finds them and one quotes them (`matching` tells when it takes
more). Prices are asked again when the goods go into the cart, because a quote may lie in the dialogue for a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.assistant.cart import cart as carts
from shared.assistant.desk import Desk, Place
from shared.assistant.kind import Kind, address_of, place, price_type_of
from shared.assistant.lists import matching, quoted, screens
from shared.assistant.lists.matching import Sought, Stage
from shared.assistant.lists.quoted import Quoted
from shared.assistant.lists.reading import Pasted
from shared.assistant.lists.screens import Cut
from shared.assistant.search.shelf import new_id
from shared.bitrix.model import Found, Offer
from shared.bitrix.portal import Operation, Portal
from shared.bitrix.together import together
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn

FIND_LIST = "find_list"
QUOTE_LIST = "quote_list"
ADD_LIST = "add_list"


def find_job(where: Place, pasted: Pasted) -> Job:
    """Return the job that finds what a list wants and has it quoted."""
    lines = [line.as_data() for line in matching.sought(pasted.lines)]
    cut = {"left_out": pasted.left_out, "capped": pasted.capped}
    return Job(FIND_LIST, Lane.READ, {**address_of(where), "list": new_id(), "lines": lines, "cut": cut})


def add_job(where: Place, user_id: int, wanted: Quoted) -> Job:
    """Return the job that puts what waits into the cart; named after the list, so that one is enough."""
    products = [good.product.id for good in wanted.waiting]
    payload = {**address_of(where), "user_id": user_id, "list": wanted.id, "products": products}
    return Job(ADD_LIST, Lane.READ, payload, id=f"{ADD_LIST}:{wanted.id}")


class _ListKind(Kind):
    """What the kinds of this module have in common."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal


class FindList(_ListKind):
    """Products that the lines of a list mean."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for articles and names; all must be answered, for «не нашли» is said of what was asked only."""
        asked = matching.next_round(_lines(job))
        looked_up = [self._portal.by_articles(asked.articles)] if asked.articles else []
        operations = [*looked_up, *(self._portal.search(name) for name in asked.names.values())]
        return together(operations, needed=len(operations))

    async def done(self, job: Job, value: Sequence[Any], turn: Turn) -> None:
        """Ask on for what is not settled; else have the goods quoted, or say at once that there are none."""
        asked = matching.next_round(_lines(job))
        by_article = value[0] if asked.articles else {}
        found: Mapping[int, Found] = dict(zip(asked.names, value[1 if asked.articles else 0 :], strict=True))
        lines = matching.after(_lines(job), by_article, found)
        if any(line.stage is not Stage.SETTLED for line in lines):
            await turn.want(Job(FIND_LIST, Lane.READ, _with(job, lines)))
            return
        lines = matching.merged(lines)
        if any(line.product for line in lines):
            await turn.want(Job(QUOTE_LIST, Lane.READ, _with(job, lines)))
        else:
            await _show(turn, place(job), _with(job, lines), {})


class QuoteList(_ListKind):
    """Price and stock of what was found."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products."""
        return self._portal.quote([line.product.id for line in _lines(job) if line.product], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the quote."""
        await _show(turn, place(job), job.payload, value)


class AddList(_ListKind):
    """The goods of a list, into the cart."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for price and stock of this moment."""
        return self._portal.quote(job.payload["products"], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Put everything into the cart at once, and say what did not fit or is gone."""
        user_id, desk = job.payload["user_id"], Desk(turn, place(job))
        wanted = await quoted.load(turn.unit, job.payload["list"])
        if wanted is None:
            return
        added = quoted.put_into(await carts.load(turn.unit, user_id), wanted, value)
        carts.save(turn.unit, user_id, added.cart)
        added.quoted.save(turn.unit)
        desk.buttons(screens.buttons(added.quoted))
        if added.no_room:
            desk.say(screens.no_room(added.no_room))
        if added.gone:
            desk.say(screens.gone(added.gone))

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Tell the master below the list, which stays as it is."""
        Desk(turn, Place(job.payload["chat_id"])).say(self.trouble(job))
        self.report(job, reason, turn)


def _lines(job: Job) -> list[Sought]:
    return [Sought.from_data(line) for line in job.payload["lines"]]


def _with(job: Job, lines: Sequence[Sought]) -> dict[str, Any]:
    return {**job.payload, "lines": [line.as_data() for line in lines]}


async def _show(turn: Turn, where: Place, payload: Mapping[str, Any], offers: Mapping[str, Offer]) -> None:
    """Show the quote, and keep what its buttons speak of."""
    lines = [Sought.from_data(line) for line in payload["lines"]]
    kept = quoted.of_lines(payload["list"], lines, offers)
    await turn.unit.get(quoted.key(kept.id))
    kept.save(turn.unit)
    Desk(turn, where).show(screens.quote(kept, lines, offers, Cut(**payload["cut"])))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (FIND_LIST, FindList(portal, operators_chat_id)),
        (QUOTE_LIST, QuoteList(portal, operators_chat_id)),
        (ADD_LIST, AddList(portal, operators_chat_id)),
    )
