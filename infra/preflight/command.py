"""The commands: what they are told, and how they tell."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import fields, replace

from infra.instance import with_parts
from infra.preflight.access import check_access
from infra.preflight.asking import Paced, Reader
from infra.preflight.checking import Asked, check_all
from infra.preflight.field_making import make_fields
from infra.preflight.lists import Known, read_lists
from infra.preflight.proposals import (
    Proposal,
    as_env,
    as_tfvars,
    contract_note,
    guessed,
    guessed_of_deals,
    guessed_of_goods,
    propose,
)
from infra.preflight.result import Result, any_failed, as_comments, as_json, as_table
from infra.preflight.shop import check_shop
from infra.preflight.survey import offers_block, take_survey
from infra.preflight.trade import check_orders
from shared import logs
from shared.entry.container import Container
from shared.settings import Dialect, read_settings


def add_preflight(parser: argparse.ArgumentParser) -> None:
    """Say what `assistant preflight` takes."""
    parser.add_argument("--telegram-webhook", default="", metavar="URL", help="where updates must go")
    parser.add_argument("--bitrix-webhook", default="", metavar="URL", help="where the portal's events must go")
    parser.add_argument("--query", default="", metavar="WORDS", help="words that must be found in the catalogue")
    parser.add_argument("--egress-url", default="", metavar="URL", help="an address that answers with the caller's IP")
    parser.add_argument("--egress-ip", default="", metavar="IP", help="the IP it must answer with")
    parser.add_argument("--happy-paths", action="store_true", help="order, return and cancel on a stage portal")
    parser.add_argument("--buyer", default="", metavar="ID", help="the Bitrix user the trial orders are made for")
    parser.add_argument("--json", action="store_true", help="a list of objects in place of the table")
    parser.set_defaults(run=run_preflight)


def run_preflight(arguments: argparse.Namespace) -> int:
    """Check everything and print it; 1 when something failed. ValueError when half of the happy paths was told."""
    if arguments.happy_paths != bool(arguments.buyer):
        raise ValueError("--happy-paths and --buyer ID belong together: orders are made, for this buyer")
    asked = Asked(**{told.name: getattr(arguments, told.name) for told in fields(Asked)})
    secrets = read_settings().secrets()
    results = asyncio.run(with_parts(lambda here: check_all(here, asked)))
    show = as_json if arguments.json else as_table
    print(show(results, secrets))  # noqa: T201 - a command talks to its user
    return 1 if any_failed(results) else 0


def add_config(parser: argparse.ArgumentParser) -> None:
    """Say what `assistant config` takes."""
    parser.add_argument("--tfvars", action="store_true", help="Terraform's variable in place of environment lines")
    parser.add_argument("--make-fields", action="store_true", help="make what the returns' process lacks, and no more")
    parser.set_defaults(run=run_config)


def run_config(arguments: argparse.Namespace) -> int:
    """Print settings that fit the portal. RuntimeError when it does not let us in."""
    config = read_settings()
    if config.bitrix_dialect is Dialect.CONTRACT:
        print(contract_note())  # noqa: T201 - a command talks to its user
        return 0
    if arguments.make_fields:
        results = asyncio.run(with_parts(_make_fields))
        print(as_table(results, config.secrets()))  # noqa: T201 - the same
        return 1 if any_failed(results) else 0
    proposals, traits = asyncio.run(with_parts(_look))
    text = as_tfvars(proposals) if arguments.tfvars else as_env(proposals)
    text = f"{text}\n\n{as_comments(traits)}"
    print(logs.redact(text, config.secrets()))  # noqa: T201 - the same
    return 0


async def _look(here: Container) -> tuple[list[Proposal], list[Result]]:
    """Return what is proposed, and what the portal is like with these settings."""
    return await look(await _let_in(here))


async def _make_fields(here: Container) -> list[Result]:
    return await make_fields(await _let_in(here), str(here.settings.bitrix_returns_entity_type_id or ""))


async def _let_in(here: Container) -> Paced:
    client = Paced(here.client, here.settings.bitrix_calls_per_second, asyncio.sleep)
    access, _ = await check_access(client)
    if not access.ok:
        raise RuntimeError(f"{access.reason}; {access.fix}")
    return client


async def look(reader: Reader) -> tuple[list[Proposal], list[Result]]:
    """Look at a portal of which nothing is known yet."""
    lists = await read_lists(reader, Known())
    settings = guessed(lists)
    survey = await take_survey(reader, settings, offers_block(lists.catalogues, settings.iblock_id))
    settings = replace(settings, **guessed_of_goods(survey), **guessed_of_deals(lists, survey))
    traits = [*check_shop(settings, survey), *check_orders(settings, survey, lists.deal_stages)]
    return propose(lists, survey), traits
