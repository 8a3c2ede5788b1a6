"""Photos on the Disk, the return at the portal, and what becomes of both: once, whatever is unknown on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.notifications.events import look_again
from shared.assistant.returns import media
from shared.assistant.returns.registering import MOST_TRIES
from shared.assistant.returns.scheduling import look_at_open
from shared.bitrix.error_codes import PortalError, classify
from shared.bitrix.errors import MethodMissing
from shared.bitrix.events import Event, EventKind
from shared.bitrix.portal import Operation
from shared.domain import return_drafts as drafts
from shared.domain import return_records
from shared.domain.preferences import QuietHours, Sound
from shared.domain.return_drafts import DraftStage
from shared.domain.return_records import LOOK_SELDOM, ReturnRecord
from shared.domain.returns import Photo, ReturnState
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from shared.store.collections import MEDIA, RETURNS
from tests.assistant.returns.steps import sent
from tests.assistant.samples import MASTER, NATIVE, NOW, USER
from tests.assistant.stage import OPERATORS, Seen, Stage

LINK = "https://portal.test/docs/file/9001/"
PHOTO = Photo("9001", LINK)
MADE = ReturnState("77", Status.RETURN_IN_PROGRESS)
UNSURE = Refusal("timeout", operators=True, unsure=True)


@pytest.fixture
async def native() -> Stage:
    stage = Stage(NATIVE)
    await stage.join()
    return stage


async def registering(stage: Stage) -> Job:
    """Go on to the job that registers the return."""
    return (await stage.answer((await sent(stage)).job, PHOTO)).job


def asked(stage: Stage, job: Job) -> list[str]:
    return [command.method for command in stage.kinds[job.kind].plan(job).commands.values()]


def told(seen: Seen, chat: int) -> str:
    return "\n".join(screen.text for screen in seen.screens if screen.params["chat_id"] == chat)


async def stage_of(stage: Stage, job: Job) -> DraftStage:
    payload = job.payload["draft"]
    draft = await drafts.load(stage.unit(), payload if isinstance(payload, str) else payload["id"])
    assert draft is not None
    return draft.stage


async def test_a_photo_goes_up_under_a_name_of_its_own(native: Stage) -> None:
    seen = await sent(native, photos=2)
    wants = [native.kinds[job.kind].plan(job) for job in seen.jobs]
    assert [job.lane for job in seen.jobs] == [Lane.WRITE] * 2
    assert [want.file_id for want in wants] == ["F1", "F2"]
    names = [want.operation(b"jpeg").commands["file"].params["data"]["NAME"] for want in wants]
    assert names == [job.payload["name"] for job in seen.jobs]
    assert len(set(names)) == 2


async def test_the_return_waits_for_all_photos(stage: Stage) -> None:
    first, second = (await sent(stage, photos=2)).jobs
    assert (await stage.answer(second, Photo("9002", LINK))).jobs == []
    job = (await stage.answer(first, PHOTO)).job
    command = stage.kinds[job.kind].plan(job).commands["return"]
    assert command.params["order_id"] == 5121
    assert command.params["items"] == [{"PRODUCT_ID": 7, "QUANTITY": 1}]
    assert (command.params["photos"], command.params["reason"]) == ([LINK, LINK], "Брак")


async def test_a_registered_return_is_told_remembered_and_looked_at(stage: Stage) -> None:
    job = await registering(stage)
    seen = await stage.answer(job, MADE)
    assert seen.screen.text == texts.returns.registered("77", Status.RETURN_IN_PROGRESS, "", 0)
    assert (seen.job.id, await stage_of(stage, job)) == ("sync_return:77", DraftStage.DONE)
    known = await return_records.load(stage.unit(), "77")
    assert known is not None
    assert known == replace(ReturnRecord("77", "5121", USER, USER, NOW), goods=known.goods, complaint="Брак", photos=1)
    assert [(good.product_id, good.quantity) for good in known.goods] == [("7", Decimal(1))]
    assert await return_records.list_ids(stage.unit(), USER) == ["77"]


async def test_a_photo_that_will_not_go_up_holds_nothing_up(stage: Stage) -> None:
    first, second = (await sent(stage, photos=2)).jobs
    lost = await stage.refuse(first, Refusal("FILE_GONE"))
    assert first.payload["name"] in told(lost, OPERATORS)
    job = (await stage.answer(second, PHOTO)).job
    assert texts.returns.registered("77", MADE.status, "", 1) == (await stage.answer(job, MADE)).screen.text


async def test_a_doubtful_photo_is_looked_up_before_it_goes_up_again(native: Stage) -> None:
    job = (await sent(native)).job
    assert (await native.doubt(job)).screens == []
    looking = await native.again(job)
    assert asked(native, looking) == ["disk.folder.getchildren"]
    once_more = (await native.answer(looking, None)).job
    assert (once_more.payload["name"], once_more.payload["try"]) == (job.payload["name"], 2)
    assert (await native.answer(once_more, PHOTO)).job.kind == "register_return"


async def test_a_photo_that_never_arrives_is_given_up(native: Stage) -> None:
    job = (await sent(native)).job
    for _ in range(MOST_TRIES - 1):
        job = (await native.answer(job, None)).job
    seen = await native.answer(job, None)
    assert (seen.job.kind, "не загружено" in told(seen, OPERATORS)) == ("register_return", True)


async def test_a_doubtful_return_is_looked_up_by_its_key(native: Stage) -> None:
    job = await registering(native)
    assert asked(native, job) == ["crm.item.add"]
    assert (await native.doubt(job)).screen.text == texts.returns.unsure()
    looking = await native.again(job)
    assert asked(native, looking) == ["crm.item.list"]
    once_more = (await native.answer(looking, None)).job
    assert (once_more.payload["key"], once_more.payload["try"]) == (job.idempotency_key, 2)
    assert "зарегистрирован" in (await native.answer(once_more, MADE)).screen.text


async def test_the_contracts_portal_is_asked_the_same_again(stage: Stage) -> None:
    job = await registering(stage)
    await stage.doubt(job)
    repeated = await stage.again(job)
    assert (asked(stage, repeated), repeated.idempotency_key) == (["app.rma.add"], job.idempotency_key)


async def test_returns_registered_twice_are_for_people(native: Stage) -> None:
    job = await registering(native)
    seen = await native.answer(job, ReturnState("77", MADE.status, extra=("78",)))
    assert told(seen, OPERATORS) == texts.returns.extra_returns("77", ("78",))


@pytest.mark.parametrize(
    ("reason", "text"),
    [(Refusal("ERROR_ARGUMENT"), texts.returns.refused(people=True)), (UNSURE, texts.returns.lost(people=True))],
)
async def test_what_does_not_work_out_people_finish(stage: Stage, reason: Refusal, text: str) -> None:
    job = await registering(stage)
    seen = await stage.refuse(job, reason)
    assert told(seen, USER) == text
    for needed in (LINK, "Брак", "Шуруповёрт", "5121", job.idempotency_key, str(USER)):
        assert needed in told(seen, OPERATORS)
    assert await stage_of(stage, job) is DraftStage.CLOSED


async def test_a_return_that_never_arrives_is_for_people(native: Stage) -> None:
    job = await registering(native)
    for _ in range(MOST_TRIES - 1):
        job = (await native.answer(job, None)).job
    seen = await native.answer(job, None)
    assert told(seen, USER) == texts.returns.lost(people=True)


async def test_without_its_draft_a_photo_only_gets_its_record(stage: Stage) -> None:
    first, second = (await sent(stage, photos=2)).jobs
    stage.clock.advance(hours=25)
    assert (await stage.answer(first, PHOTO)).jobs == []
    assert (await stage.refuse(second)).jobs == []
    assert await stage.read(media.key("9001")) is not None


async def test_without_its_draft_a_return_is_told_all_the_same(stage: Stage) -> None:
    job = await registering(stage)
    stage.clock.advance(hours=25)
    assert "зарегистрирован" in (await stage.answer(job, MADE)).screen.text


@pytest.fixture
async def known(stage: Stage) -> Stage:
    await stage.put(lambda unit: return_records.remember(unit, ReturnRecord("77", "5121", USER, USER, NOW)))
    return stage


async def event(stage: Stage, return_id: str) -> Seen:
    async def make_decision(decision: Decision) -> None:
        await look_again(Event("RMA_STATUS_CHANGED", "e1", EventKind.RETURN, rma_id=return_id), decision)

    return await stage.decision(make_decision)


async def test_each_status_is_told_once_and_none_after_the_end(known: Stage) -> None:
    for status, said in (
        (Status.RETURN_IN_PROGRESS, 0),
        (Status.RETURN_REJECTED, 1),
        (Status.RETURN_REJECTED, 0),
        (Status.RETURN_IN_PROGRESS, 0),
        (Status.RETURN_COMPLETED, 0),
    ):
        job = (await event(known, "77")).job
        assert asked(known, job) == ["app.rma.get"]
        assert len((await known.answer(job, ReturnState("77", status, "бито"))).screens) == said


@pytest.mark.parametrize(
    ("sound", "hours", "silent"),
    [
        (Sound.ALL, QuietHours.OFF, None),
        (Sound.IMPORTANT, QuietHours.OFF, None),
        (Sound.NONE, QuietHours.OFF, True),
        (Sound.ALL, QuietHours.FROM_22_TO_8, True),
    ],
)
async def test_a_decision_about_a_return_sounds_as_its_master_chose(
    known: Stage, sound: Sound, hours: QuietHours, silent: bool | None
) -> None:
    await known.join(replace(MASTER, sound=sound, quiet_hours=hours))
    known.clock.advance(hours=14)
    seen = await known.answer((await event(known, "77")).job, ReturnState("77", Status.RETURN_COMPLETED))
    assert seen.screen.params.get("disable_notification") is silent


async def test_ten_events_are_one_look_and_a_strangers_none(known: Stage) -> None:
    assert [len((await event(known, "77")).jobs) for _ in range(3)] == [1, 0, 0]
    assert (await event(known, "78")).jobs == []


async def due(stage: Stage) -> list[str]:
    """The returns whose time to be looked at has come, as housekeeping finds them."""
    return [record.key.id for record in await stage.store.due(RETURNS.name, stage.clock(), 10)]


async def looked_at(stage: Stage, ids: list[str]) -> list[str]:
    """The returns that are read anew."""

    async def make_decision(decision: Decision) -> None:
        await look_at_open(ids, decision)

    return [job.payload["return"] for job in (await stage.decision(make_decision)).jobs]


async def test_an_open_return_is_looked_at_without_an_event(known: Stage) -> None:
    assert await due(known) == []
    known.clock.time += return_records.LOOK_EVERY
    assert await looked_at(known, await due(known)) == ["77"]
    assert await due(known) == [], "the next look is counted from this one"


async def test_a_return_that_was_decided_on_is_left_alone(known: Stage) -> None:
    await known.answer((await event(known, "77")).job, ReturnState("77", Status.RETURN_COMPLETED))
    known.clock.advance(days=2)
    assert await due(known) == []
    assert await looked_at(known, ["77"]) == [], "it was decided on after housekeeping found it"


async def test_what_nobody_decides_on_for_a_month_is_looked_at_daily(known: Stage) -> None:
    known.clock.time += return_records.FRESH
    assert await looked_at(known, ["77"]) == ["77"]
    known.clock.time += return_records.LOOK_SELDOM - timedelta(seconds=1)
    assert await due(known) == []
    known.clock.advance(minutes=1)
    assert await due(known) == ["77"]


async def test_a_look_that_fails_leaves_the_master_alone(known: Stage) -> None:
    assert told(await known.refuse((await event(known, "77")).job), USER) == ""


async def test_a_look_at_a_return_that_was_forgotten_tells_nothing(known: Stage) -> None:
    job = (await event(known, "77")).job
    known.clock.advance(days=401)
    assert (await known.answer(job, ReturnState("77", Status.RETURN_COMPLETED))).screens == []


async def old_photo(stage: Stage) -> Job:
    """A photo whose time is over, and the job that deletes it."""
    await stage.put(lambda unit: media.remember(unit, "9001", "return-1.jpg"))
    stage.clock.advance(days=31)
    (record,) = await stage.store.due(MEDIA.name, stage.clock(), 10)

    async def make_decision(decision: Decision) -> None:
        await media.want_deleted(decision, "9001", record.expires_at)

    return (await stage.decision(make_decision)).job


async def test_an_old_photo_is_deleted_with_its_record(stage: Stage) -> None:
    job = await old_photo(stage)
    assert isinstance(stage.kinds[job.kind].plan(job), Operation)
    assert await stage.store.due(MEDIA.name, stage.clock(), 10) == []
    await stage.answer(job, None)
    assert await stage.read(media.key("9001")) is None


def _code_of_what_is_gone() -> str:
    """What becomes of the portal's answer to deleting what is deleted."""
    return _code_of("ERROR_NOT_FOUND")


