"""The client of Google Cloud Tasks: the queue of tasks as it is in the cloud, or an emulator's.

Importing this module does not import the Google libraries (a quarter of a second): the first `add` does, so that a cold
start that never enqueues anything does not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared.pipeline.tasks import QueueUnavailable, Task

if TYPE_CHECKING:
    from google.cloud.tasks_v2 import CloudTasksAsyncClient
    from google.cloud.tasks_v2 import Task as TaskMessage

FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 0.5


class CloudTasks:
    """The real queues, or an emulator's at `emulator_host` (host:port, without TLS and credentials).

    The client is made by the first `add`, inside the running loop, and belongs to that loop. `timeout_seconds` bounds
    an `add`, its retries included.
    """

    def __init__(self, emulator_host: str | None = None, timeout_seconds: float = 5.0) -> None:
        self._emulator_host = emulator_host
        self._timeout_seconds = timeout_seconds
        self._client: CloudTasksAsyncClient | None = None

    async def add(self, task: Task) -> None:
        """Put a task into its queue. UNAVAILABLE is retried while the time lasts, at the risk of a second task."""
        from google.api_core.exceptions import GoogleAPIError, ServiceUnavailable  # noqa: PLC0415 - cold start
        from google.api_core.retry_async import AsyncRetry, if_exception_type  # noqa: PLC0415 - cold start
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - cold start

        retry = AsyncRetry(
            predicate=if_exception_type(ServiceUnavailable),
            initial=FIRST_RETRY_SECONDS,
            maximum=LONGEST_RETRY_SECONDS,
            timeout=self._timeout_seconds,
        )
        try:
            client = self._connected()
            await client.create_task(parent=task.queue, task=_message(task), retry=retry, timeout=self._timeout_seconds)
        except (GoogleAPIError, GoogleAuthError) as error:
            # The library's own text may quote the task: only its kind goes into ours.
            raise QueueUnavailable(f"{task.queue}: {type(error).__name__}") from error

    async def close(self) -> None:
        """Let go of the connection; a later `add` makes a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.transport.close()  # type: ignore[no-untyped-call] # the library leaves it untyped

    def _connected(self) -> CloudTasksAsyncClient:
        """Return the client, made on first use."""
        if self._client is None:
            from google.cloud.tasks_v2 import CloudTasksAsyncClient  # noqa: PLC0415 - cold start

            if self._emulator_host is None:
                self._client = CloudTasksAsyncClient()
            else:
                self._client = _emulator_client(self._emulator_host)
        return self._client


def _emulator_client(host: str) -> CloudTasksAsyncClient:
    """Return a client that speaks to an emulator."""
    import grpc.aio  # noqa: PLC0415 - cold start
    from google.cloud.tasks_v2 import CloudTasksAsyncClient  # noqa: PLC0415 - cold start
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport  # noqa: PLC0415 - cold start

    # A proxy from the environment is for the world outside, not for an emulator.
    channel = grpc.aio.insecure_channel(host, options=[("grpc.enable_http_proxy", 0)])
    return CloudTasksAsyncClient(transport=CloudTasksGrpcAsyncIOTransport(channel=channel))


def _message(task: Task) -> TaskMessage:
    """Return the task in the client library's terms."""
    from google.cloud.tasks_v2 import HttpMethod, HttpRequest, OidcToken  # noqa: PLC0415 - cold start
    from google.cloud.tasks_v2 import Task as TaskMessage  # noqa: PLC0415 - cold start

    request = HttpRequest(http_method=HttpMethod.POST, url=task.url, headers=dict(task.headers), body=task.body)
    if task.service_account is not None:
        audience = task.audience or "{0.scheme}://{0.netloc}".format(urlsplit(task.url))
        request.oidc_token = OidcToken(service_account_email=task.service_account, audience=audience)
    message = TaskMessage(http_request=request, dispatch_deadline=task.dispatch_deadline)
    if task.schedule_at is not None:
        message.schedule_time = task.schedule_at
    return message
