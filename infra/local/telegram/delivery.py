"""Sending updates to the bot's webhook (source: shared/telegram/README.md, «Delivery», tdlib WebhookActor).

One update of a queue is on its way at a time; queues run side by side up to `max_connections`. All waiting is
on the injected clock. When the bot runs in process, give an HTTP client whose ASGI transport turns the bot's
exceptions into 500 answers: an exception that reaches this module is a fault of the simulator.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from random import Random

import httpx

from infra.local.clock import Clock, within
from infra.local.telegram.errors import ApiError
from infra.local.telegram.mailbox import Attempt, Mailbox, Update
from infra.local.telegram.params import Params, read_params
from infra.local.telegram.retry import after_failure, retry_after_seconds

IDLE_SECONDS = 60
GONE_SECONDS = 23 * 60 * 60
MAX_REPLY = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header, not a secret
NOT_IN_REPLIES = {"setwebhook", "deletewebhook", "close", "logout"}

Execute = Callable[[str, Params], Awaitable[None]]


@dataclass
class Webhook:
    """What `setWebhook` said, and the last trouble with it."""

    url: str
    secret: str
    max_connections: int
    last_error_date: datetime | None = None
    last_error_message: str = ""
    gone_since: datetime | None = None


@dataclass(frozen=True)
class Reply:
    """How the webhook answered."""

    status: int
    reason: str
    content_type: str
    retry_after: int
    body: bytes

    @property
    def ok(self) -> bool:
        """Any 2xx is an acknowledgement."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True)
class Outcome:
    """How a try ended: the status of an acknowledgement, or the error as `getWebhookInfo` words it."""

    text: str
    ok: bool = False
    retry_after: int = 0


class Delivery:
    """Runs while a webhook is set and the simulator is started."""

    def __init__(self, mailbox: Mailbox, clock: Clock, http: httpx.AsyncClient, execute: Execute, dice: Random) -> None:
        self._mailbox = mailbox
        self._clock = clock
        self._http = http
        self._execute = execute
        self._dice = dice
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(1)
        self._running = False
        self.webhook: Webhook | None = None

    def start(self) -> None:
        """Begin to deliver; needs a running loop."""
        self._running = True
        self.wake()

    async def stop(self) -> None:
        """Cancel what is on its way; those updates stay pending."""
        self._running = False
        await self._halt()

    async def use(self, webhook: Webhook | None) -> None:
        """Deliver to this webhook from now on, with fresh backoffs; None: deliver to nobody."""
        await self._halt()
        self.webhook = webhook
        self._mailbox.drop_expired()
        for update in self._mailbox.pending():
            update.restart(self._clock.now())
        self._slots = asyncio.Semaphore(webhook.max_connections if webhook else 1)
        self.wake()

    def wake(self) -> None:
        """Make sure that every queue with updates is being served."""
        if not self._running or self.webhook is None:
            return
        for queue in self._mailbox.queues():
            if queue not in self._tasks:
                self._tasks[queue] = asyncio.create_task(self._serve(queue, self.webhook))

    async def _halt(self) -> None:
        # A reply in the webhook's answer can't be setWebhook, so none of these tasks is the caller.
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _serve(self, queue: int, webhook: Webhook) -> None:
        while (update := self._mailbox.head(queue)) is not None and self.webhook is webhook:
            wait = (update.wake_at - self._clock.now()).total_seconds()
            if wait > 0:
                await self._clock.sleep(wait)
                continue
            async with self._slots:
                await self._attempt(update, webhook)
        self._tasks.pop(queue, None)

    async def _attempt(self, update: Update, webhook: Webhook) -> None:
        began = self._clock.now()
        update.in_flight = True
        try:
            outcome = await self._send(update, webhook)
        finally:
            update.in_flight = False
        seconds = (self._clock.now() - began).total_seconds()
        update.attempts.append(Attempt(began, outcome.text, seconds))
        if outcome.ok:
            self._mailbox.settle(update, "delivered")
        else:
            self._failed(update, webhook, outcome)

    async def _send(self, update: Update, webhook: Webhook) -> Outcome:
        try:
            reply = await within(self._clock, IDLE_SECONDS, self._post(update, webhook))
        except TimeoutError:
            return Outcome("Read timeout expired")
        except httpx.ConnectError:
            return Outcome("Connection refused")
        except httpx.HTTPError:
            return Outcome("Webhook connection closed")
        self._note_gone(webhook, reply.status)
        if reply.ok:
            await self._execute_reply(reply)
            return Outcome(str(reply.status), ok=True)
        return Outcome(f"Wrong response from the webhook: {reply.status} {reply.reason}", retry_after=reply.retry_after)

    async def _post(self, update: Update, webhook: Webhook) -> Reply:
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        # The 60 s of silence are counted on our clock; the client's own limit must not end it earlier.
        async with self._http.stream(
            "POST", webhook.url, json=update.body, headers=headers, timeout=IDLE_SECONDS + 5, follow_redirects=False
        ) as response:
            body = b""
            async for chunk in response.aiter_bytes():
                body = (body + chunk)[:MAX_REPLY]
            retry_after = retry_after_seconds(response.headers.get("retry-after", ""))
            kind = response.headers.get("content-type", "")
            return Reply(response.status_code, response.reason_phrase, kind, retry_after, body)

    async def _execute_reply(self, reply: Reply) -> None:
        """Do what the answer asks for; an answer that is no method call is just an acknowledgement."""
        with suppress(ApiError):
            params = await read_params("", reply.content_type, reply.body)
            method = params.text("method")
            name = method.lower()
            if name and name not in NOT_IN_REPLIES and not name.startswith("get"):
                await self._execute(method, params)

    def _note_gone(self, webhook: Webhook, status: int) -> None:
        """A webhook that says 410 for 23 hours is removed."""
        now = self._clock.now()
        if status != HTTPStatus.GONE:
            webhook.gone_since = None
        elif webhook.gone_since is None:
            webhook.gone_since = now
        elif (now - webhook.gone_since).total_seconds() > GONE_SECONDS:
            self.webhook = None

    def _failed(self, update: Update, webhook: Webhook, outcome: Outcome) -> None:
        now = self._clock.now()
        webhook.last_error_date, webhook.last_error_message = now, outcome.text
        resend = after_failure(update.backoff, outcome.retry_after, self._dice)
        if (update.expires_at - now).total_seconds() < resend.wait:
            self._mailbox.settle(update, "dropped")
            return
        update.backoff = resend.backoff
        update.wake_at = now + timedelta(seconds=resend.wait)
