"""The messages to a master who waits long, for his turn or for the portal (shared/assistant/README.md, «Trouble»)."""

from __future__ import annotations

from datetime import timedelta

from shared.assistant import texts
from shared.pipeline.decision import CallData
from shared.pipeline.queue_notice import WaitCause
from shared.telegram.api import DeleteMessage, SendMessage
from shared.telegram.calls import StoredCall
from shared.telegram.sender import Sender


class QueueNotices:
    """`shared.pipeline.queue_notice.Notifier` over the sender. The answer takes the notice's place (`ChatView.say`)."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def tell(self, asker: int, wait: timedelta, cause: WaitCause) -> CallData | None:
        """Say how long it takes; None when it did not arrive: nobody tries again, the answer is on its way."""
        say = texts.trouble.in_queue if cause is WaitCause.QUEUE else texts.trouble.portal_slow
        sent = await self._sender.perform(SendMessage(chat_id=asker, text=say(wait)))
        if sent.message_id is None:
            return None
        return StoredCall.from_method(DeleteMessage(chat_id=asker, message_id=sent.message_id)).as_data()

    async def withdraw(self, notice: CallData) -> None:
        """Delete the message."""
        await self._sender.send(StoredCall.from_data(notice))
