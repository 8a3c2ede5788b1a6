"""One drawn icon per shelf of the shop, on a 1600 × 1600 canvas whose middle is at (800, 560)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PIL import ImageDraw

from infra.local.portal.catalogue import Category

Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw

COLOURS: Mapping[Category, tuple[Colour, Colour]] = {
    Category.DRIVERS: ((224, 240, 240), (0, 121, 132)),
    Category.POWER: ((226, 234, 246), (38, 84, 158)),
    Category.BITS: ((238, 236, 230), (104, 92, 66)),
    Category.DRILLS: ((232, 234, 238), (74, 84, 102)),
    Category.DISCS: ((246, 232, 224), (186, 82, 34)),
    Category.HAND: ((250, 230, 228), (186, 46, 42)),
    Category.FASTENERS: ((234, 236, 232), (88, 98, 84)),
    Category.SEALANTS: ((234, 230, 246), (96, 70, 160)),
    Category.PAINT: ((252, 238, 216), (206, 124, 0)),
    Category.ELECTRICS: ((254, 246, 212), (176, 138, 0)),
    Category.PLUMBING: ((222, 240, 250), (0, 116, 178)),
    Category.PARTS: ((228, 242, 230), (36, 126, 62)),
    Category.SAFETY: ((254, 236, 214), (214, 100, 12)),
}
"""The background and the ink of each shelf."""


def draw_icon(draw: Draw, category: Category, ink: Colour, paper: Colour) -> None:
    """Draw the icon of a shelf."""
    _ICONS[category](draw, ink, paper)


def _driver(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.rounded_rectangle((480, 330, 940, 520), 60, fill=ink)
    draw.polygon(((620, 500), (800, 500), (760, 760), (580, 760)), fill=ink)
    draw.rounded_rectangle((520, 740, 830, 850), 40, fill=ink)
    draw.polygon(((940, 360), (1030, 390), (1030, 460), (940, 490)), fill=ink)
    draw.rectangle((1030, 408, 1190, 442), fill=ink)
    draw.rounded_rectangle((560, 380, 720, 410), 14, fill=paper)


def _machine(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.rounded_rectangle((430, 440, 1000, 620), 80, fill=ink)
    draw.ellipse((900, 360, 1240, 700), fill=ink)
    draw.ellipse((950, 410, 1190, 650), fill=paper)
    draw.ellipse((1030, 490, 1110, 570), fill=ink)
    draw.line(((430, 530), (340, 530), (340, 760)), fill=ink, width=34, joint="curve")


def _bit(draw: Draw, ink: Colour, paper: Colour) -> None:
    for left in (560, 760, 960):
        draw.rectangle((left, 420, left + 90, 640), fill=ink)
        draw.polygon(((left, 640), (left + 90, 640), (left + 60, 800), (left + 30, 800)), fill=ink)
        draw.rectangle((left, 480, left + 90, 500), fill=paper)


def _drill(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.rectangle((700, 270, 900, 460), fill=ink)
    draw.polygon(((720, 460), (880, 460), (880, 780), (800, 870), (720, 780)), fill=ink)
    for top in (480, 580, 680):
        draw.line(((720, top + 80), (880, top)), fill=paper, width=26)


def _disc(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.ellipse((500, 260, 1100, 860), fill=ink)
    draw.ellipse((690, 450, 910, 670), fill=paper)
    draw.ellipse((750, 510, 850, 610), fill=ink)


def _wrench(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.line(((600, 800), (950, 420)), fill=ink, width=110)
    draw.ellipse((850, 260, 1110, 520), fill=ink)
    draw.polygon(((980, 390), (1010, 230), (1150, 360)), fill=paper)
    draw.ellipse((520, 720, 680, 880), fill=ink)
    draw.ellipse((570, 770, 630, 830), fill=paper)


def _screw(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.polygon(((600, 300), (1000, 300), (900, 430), (700, 430)), fill=ink)
    draw.polygon(((720, 430), (880, 430), (860, 760), (800, 870), (740, 760)), fill=ink)
    draw.rectangle((770, 300, 830, 350), fill=paper)
    for top in (470, 560, 650, 740):
        draw.line(((690, top + 50), (910, top)), fill=ink, width=30)


def _tube(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.rounded_rectangle((660, 430, 940, 870), 30, fill=ink)
    draw.polygon(((740, 430), (860, 430), (820, 240), (780, 240)), fill=ink)
    draw.rounded_rectangle((660, 540, 940, 700), 0, fill=paper)


def _bucket(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.arc((560, 240, 1040, 720), 180, 360, fill=ink, width=26)
    draw.polygon(((540, 450), (1060, 450), (1000, 860), (600, 860)), fill=ink)
    draw.ellipse((540, 400, 1060, 500), fill=ink)
    draw.ellipse((580, 418, 1020, 482), fill=paper)


def _bolt_of_lightning(draw: Draw, ink: Colour, _paper: Colour) -> None:
    draw.polygon(((860, 250), (600, 610), (780, 610), (720, 870), (1010, 500), (820, 500)), fill=ink)


def _tap(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.rectangle((740, 300, 800, 460), fill=ink)
    draw.rounded_rectangle((620, 260, 920, 320), 30, fill=ink)
    draw.rounded_rectangle((480, 440, 1010, 560), 30, fill=ink)
    draw.rounded_rectangle((890, 440, 1010, 700), 30, fill=ink)
    draw.ellipse((910, 740, 990, 860), fill=ink)
    draw.polygon(((915, 785), (985, 785), (950, 710)), fill=ink)
    draw.rectangle((480, 480, 520, 520), fill=paper)


def _gear(draw: Draw, ink: Colour, paper: Colour) -> None:
    for angle in range(0, 180, 45):
        draw.regular_polygon((800, 560, 300), 4, angle, fill=ink)
    draw.ellipse((570, 330, 1030, 790), fill=ink)
    draw.ellipse((690, 450, 910, 670), fill=paper)


def _helmet(draw: Draw, ink: Colour, paper: Colour) -> None:
    draw.pieslice((520, 320, 1080, 1000), 180, 360, fill=ink)
    draw.rounded_rectangle((450, 640, 1150, 730), 40, fill=ink)
    draw.rounded_rectangle((765, 350, 835, 600), 30, fill=paper)


_ICONS: Mapping[Category, Callable[[Draw, Colour, Colour], None]] = {
    Category.DRIVERS: _driver,
    Category.POWER: _machine,
    Category.BITS: _bit,
    Category.DRILLS: _drill,
    Category.DISCS: _disc,
    Category.HAND: _wrench,
    Category.FASTENERS: _screw,
    Category.SEALANTS: _tube,
    Category.PAINT: _bucket,
    Category.ELECTRICS: _bolt_of_lightning,
    Category.PLUMBING: _tap,
    Category.PARTS: _gear,
    Category.SAFETY: _helmet,
}
