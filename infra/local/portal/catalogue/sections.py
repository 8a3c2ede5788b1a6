"""The sections of the catalogue: a tree over the shelves. A section may hold goods, other sections, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.portal.catalogue.model import Category, Product


@dataclass(frozen=True)
class Section:
    """A section; `parent` is 0 at the top, `shelf` is what lies directly in it."""

    id: int
    name: str
    parent: int = 0
    shelf: Category | None = None
    active: bool = True
    sort: int = 500


SECTIONS: tuple[Section, ...] = (
    Section(301, "Электроинструмент", shelf=Category.POWER, sort=10),
    Section(302, Category.DRIVERS.value, 301, Category.DRIVERS),
    Section(303, "Оснастка", sort=20),
    Section(304, Category.BITS.value, 303, Category.BITS),
    Section(305, Category.DRILLS.value, 303, Category.DRILLS),
    Section(306, Category.DISCS.value, 303, Category.DISCS),
    Section(307, Category.HAND.value, shelf=Category.HAND, sort=30),
    Section(308, "Расходные материалы", sort=40),
    Section(309, Category.FASTENERS.value, 308, Category.FASTENERS),
    Section(310, "Химия и краски", 308),
    Section(311, Category.SEALANTS.value, 310, Category.SEALANTS),
    Section(312, Category.PAINT.value, 310, Category.PAINT),
    Section(313, "Инженерные системы", sort=50),
    Section(314, Category.ELECTRICS.value, 313, Category.ELECTRICS),
    Section(315, Category.PLUMBING.value, 313, Category.PLUMBING),
    Section(316, Category.PARTS.value, shelf=Category.PARTS, sort=60),
    Section(317, Category.SAFETY.value, shelf=Category.SAFETY, sort=70),
    Section(318, "Архив", active=False, sort=80),
    Section(319, "Снятое с продажи", 318),
)

SECTION_OF: Mapping[Category, int] = {one.shelf: one.id for one in SECTIONS if one.shelf is not None}


def section_of(product: Product) -> int:
    """Return the section a product lies in, 0 for none."""
    return SECTION_OF[product.category] if product.section is None else product.section
