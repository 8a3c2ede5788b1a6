"""What `assistant config` proposes: the portal's own ids as settings, with what else there was. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from infra.preflight import guesses
from infra.preflight.lists import Entries, Lists, id_of, listed
from infra.preflight.survey import Survey
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativeSettings
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.native.returns import USUAL_STAGES
from shared.bitrix.native.statuses import USUAL
from shared.bitrix.native.survey import GoodsProperty
from shared.settings import Settings

Value = str | Mapping[str, str]

UNKNOWABLE: Mapping[str, str] = {
    "BITRIX_DISK_FOLDER_ID": "number of the folder for returns' photos: the last one in its address on Disk",
    "BITRIX_BUYER_USER_ID": "portal user who owns all orders; unset: each master's own",
    "BITRIX_MEMBER_ID": "the portal's member_id: auth[member_id] of any event it sends",
}
"""What no list of a portal tells."""

_CONTRACT = (
    "BITRIX_PAY_SYSTEM_PREPAID",
    "BITRIX_PAY_SYSTEM_COD",
    "BITRIX_DELIVERY_ID",
    "BITRIX_ADDRESS_PROPERTY_ID",
    "BITRIX_PHONE_PROPERTY_ID",
    "BITRIX_DISK_FOLDER_ID",
    "BITRIX_STATUS_MAP",
)


@dataclass(frozen=True)
class Proposal:
    """A setting. Without a `value` nothing fits, and `comment` says what there is."""

    variable: str
    value: Value
    comment: str

    @property
    def is_bare(self) -> bool:
        """Whether Terraform wants a number, or yes or no."""
        annotation = str(Settings.model_fields[self.variable.lower()].annotation)
        return "int" in annotation or "bool" in annotation


def guessed(lists: Lists) -> NativeSettings:
    """Return the settings that a survey of the shop needs; those of an order are left open."""
    return NativeSettings(
        iblock_id=id_of(guesses.catalogue(listed(lists.catalogues))),
        price_type_id=id_of(guesses.price_type(listed(lists.price_types))),
        person_type_id="",
        pay_systems={},
        delivery_id="",
        address_property_id="",
    )


def guessed_of_deals(lists: Lists, survey: Survey) -> dict[str, Any]:
    """Return what the funnel tells of the settings, where orders make deals."""
    return {"deal_stage_map": guesses.deal_stage_map(listed(lists.deal_stages)) if survey.deal is True else {}}


def guessed_of_goods(survey: Survey) -> dict[str, Any]:
    """Return what the survey tells of the settings."""
    article = guesses.article_property(listed(survey.properties))
    of_offers = guesses.article_property(listed(survey.offers_properties or ()))
    stores = survey.stores if isinstance(survey.stores, int) else 0
    return {
        "article_property": f"property{article.id}" if article else "",
        "offers_article_property": f"property{of_offers.id}" if of_offers else "",
        "offers_iblock_id": survey.offers_block,
        "variation_properties": tuple(f"property{it.id}" for it in _traits(survey)),
        "stores": max(stores, Settings.model_fields["bitrix_stores"].default),
        "inventory": not survey.is_uncounted,
        "units": survey.has_units,
        "vat_on_top": isinstance(survey.vat_on_top, int) and survey.vat_on_top > 0,
    }


def propose(lists: Lists, survey: Survey) -> list[Proposal]:
    """Return a proposal for every setting that a real portal's lists tell something about."""
    chosen = [
        _chosen("BITRIX_IBLOCK_ID", lists.catalogues, guesses.catalogue),
        _article("BITRIX_ARTICLE_PROPERTY", survey.properties),
        _chosen("BITRIX_PRICE_TYPE_ID", lists.price_types, guesses.price_type),
        _chosen("BITRIX_PERSON_TYPE_ID", lists.person_types, guesses.person_type),
        _chosen("BITRIX_PAY_SYSTEM_PREPAID", lists.pay_systems, guesses.pay_system_prepaid),
        _chosen("BITRIX_PAY_SYSTEM_COD", lists.pay_systems, guesses.pay_system_cod),
        _chosen("BITRIX_DELIVERY_ID", lists.deliveries, guesses.delivery),
        _chosen("BITRIX_ADDRESS_PROPERTY_ID", lists.properties, guesses.address_property),
        _chosen("BITRIX_PHONE_PROPERTY_ID", lists.properties, guesses.phone_property),
        _chosen("BITRIX_ETA_PROPERTY_ID", lists.properties, guesses.eta_property),
        _chosen("BITRIX_RETURNS_ENTITY_TYPE_ID", lists.processes, guesses.returns_process),
        _chosen("BITRIX_RETURNS_CATEGORY_ID", lists.categories, guesses.returns_category),
    ]
    of_deals = _stages_of_deals(lists.deal_stages) if survey.deal is True else ()
    stages = [*_stages(lists.stages), *of_deals]
    return [*chosen, *_of_goods(survey), *_prefix(lists), _statuses(lists.statuses), *stages]


