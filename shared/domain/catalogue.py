"""The catalogue: products and the sections they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.domain.stored_fields import UNLESS_DEFAULT


@dataclass(frozen=True)
class Product:
    """What is in the catalogue.

    `picture` is what `BitrixClient.picture` takes: the portal's address of it (absolute, or from the portal's root), or
    a reference `product-picture:<product>:<file>`; None without one. An address may hold the webhook's key: never
    stored, never shown. `on_order`: it can be ordered when no store holds it; else it is sold from stock only.
    `has_variations`: its variations are what is sold, each a product of its own; it has neither price nor stock.
    """

    id: str
    name: str
    article: str = ""
    picture: str | None = field(default=None, repr=False)
    on_order: bool = True
    has_variations: bool = field(default=False, metadata=UNLESS_DEFAULT)


ANALOGUES = 5
"""Products that are looked at in place of one."""

ACCESSORIES = 5
"""Products that are shown as going with one."""


@dataclass(frozen=True)
class ProductPage:
    """One page of a search: at most 50 products, how many there are in all, where the next page starts."""

    products: Sequence[Product]
    total: int
    next: int | None = None


@dataclass(frozen=True)
class ProductDetails:
    """What a card of a product tells beside its price and stock.

    `description` is plain text of at most 600 characters, lines apart by a line's end; `pictures` are up to four more,
    in the same form as `Product.picture`. `section_id` is the section it lies in. `variations`: a page of
    what is sold of a product that has variations, else None; of a variation `parent` is that product's id. `analogues`
    are the ids of what the shop says may stand in for it, at most `ANALOGUES`, in its order, and `accessories` of what
    goes with it, at most `ACCESSORIES`; of a variation they are its product's.
    """

    product: Product
    description: str = ""
    pictures: Sequence[str] = field(default=(), repr=False)
    section_id: str | None = None
    variations: ProductPage | None = None
    parent: str | None = None
    analogues: Sequence[str] = ()
    accessories: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """A section of the catalogue. `parent` is the section it lies in, None at the top."""

    id: str
    name: str
    parent: str | None = None
    has_children: bool = False


@dataclass(frozen=True)
class Sections:
    """What lies directly in a section (None: at the top), in the shop's order.

    `path` leads from the top to the section, itself last. `complete` is False when the portal has more sections than
    were read.
    """

    parent: str | None
    sections: Sequence[Section]
    path: Sequence[Section] = ()
    complete: bool = True
