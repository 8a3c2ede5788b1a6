"""The payloads of the search's jobs: names, prices of a page, cards and their pictures, sections."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.assistant.chat_view import ChatTarget
from shared.assistant.job_handler import ChatPayload
from shared.domain.catalogue import Product
from shared.domain.spelling.variants import QueryVariant
from shared.pipeline.payloads import FLAT, UNLESS_DEFAULT, Payload


@dataclass(frozen=True)
class SearchAddress:
    """Which page of which search is shown where. `start`: where the portal's page begins that it is on.

    `section` is the section whose goods are listed, `parent` the product whose variations are; "" for a search by
    words. `own`: the shop's own lines of the trade's words that say something about the query.
    """

    target: ChatTarget = field(metadata=FLAT)
    search: str
    query: str
    page: int
    start: int
    section: str = ""
    parent: str = field(default="", metadata=UNLESS_DEFAULT)
    own: tuple[str, ...] = field(default=(), metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class FindPayload(Payload):
    """The ways in which names are asked for; `last`: nothing else is tried when they find nothing."""

    address: SearchAddress = field(metadata=FLAT)
    ways: tuple[QueryVariant, ...]
    last: bool


@dataclass(frozen=True)
class GuessPayload(Payload):
    """The search whose words found nothing."""

    address: SearchAddress = field(metadata=FLAT)


@dataclass(frozen=True)
class LabelPayload(ChatPayload):
    """What a label may ask for: numbers of goods first, then articles."""

    queries: tuple[str, ...]


@dataclass(frozen=True)
class PageOffersPayload(ChatPayload):
    """The products of one page of a search."""

    search: str
    page: int
    products: tuple[Product, ...]


@dataclass(frozen=True)
class ProductPayload(ChatPayload):
    """A product, for its card or its further pictures; `search` is what its card's buttons speak of."""

    product: str
    search: str = field(default="", metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class SimilarPayload(ChatPayload):
    """A product that is not in stock and its section, "" where nobody knows it or there is none.

    Of the second question also its name and the likeliest goods, and before them what the shop says may stand in.
    """

    product: str
    section: str
    name: str = ""
    products: tuple[Product, ...] = ()
    analogues: tuple[str, ...] = field(default=(), metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class AccessoriesPayload(ChatPayload):
    """A product, and the ids of what went with it when its card was shown."""

    product: str
    linked: tuple[str, ...]


@dataclass(frozen=True)
class CardPicturePayload(ChatPayload):
    """The address of a picture, and the card that is ready but for it; `keyboard` as JSON."""

    url: str
    text: str
    keyboard: str | None


@dataclass(frozen=True)
class SectionPayload(ChatPayload):
    """A page of a section, None at the top; `goods`: of what lies in it itself, listed as the search `search`."""

    section: str | None
    page: int
    goods: bool
    search: str
