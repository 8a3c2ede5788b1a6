"""From a text to names: hints of the last minute, else the portal in likely spellings, else a guess at what was meant.

Each step is one request: `find` asks in the ways of `spelling.ways` at once; `guess`, when nothing was found, for names
that hold pieces of the words (`spelling.typos`) — and once more `find`, when the guess must be looked up itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shared.assistant.desk import Desk, Place
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.search import cards, listing, screens, shelf
from shared.assistant.search.shelf import PORTAL_PAGE, Hints, Search
from shared.assistant.search.spelling import articles, typos
from shared.assistant.search.spelling.ways import Way, best, last_ways, ways
from shared.bitrix.model import Found, Product
from shared.bitrix.portal import Operation, Portal
from shared.bitrix.together import together
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.turn import Turn

FIND = "find"
GUESS = "guess"


async def look_for(turn: Turn, where: Place, search: Search, page: int) -> None:
    """Show a page of a search: from hints of the last minute if there are any, else by asking the portal."""
    start = page * screens.PAGE // PORTAL_PAGE * PORTAL_PAGE
    known = await shelf.cached(turn.unit, search.key, start)
    if known is not None:
        await show(turn, where, search, page, known)
        return
    payload = {
        **address_of(where),
        "search": search.id,
        "query": search.query,
        "section": search.section,
        "page": page,
        "start": start,
    }
    # The further pages of a list are of the spelling that found it.
    tried = ways(search.query) if search.way is None else [search.way]
    await turn.want(_find(payload, tried, last=search.way is not None))


def _find(payload: dict[str, Any], tried: Sequence[Way], *, last: bool) -> Job:
    """Return the job that asks in these ways; `last`: nothing else is tried when they find nothing."""
    return Job(FIND, Lane.READ, {**payload, "ways": [asdict(way) for way in tried], "last": last})


async def show(turn: Turn, where: Place, search: Search, page: int, known: Hints) -> None:
    """Show a page of what was found: a list, or the card of the only product with just the article that was typed."""
    products = known.found.products[page * screens.PAGE % PORTAL_PAGE :][: screens.PAGE]
    if known.way is None or not products:
        Desk(turn, where).show(screens.nothing_found(search.query))
        return
    found = search.found_in(known.way, known.found.total, products)
    # With hints at hand a search is new, so nobody has looked for its record yet.
    await shelf.load_search(turn.unit, search.id)
    found.save(turn.unit)
    if found.total == 1 and _is_asked_for(products[0], search, known.way):
        await turn.want(cards.card_by_id(where, products[0].id, search.id))
    else:
        await turn.want(listing.page_job(where, search.id, page, products))


def _is_asked_for(product: Product, search: Search, way: Way) -> bool:
    same = articles.squashed(product.article) == articles.squashed(search.query)
    return same and not way.told and not search.section


class _Finding(Kind):
    """What asking for names has in common."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    async def _show(self, job: Job, known: Hints, turn: Turn) -> None:
        """Keep the names for a minute and go on to the prices."""
        payload = job.payload
        kept = shelf.storable(known)
        known_search = await shelf.load_search(turn.unit, payload["search"])
        search = known_search or Search(payload["search"], payload["query"], section=payload.get("section", ""))
        await shelf.cache(turn.unit, search.key, payload["start"], kept)
        await show(turn, place(job), search, payload["page"], kept)


class Find(_Finding):
    """Names that match a query, in one of its spellings."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the 50 names the page is among, in every way."""
        if job.payload.get("section"):
            return together([self._portal.products_of(job.payload["section"], job.payload["start"])])
        return together([self._portal.search(way["query"], job.payload["start"]) for way in job.payload["ways"]])

    async def done(self, job: Job, value: Sequence[object], turn: Turn) -> None:
        """Show what was found, or guess what was meant."""
        tried = [Way(**way) for way in job.payload["ways"]]
        answers = [(way, found) for way, found in zip(tried, value, strict=True) if isinstance(found, Found)]
        hit = answers[0] if job.payload.get("section") else best(answers)
        if hit is not None or job.payload["last"]:
            await self._show(job, Hints(*hit) if hit else Hints(), turn)
            return
        guess = Job(GUESS, Lane.READ, _address(job))
        await turn.want(guess) if _guesses(job.payload["query"]) else await self._show(job, Hints(), turn)


def _address(job: Job) -> dict[str, Any]:
    """Return what a job about a search needs to go on: whom to answer, and with which page of what."""
    return {**address_of(place(job)), **{name: job.payload[name] for name in ("search", "query", "page", "start")}}


def _guesses(query: str) -> list[str]:
    """Return what is asked to guess at a query: it in other spellings, then pieces of its words."""
    return [*(way.query for way in last_ways(query)), *typos.pieces(query)]


class Guess(_Finding):
    """What was meant by a query that found nothing."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the last spellings, and for names with pieces of the words."""
        return together([self._portal.search(text) for text in _guesses(job.payload["query"])])

    async def done(self, job: Job, value: Sequence[object], turn: Turn) -> None:
        """Show what a spelling found, else what the nearest words find."""
        query = job.payload["query"]
        spellings = last_ways(query)
        answers = zip([*spellings, *typos.pieces(query)], value, strict=True)
        found = {asked: answer for asked, answer in answers if isinstance(answer, Found)}
        hit = best([(way, found[way]) for way in spellings if way in found])
        named = {piece: answer for piece, answer in found.items() if isinstance(piece, str)}
        near = typos.corrected(query, named) if hit is None else None
        if near is None:
            await self._show(job, Hints(*hit) if hit else Hints(), turn)
            return
        whole = typos.known_answer(near, named)
        if whole is None:
            await turn.want(_find(_address(job), [near], last=True))
        else:
            await self._show(job, Hints(near, whole), turn)


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return the kinds of jobs that find names."""
    return (FIND, Find(portal, operators_chat_id)), (GUESS, Guess(portal, operators_chat_id))
