"""What a sent call tells is kept; what cannot be sent as it is goes out otherwise."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from shared.assistant.chat_view import PICTURE
from shared.assistant.telegram_delivery import FALLBACK_WAIT, TelegramDelivery
from shared.domain import masters
from shared.pipeline.sending import DeliveryResult
from shared.store.port import Key
from shared.telegram.api import (
    BufferedInputFile,
    DeleteMessage,
    GetMe,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from shared.telegram.calls import StoredCall
from shared.telegram.sender import Sender, SendVerdict, Sent
from shared.telegram.session import make_bot
from tests.assistant.samples import MASTER, OTHER, USER
from tests.assistant.stage import Stage
from tests.support.telegram import TOKEN

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Раз", callback_data="x1")]])
TEXT = SendMessage(chat_id=USER, text="Привет", reply_markup=KEYBOARD)
PHOTO = SendPhoto(chat_id=USER, photo=PICTURE, caption="Карточка", reply_markup=KEYBOARD)
KNOWN_PHOTO = PHOTO.model_copy(update={"photo": "AgAC-file-id"})
CARD = SendMessage(chat_id=USER, text="Карточка", reply_markup=KEYBOARD)
KEY = Key("pictures", "ab12")
DONE = DeliveryResult()


class Script(Sender):
    """A sender that notes what it is given and answers by the script."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        super().__init__(make_bot(TOKEN, "http://botapi.test", http))
        self.given: list[TelegramMethod[Any]] = []
        self.answers: deque[Sent] = deque()

    async def perform(self, method: TelegramMethod[Any], *, seconds: float | None = None) -> Sent:  # noqa: ARG002 - the sender's
        self.given.append(method)
        return self.answers.popleft() if self.answers else Sent(SendVerdict.SENT)


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    async with httpx.AsyncClient() as http:
        yield Script(http)


@pytest.fixture
def deliver(script: Script, stage: Stage) -> TelegramDelivery:
    return TelegramDelivery(script, stage.store, stage.clock)


def _data(method: TelegramMethod[Any], tag: str | None = None) -> dict[str, Any]:
    return StoredCall.from_method(method, tag=tag).as_data()


async def _keep(deliver: TelegramDelivery, script: Script, file_id: str) -> None:
    """Have a picture uploaded."""
    script.answers.append(Sent(SendVerdict.SENT, file_id=file_id))
    await deliver(_data(PHOTO, "pictures/ab12"), {"picture": b"jpeg"}, 9.0)


async def test_a_text_goes_out_as_it_is(deliver: TelegramDelivery, script: Script) -> None:
    assert await deliver(_data(TEXT), {}, 9.0) == DONE
    assert script.given == [TEXT]


async def test_bytes_take_their_place_and_the_file_id_is_kept(
    deliver: TelegramDelivery, script: Script, stage: Stage
) -> None:
    script.answers.append(Sent(SendVerdict.SENT, file_id="AgAC-new"))
    assert await deliver(_data(PHOTO, "pictures/ab12"), {"picture": b"jpeg"}, 9.0) == DONE
    (sent,) = script.given
    assert isinstance(sent, SendPhoto)
    assert isinstance(sent.photo, BufferedInputFile)
    assert sent.photo.data == b"jpeg"
    assert (sent.caption, sent.reply_markup) == ("Карточка", KEYBOARD)
    assert await stage.read(KEY) == {"file_id": "AgAC-new"}
    stage.clock.advance(days=30)
    assert await stage.read(KEY) is None


