"""Whether the properties that settings name for links and barcodes are there, and of the right kind. Pure.

The portal drops a filter or a field it does not know, so a wrong number shows nowhere else: nothing is found by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from infra.preflight import guesses
from infra.preflight.result import Result, failed, passed, unknown
from infra.preflight.survey import Survey
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativeSettings
from shared.bitrix.native.survey import GoodsProperty

NAMED = "links and barcodes"

_Told = Sequence[GoodsProperty] | BitrixError | None


class _Named(NamedTuple):
    """A setting, what it names, the properties it may name, which is likely, and the letters of its kinds."""

    variable: str
    value: str
    told: _Told
    likely: Callable[[Sequence[GoodsProperty]], GoodsProperty | None]
    kinds: str


def check_named(settings: NativeSettings, survey: Survey) -> list[Result]:
    """Return one line about those that are set, none where none is: a shop may do without."""
    named = [one for one in _all(settings, survey) if one.value]
    told = [one.told for one in named if isinstance(one.told, BitrixError)]
    if not named:
        return []
    if told:
        return [unknown(NAMED, f"the portal does not tell: {told[0]}")]
    wrong = [result for one in named if (result := _wrong(one)) is not None]
    return wrong or [passed(NAMED, ", ".join(f"{one.variable}={one.value}" for one in named))]


def _all(settings: NativeSettings, survey: Survey) -> Iterator[_Named]:
    goods, offers = survey.properties, survey.offers_properties
    yield _Named("BITRIX_ANALOGUES_PROPERTY", settings.analogues_property, goods, guesses.analogues_property, "E")
    yield _Named("BITRIX_ACCESSORIES_PROPERTY", settings.accessories_property, goods, guesses.accessories_property, "E")
    yield _Named("BITRIX_EAN_PROPERTY", settings.ean_property, goods, guesses.ean_property, "SN")
    yield _Named("BITRIX_OFFERS_EAN_PROPERTY", settings.offers_ean_property, offers, guesses.ean_property, "SN")


def _wrong(named: _Named) -> Result | None:
    known = () if named.told is None or isinstance(named.told, BitrixError) else named.told
    found = next((it for it in known if f"property{it.id}" == named.value), None)
    if found is not None and found.type in named.kinds:
        return None
    likely = named.likely(known)
    fix = f"{named.variable}=property{likely.id} («{likely.name}»)" if likely else "name another one, or unset it"
    if found is None:
        return failed(NAMED, f"{named.variable} names {named.value}, and there is no such property", fix)
    kinds = " or ".join(named.kinds)
    return failed(NAMED, f"{named.variable}: «{found.name}» is of the kind {found.type}, not {kinds}", fix)