def _code_of(said: str) -> str:
    return classify(PortalError(said), write=True, methods=["disk.file.delete"], default_until=NOW).code


@pytest.mark.parametrize(
    ("code", "kept", "told"),
    [(_code_of_what_is_gone(), False, 0), (_code_of("ERROR_METHOD_NOT_FOUND"), False, 1), ("ERROR", True, 1)],
)
async def test_a_photo_that_cannot_be_deleted_is_tried_tomorrow(stage: Stage, code: str, kept: bool, told: int) -> None:
    job = await old_photo(stage)
    await stage.doubt(job)
    seen = await stage.refuse(await stage.again(job), Refusal(code, operators=bool(told)))
    assert len(seen.screens) == told, "a portal that cannot delete has people do it, once"
    assert (await stage.read(media.key("9001")) is not None) is kept
    due = await stage.store.due(MEDIA.name, stage.clock() + timedelta(days=2), 10)
    assert len(due) == kept


async def test_a_photo_that_is_gone_wants_no_deletion(stage: Stage) -> None:
    async def make_decision(decision: Decision) -> None:
        await media.want_deleted(decision, "9001", NOW)

    assert (await stage.decision(make_decision)).jobs == []


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        ("RETURN_REJECTED", "следы удара", "Возврат отклонён: следы удара"),
        ("return_completed", "", "Возврат принят, средства будут возвращены"),
        ("RETURN_IN_PROGRESS", "", None),
        ("SHIPPED", "", None),
        ("strange", "", None),
        ("", "", None),
    ],
)
async def test_a_return_that_cannot_be_read_is_told_by_the_event_itself(
    known: Stage, status: str, reason: str, said: str | None
) -> None:
    rejected = Event("RMA_STATUS_CHANGED", "e1", EventKind.RETURN, rma_id="77", status=status, reason=reason)

    async def make_decision(decision: Decision) -> None:
        await look_again(rejected, decision)

    job = (await known.decision(make_decision)).job
    seen = await known.refuse(job, Refusal(MethodMissing.usual_code, operators=True))
    assert [shown.text.partition("\n")[2].partition(" ")[2] for shown in seen.screens] == ([said] if said else [])
    made = await return_records.load(known.unit(), "77")
    assert made is not None
    record = await known.store.get(return_records.key("77"))
    assert record is not None
    assert record.due_at == (known.clock() + LOOK_SELDOM if made.is_open else None)