async def test_a_newer_file_id_replaces_the_older(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    script.answers.extend([Sent(SendVerdict.SENT, file_id="old"), Sent(SendVerdict.SENT, file_id="new")])
    for _ in range(2):
        await deliver(_data(PHOTO, "pictures/ab12"), {"picture": b"jpeg"}, 9.0)
    assert await stage.read(KEY) == {"file_id": "new"}


async def test_a_known_picture_goes_by_its_file_id(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    script.answers.append(Sent(SendVerdict.SENT, file_id="AgAC-file-id"))
    await deliver(_data(KNOWN_PHOTO), {}, 9.0)
    assert script.given == [KNOWN_PHOTO]
    assert await stage.read(KEY) is None, "nobody asked to keep it"


async def test_without_a_file_id_nothing_is_kept(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    await deliver(_data(PHOTO, "pictures/ab12"), {"picture": b"jpeg"}, 9.0)
    assert len(script.given) == 1
    assert await stage.read(KEY) is None


async def test_lost_bytes_leave_a_card_without_its_picture(deliver: TelegramDelivery, script: Script) -> None:
    assert await deliver(_data(PHOTO, "pictures/ab12"), {}, 9.0) == DONE
    assert script.given == [CARD]


async def test_a_card_that_came_without_sound_loses_only_its_picture(deliver: TelegramDelivery, script: Script) -> None:
    silent = {"disable_notification": True}
    await deliver(_data(PHOTO.model_copy(update=silent), "pictures/ab12"), {}, 9.0)
    assert script.given == [CARD.model_copy(update=silent)]


async def test_a_broken_photo_becomes_a_text(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    script.answers.append(Sent(SendVerdict.BROKEN))
    assert await deliver(_data(KNOWN_PHOTO, "pictures/ab12"), {}, 9.0) == DONE
    assert script.given == [KNOWN_PHOTO, CARD]
    assert await stage.read(KEY) is None


@pytest.mark.parametrize("answers", [[Sent(SendVerdict.SENT)], [Sent(SendVerdict.BROKEN), Sent(SendVerdict.SENT)]])
async def test_a_file_id_that_was_refused_is_forgotten(
    deliver: TelegramDelivery, script: Script, stage: Stage, answers: list[Sent]
) -> None:
    """What went out has no picture, whoever took it away."""
    await _keep(deliver, script, "AgAC-file-id")
    script.answers.extend(answers)
    assert await deliver(_data(KNOWN_PHOTO, "pictures/ab12"), {}, 9.0) == DONE
    assert await stage.read(KEY) is None


async def test_a_file_id_that_was_replaced_meanwhile_stays(
    deliver: TelegramDelivery, script: Script, stage: Stage
) -> None:
    await _keep(deliver, script, "AgAC-newer")
    await deliver(_data(KNOWN_PHOTO, "pictures/ab12"), {}, 9.0)
    assert await stage.read(KEY) == {"file_id": "AgAC-newer"}


@pytest.mark.parametrize(
    "sent",
    [
        Sent(SendVerdict.SENT, file_id="AgAC-file-id"),
        Sent(SendVerdict.LATER, retry_after=5),
        Sent(SendVerdict.UNREACHABLE),
    ],
    ids=lambda sent: sent.verdict.value,
)
async def test_a_file_id_that_is_good_is_kept_as_it_is(
    deliver: TelegramDelivery, script: Script, stage: Stage, sent: Sent
) -> None:
    await _keep(deliver, script, "AgAC-file-id")
    script.answers.append(sent)
    stage.clock.advance(days=29)
    await deliver(_data(KNOWN_PHOTO, "pictures/ab12"), {}, 9.0)
    assert await stage.read(KEY) == {"file_id": "AgAC-file-id"}
    stage.clock.advance(days=1)
    assert await stage.read(KEY) is None


async def test_a_broken_text_is_not_tried_again(deliver: TelegramDelivery, script: Script) -> None:
    script.answers.append(Sent(SendVerdict.BROKEN))
    assert await deliver(_data(TEXT), {}, 9.0) == DONE
    assert script.given == [TEXT]


@pytest.mark.parametrize(("asked", "wait"), [(17.0, 17.0), (None, FALLBACK_WAIT)])
async def test_not_now(deliver: TelegramDelivery, script: Script, asked: float | None, wait: float) -> None:
    script.answers.append(Sent(SendVerdict.LATER, retry_after=asked))
    assert await deliver(_data(TEXT), {}, 9.0) == DeliveryResult(later=wait)


async def test_a_photo_that_must_wait_keeps_nothing(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    script.answers.append(Sent(SendVerdict.LATER, retry_after=5))
    assert await deliver(_data(PHOTO, "pictures/ab12"), {"picture": b"jpeg"}, 9.0) == DeliveryResult(later=5)
    assert await stage.read(KEY) is None


async def test_a_master_who_blocked_the_bot_is_marked(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    script.answers.append(Sent(SendVerdict.UNREACHABLE))
    assert await deliver(_data(TEXT), {}, 9.0) == DONE
    assert await masters.load(stage.unit(), USER) == replace(MASTER, reachable=False)


async def test_a_stranger_who_blocked_the_bot_is_nobody(
    deliver: TelegramDelivery, script: Script, stage: Stage
) -> None:
    script.answers.append(Sent(SendVerdict.UNREACHABLE))
    assert await deliver(_data(TEXT.model_copy(update={"chat_id": OTHER})), {}, 9.0) == DONE
    assert await stage.read(masters.key(OTHER)) is None


async def test_a_chat_without_a_number_is_nobody(deliver: TelegramDelivery, script: Script, stage: Stage) -> None:
    script.answers.append(Sent(SendVerdict.UNREACHABLE))
    assert await deliver(_data(DeleteMessage(chat_id="@channel", message_id=1)), {}, 9.0) == DONE
    assert await masters.load(stage.unit(), USER) == MASTER


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"method": "sendMessage", "params": "not json", "tag": None},
        {"method": "sendMessage", "params": "{}", "tag": None},
        {"method": "noSuchMethod", "params": "{}", "tag": None},
    ],
)
async def test_a_call_that_cannot_be_read_is_settled_and_logged(
    deliver: TelegramDelivery, script: Script, data: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert await deliver(data, {}, 9.0) == DONE
    assert script.given == []
    assert [vars(record)["fields"] for record in caplog.records] == [{"event": "bug"}]


@pytest.mark.parametrize(
    ("verdict", "reached"), [(SendVerdict.SENT, True), (SendVerdict.BROKEN, True), (SendVerdict.LATER, False)]
)
async def test_who_answers_that_nobody_sees_is_reached(
    deliver: TelegramDelivery, script: Script, verdict: SendVerdict, reached: bool
) -> None:
    script.answers.append(Sent(verdict))
    assert await deliver.reaches(9.0) is reached
    assert script.given == [GetMe()]