def _chosen(variable: str, entries: Entries, guess: Callable[[Sequence[Entry]], Entry | None]) -> Proposal:
    if isinstance(entries, BitrixError):
        return Proposal(variable, "", f"the portal does not tell: {entries}")
    found = guess(entries)
    others = ", ".join(_shown(it) for it in entries if it != found)
    if found is None:
        return Proposal(variable, "", f"none fits; there are: {others or 'none'}")
    return Proposal(variable, found.id, _shown(found) + (f"; also there: {others}" if others else ""))


def _article(variable: str, properties: Entries) -> Proposal:
    chosen = _chosen(variable, properties, guesses.article_property)
    return replace(chosen, value=f"property{chosen.value}") if chosen.value else chosen


def _if_any(
    variable: str,
    properties: Sequence[GoodsProperty] | BitrixError,
    guess: Callable[[Sequence[GoodsProperty]], GoodsProperty | None],
) -> Iterator[Proposal]:
    """Propose a property that a shop may do without, where there is one."""
    found = None if isinstance(properties, BitrixError) else guess(properties)
    if found is not None:
        yield Proposal(variable, f"property{found.id}", _shown(found))


def _of_goods(survey: Survey) -> Iterator[Proposal]:
    """Propose what differs from a plain shop; the counts are told further down."""
    told = guessed_of_goods(survey)
    yield from _if_any("BITRIX_ANALOGUES_PROPERTY", survey.properties, guesses.analogues_property)
    yield from _if_any("BITRIX_ACCESSORIES_PROPERTY", survey.properties, guesses.accessories_property)
    yield from _if_any("BITRIX_EAN_PROPERTY", survey.properties, guesses.ean_property)
    if told["offers_iblock_id"]:
        comment = f"the variations of the catalogue: {survey.variations}"
        yield Proposal("BITRIX_OFFERS_IBLOCK_ID", told["offers_iblock_id"], comment)
        yield _article("BITRIX_OFFERS_ARTICLE_PROPERTY", survey.offers_properties or ())
        yield from _if_any("BITRIX_OFFERS_EAN_PROPERTY", survey.offers_properties or (), guesses.ean_property)
        yield _telling_apart(survey)
    if told["stores"] > Settings.model_fields["bitrix_stores"].default:
        yield Proposal("BITRIX_STORES", str(told["stores"]), f"the portal has {survey.stores} stores")
    if not told["inventory"]:
        yield Proposal("BITRIX_INVENTORY", "false", "stock is not counted by store, it seems")
    if told["units"]:
        yield Proposal("BITRIX_UNITS", "true", "some goods are not sold by the piece")
    if told["vat_on_top"]:
        yield Proposal("BITRIX_VAT_ON_TOP", "true", "some prices are without their VAT")


def _telling_apart(survey: Survey) -> Proposal:
    """Propose what is told of variations behind their name, which may be their parent's."""
    variable, found = "BITRIX_VARIATION_PROPERTIES", _traits(survey)
    if not found:
        return _chosen(variable, survey.offers_properties or (), lambda _: None)
    others = ", ".join(_shown(it) for it in listed(survey.offers_properties or ()) if it not in found)
    comment = ", ".join(map(_shown, found)) + (f"; also there: {others}" if others else "")
    return Proposal(variable, ",".join(f"property{it.id}" for it in found), comment)


