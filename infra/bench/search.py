"""How well goods are found: queries of a corpus, asked of a simulated portal the way the bot asks a real one.

Every request is one HTTP request over ASGI, packed by the client; time and pace are not what is measured.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

import httpx

from infra.bench.inside import Timeless
from infra.bench.queries import Judged, Query, judged, read_queries
from infra.bench.rules import read_catalogue
from infra.local.portal import PortalOptions, create_portal
from infra.local.portal.catalogue.model import Catalogue
from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.combine import combine
from shared.bitrix.contract.portal import ContractPortal
from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import BitrixError
from shared.bitrix.native.portal import NativePortal
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Operation, Portal
from shared.domain.catalogue import ProductPage
from shared.domain.spelling import guesses
from shared.domain.spelling.variants import QueryVariant, best, ways

Dialect = Literal["contract", "native"]

CORPUS = Path(__file__).parents[2] / "tests" / "corpus" / "queries"
CATALOGUE = "catalogue.toml"


@dataclass(frozen=True)
class Score:
    """What a run is worth."""

    results: Sequence[Judged]

    @property
    def recall(self) -> float:
        """Share of the right goods, of five at most, among the first five; the mean over all queries."""
        return sum(one.recall for one in self.results) / len(self.results)

    @property
    def wrong_at_first(self) -> int:
        """Queries whose first find is no right one, or that find nothing."""
        return sum(one.wrong_at_first for one in self.results)

    @property
    def silent_guesses(self) -> int:
        """Queries that are answered by one wrong find as if it were what was typed."""
        return sum(one.wrong_at_first and len(one.shown) == 1 and not one.told for one in self.results)

    @property
    def requests(self) -> dict[int, int]:
        """How many queries took so many requests for names."""
        counts = sorted({one.requests for one in self.results})
        return {count: sum(one.requests == count for one in self.results) for count in counts}

    def lines(self) -> list[str]:
        """Return what the command prints."""
        asked = ", ".join(f"{count}: {queries}" for count, queries in self.requests.items())
        return [
            f"queries         {len(self.results)}",
            f"recall@5        {self.recall:.3f}",
            f"wrong at first  {self.wrong_at_first}",
            f"silent guesses  {self.silent_guesses}",
            f"HTTP requests   {asked}",
        ]


async def run(dialect: Dialect, folder: Path = CORPUS, every: int = 1) -> Score:
    """Ask every query of a folder, or each so-manyth. ValueError for one that nothing in the catalogue is right for."""
    catalogue = read_catalogue(folder / CATALOGUE)
    asked = list(read_queries(folder))[::every]
    async with shop(dialect, catalogue) as asking:
        return Score([await _ask(asking, catalogue, query) for query in asked])


@asynccontextmanager
async def shop(dialect: Dialect, catalogue: Catalogue) -> AsyncIterator[Asking]:
    """Run a portal that sells this."""
    options = PortalOptions(dialect, rate=1e9, burst=10**9, goods=lambda: catalogue)
    async with httpx.AsyncClient() as nobody:
        portal = create_portal(options, clock=Timeless(), http=nobody)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(portal.app)) as http:
            address = f"http://portal.test/rest/{options.webhook_user}/{options.webhook_key}/"
            yield Asking(BitrixClient(http, address, auth=WebhookAuth()), _portal_of(options))


def _portal_of(options: PortalOptions) -> Portal:
    """Return how the dialect is spoken; a real portal has the article in a property of its own."""
    if options.dialect == "contract":
        return ContractPortal(ContractSettings(pay_systems={}, delivery_id="", disk_folder_id=""))
    native = options.native
    settings = NativeSettings(
        iblock_id=str(native.iblock_id),
        article_property=f"property{native.article_property}",
        price_type_id="",
        person_type_id="",
        pay_systems={},
        delivery_id="",
        address_property_id="",
    )
    return NativePortal(settings)


async def _ask(asking: Asking, catalogue: Catalogue, query: Query) -> Judged:
    there = sum(query.fits(one.name, one.article) for one in catalogue.all())
    if not there:
        raise ValueError(f"nothing is right for «{query.text}» of {query.file}")
    hit, requests = await asking.names(query.text)
    found = [(one.name, one.article) for one in hit[1].products] if hit else []
    return judged(query, found, there, requests, told=hit is not None and bool(hit[0].told))


class Asking:
    """Asks for names as the jobs of a search do."""

    def __init__(self, client: BitrixClient, portal: Portal) -> None:
        self._client = client
        self._portal = portal

    async def names(self, query: str) -> tuple[tuple[QueryVariant, ProductPage] | None, int]:
        """Return what is shown for a query and how it was asked, and how many requests it took."""
        tried = ways(query)
        hit = best(query, await self._read(tried, self._portal.search_ways([way.query for way in tried])))
        if hit is None and (guessed := guesses.asked(query)):
            return guesses.found(query, await self.answers(guessed)), 2
        return hit, 1

    async def answers(self, asked: Sequence[QueryVariant]) -> list[tuple[QueryVariant, ProductPage]]:
        """Ask as many of these in one request as it has room for."""
        operations = [self._portal.search(way.query) for way in asked]
        weights = accumulate(operation.weight for operation in operations)
        fitting = [one for one, weight in zip(operations, weights, strict=True) if weight <= MOST_COMMANDS]
        return await self._read(asked, combine(fitting))

    async def _read(
        self, asked: Sequence[QueryVariant], operation: Operation[list[Any]]
    ) -> list[tuple[QueryVariant, ProductPage]]:
        (values,) = await self._client.read([operation])
        if isinstance(values, BitrixError):
            raise values
        return [(way, page) for way, page in zip(asked, values, strict=False) if isinstance(page, ProductPage)]
