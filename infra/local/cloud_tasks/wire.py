"""From the emulator's records to the client's messages."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime

import grpc
from google.cloud.tasks_v2 import (
    Attempt,
    CreateTaskRequest,
    HttpRequest,
    OidcToken,
    Queue,
    RateLimits,
    RetryConfig,
    Task,
)

from infra.local.cloud_tasks.backoff import RetryRules
from infra.local.cloud_tasks.checks import deadline_of, identity_of, method_of, retry_rules
from infra.local.cloud_tasks.model import HttpCall, LastAttempt, TaskRecord
from infra.local.cloud_tasks.queue_state import QueueState
from infra.local.cloud_tasks.throttle import SUCCESS


def task_record(request: CreateTaskRequest, queue: QueueState, now: datetime) -> TaskRecord:
    """Return the record of a new task that has passed the checks."""
    task = request.task
    given = task.http_request
    return TaskRecord(
        # Ids made by the service are long random numbers.
        name=task.name or f"{queue.name}/tasks/{secrets.randbelow(10**19):019d}",
        call=HttpCall(method_of(given).name, given.url, dict(given.headers), given.body),
        identity=identity_of(given),
        created_at=now,
        schedule_at=max(task.schedule_time, now) if "schedule_time" in task else now,
        deadline=deadline_of(task),
        named=bool(task.name),
        retry=retry_rules(task.retry_config, queue.retry) if "retry_config" in task else None,
    )


def task_message(task: TaskRecord, view: int) -> Task:
    """Return a task as a client sees it; the body only in the FULL view."""
    full = view == Task.View.FULL
    message = Task(
        name=task.name,
        http_request=_request_message(task, full=full),
        schedule_time=task.schedule_at,
        create_time=task.created_at.replace(microsecond=0),
        dispatch_deadline=task.deadline,
        dispatch_count=task.dispatches,
        response_count=task.responses,
        view=Task.View.FULL if full else Task.View.BASIC,
    )
    if task.first_attempt_at is not None:
        message.first_attempt = Attempt(dispatch_time=task.first_attempt_at)
    if task.last is not None:
        message.last_attempt = _attempt_message(task.last)
    if task.retry is not None:
        message.retry_config = retry_message(task.retry)
    return message


def queue_message(queue: QueueState) -> Queue:
    """Return a queue as a client sees it."""
    message = Queue(
        name=queue.name,
        rate_limits=RateLimits(
            max_dispatches_per_second=queue.limits.rate,
            max_burst_size=queue.limits.size,
            max_concurrent_dispatches=queue.limits.concurrent,
        ),
        retry_config=retry_message(queue.retry),
        state=Queue.State.PAUSED if queue.paused else Queue.State.RUNNING,
    )
    if queue.purged_at is not None:
        message.purge_time = queue.purged_at
    return message


def retry_message(rules: RetryRules) -> RetryConfig:
    """Return retry rules as a client sees them."""
    return RetryConfig(**asdict(rules))


def _request_message(task: TaskRecord, *, full: bool) -> HttpRequest:
    message = HttpRequest(
        url=task.call.url,
        http_method=task.call.method,
        headers=dict(task.call.headers),
        body=task.call.body if full else b"",
    )
    if task.identity is not None:
        message.oidc_token = OidcToken(service_account_email=task.identity.email, audience=task.identity.audience)
    return message


def _attempt_message(last: LastAttempt) -> Attempt:
    """Return the last attempt; its status only once an answer came."""
    message = Attempt(schedule_time=last.scheduled_at, dispatch_time=last.dispatched_at)
    if last.answered_at is not None:
        code = grpc.StatusCode.OK if last.status in SUCCESS else grpc.StatusCode.UNKNOWN
        message.response_time = last.answered_at
        message.response_status = {"code": code.value[0], "message": f"HTTP status code {last.status}"}
    return message
