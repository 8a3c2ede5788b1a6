"""The company of a master's contact, read with each order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant.checkout.company import company_job
from shared.domain import masters
from shared.domain.contacts import Contact
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import MASTER, USER
from tests.assistant.stage import Stage
from tests.bitrix.native.speaking import native

BUYER = "contact-44"
COMPANY = "ООО «Ремонт», ИНН 7701234567"


async def _read(stage: Stage, value: Contact | None) -> str:
    """The company his record has once the portal has answered."""
    job = company_job(USER, BUYER)
    await stage.decision(lambda decision: decision.enqueue(job, background=True))
    assert (await stage.answer(job, value)).calls == [], "nobody waits for it"
    master = await masters.load(stage.unit(), USER)
    assert master is not None
    assert bool(master.company) is bool(master.company_id)
    return master.company


@pytest.mark.parametrize("before", ["", COMPANY])
async def test_it_is_kept_with_the_master_and_forgotten_with_the_contact(before: str) -> None:
    stage = Stage(native())
    await stage.join(replace(MASTER, bitrix_user_id=BUYER, company=before, company_id="7" if before else ""))
    assert await _read(stage, Contact("44", "Иван", COMPANY, "7")) == COMPANY
    assert await _read(stage, None) == ""


async def test_who_buys_as_somebody_else_meanwhile_has_another_company() -> None:
    stage = Stage(native())
    await stage.join(replace(MASTER, bitrix_user_id="contact-45"))
    assert await _read(stage, Contact("44", "Иван", COMPANY)) == ""


async def test_people_are_not_called_for_it() -> None:
    stage = Stage(native())
    job = company_job(USER, BUYER)
    await stage.decision(lambda decision: decision.enqueue(job, background=True))
    assert (await stage.refuse(job, Refusal("access_denied", operators=True))).calls == []


def test_a_user_of_the_portal_is_no_contact() -> None:
    stage = Stage(native())
    job = company_job(USER, "17")
    with pytest.raises(LookupError):
        stage.kinds[job.kind].plan(job)