def _traits(survey: Survey) -> Sequence[GoodsProperty]:
    told = survey.offers_properties
    return () if told is None or isinstance(told, BitrixError) else guesses.variation_properties(told)


def _prefix(lists: Lists) -> Iterator[Proposal]:
    """Fields are named after the process's own number; the code takes them for the funnel's unless it is told."""
    process = guesses.returns_process(listed(lists.processes))
    category = id_of(guesses.returns_category(listed(lists.categories)))
    if process and process.kind != category:
        comment = f"the process's own number is {process.kind}, its funnel's {category or 'unknown'}"
        yield Proposal("BITRIX_RETURNS_FIELD_PREFIX", f"ufCrm{process.kind}", comment)


def _statuses(entries: Entries) -> Proposal:
    if isinstance(entries, BitrixError):
        return Proposal("BITRIX_STATUS_MAP", "", f"the portal does not tell: {entries}")
    guessed = guesses.status_map(entries)
    own = [it for it in entries if it.id not in USUAL]
    unclear = ", ".join(_shown(it) for it in own if it.id not in guessed)
    comment = ", ".join(_shown(it) for it in own if it.id in guessed) or "every code is one of the usual ones"
    comment += f"; say yourself what these are: {unclear}" if unclear else ""
    return Proposal("BITRIX_STATUS_MAP", guessed, comment)


def _stages(entries: Entries) -> Iterator[Proposal]:
    own = [it for it in listed(entries) if it.id.rpartition(":")[2] not in USUAL_STAGES]
    if own:
        yield Proposal("BITRIX_RETURN_STAGE_MAP", guesses.stage_map(own), ", ".join(_shown(it) for it in own))


def _stages_of_deals(entries: Entries) -> Iterator[Proposal]:
    """Propose what the stages of deals mean; asked for only where orders make deals."""
    guessed = guesses.deal_stage_map(listed(entries))
    told = ", ".join(_shown(it) for it in listed(entries) if it.id in guessed)
    silent = ", ".join(_shown(it) for it in listed(entries) if it.id not in guessed)
    comment = f"{told or 'none fits'}; nothing is told at {silent or 'no other'}"
    yield Proposal("BITRIX_DEAL_STAGE_MAP", guessed, comment)


def _shown(entry: Entry) -> str:
    return " ".join(f"{entry.id} «{entry.name or entry.code}»".split())


def as_env(proposals: Sequence[Proposal]) -> str:
    """Return lines for a shell or an env file."""
    lines = ["BITRIX_DIALECT=native"]
    for it in proposals:
        value = it.value if isinstance(it.value, str) else json.dumps(it.value, ensure_ascii=False)
        lines += [f"# {it.comment}", f"{it.variable}={shlex.quote(value)}" if it.value else f"# {it.variable}="]
    return "\n".join([*lines, *_unknowable("{}=".format)])


def as_tfvars(proposals: Sequence[Proposal]) -> str:
    """Return the value of Terraform's variable `settings`."""
    lines = ["settings = {", '  bitrix_dialect = "native"']
    for it in proposals:
        name = it.variable.lower()
        lines += [f"  # {it.comment}", f"  {name} = {_hcl(it)}" if it.value else f"  # {name} ="]
    unknown = [f"  {line}" for line in _unknowable(lambda variable: f"{variable.lower()} =")]
    return "\n".join([*lines, *unknown, "}"])


def _hcl(proposal: Proposal) -> str:
    if isinstance(proposal.value, str):
        return proposal.value if proposal.is_bare else json.dumps(proposal.value)
    pairs = ", ".join(f"{json.dumps(code)} = {json.dumps(status)}" for code, status in proposal.value.items())
    return f"{{ {pairs} }}"


def _unknowable(line: Callable[[str], str]) -> list[str]:
    return [text for variable, what in UNKNOWABLE.items() for text in (f"# {what}", f"# {line(variable)}")]


def contract_note() -> str:
    """Return what to ask the people of a contract's portal: it has no lists."""
    rows = [f"# {name}: {Settings.model_fields[name.lower()].description}" for name in _CONTRACT]
    head = "# The contract has no method that lists what a portal is set up with. Ask its people for:"
    return "\n".join([head, *rows])
