"""The message that tells of a long queue, and the one that takes it away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.assistant import texts
from shared.assistant.queue_notices import QueueNotices
from shared.pipeline.queue_notice import WaitCause
from shared.telegram.api import DeleteMessage, SendMessage
from shared.telegram.calls import StoredCall
from shared.telegram.sender import SendVerdict, Sent
from tests.assistant.samples import USER
from tests.assistant.test_telegram_delivery import Script, script

__all__ = ["script"]

WAIT = timedelta(seconds=18)


async def test_a_notice_and_what_takes_it_away(script: Script) -> None:
    script.answers.append(Sent(SendVerdict.SENT, message_id=9))
    notices = QueueNotices(script)
    withdrawal = await notices.tell(USER, WAIT, WaitCause.QUEUE)
    assert withdrawal == StoredCall("deleteMessage", {"chat_id": USER, "message_id": 9}).as_data()
    await notices.withdraw(withdrawal)
    assert script.given == [
        SendMessage(chat_id=USER, text="Сервис перегружен, вы в очереди: примерно 20\u00a0секунд."),
        DeleteMessage(chat_id=USER, message_id=9),
    ]


async def test_what_did_not_arrive_needs_no_withdrawal(script: Script) -> None:
    script.answers.append(Sent(SendVerdict.LATER, retry_after=30))
    assert await QueueNotices(script).tell(USER, WAIT, WaitCause.QUEUE) is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.5, "5\u00a0секунд"), (5.5, "5\u00a0секунд"), (6, "10\u00a0секунд"), (55, "55\u00a0секунд"),
     (56, "1\u00a0минуту"), (61, "2\u00a0минуты"), (290, "5\u00a0минут")],
)  # fmt: skip
def test_how_long_is_told_roughly(seconds: float, told: str) -> None:
    assert texts.trouble.in_queue(timedelta(seconds=seconds)).endswith(f"примерно {told}.")


async def test_who_waits_for_the_portal_is_told_so(script: Script) -> None:
    script.answers.append(Sent(SendVerdict.SENT, message_id=9))
    await QueueNotices(script).tell(USER, timedelta(seconds=600), WaitCause.PORTAL)
    assert script.given == [SendMessage(chat_id=USER, text=texts.trouble.portal_slow(timedelta(minutes=10)))]
    assert "примерно 10\u00a0минут. Повторять не нужно." in texts.trouble.portal_slow(timedelta(minutes=10))
