"""What the service refuses in tasks and queues, with its error codes (shared/pipeline/README.md, «Cloud Tasks»)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from google.cloud.tasks_v2 import HttpMethod, HttpRequest, Queue, RetryConfig, Task

from infra.local.cloud_tasks.backoff import UNLIMITED, RetryRules, whole_seconds
from infra.local.cloud_tasks.model import Identity
from infra.local.cloud_tasks.names import check_task, queue_of
from infra.local.cloud_tasks.queue_state import Limits
from infra.local.rpc import invalid, unimplemented

MOST_BYTES = 1_000_000
MOST_HEADER_BYTES = 80 * 1024
LONGEST_URL = 2083
FARTHEST_SCHEDULE = timedelta(days=30)
DEFAULT_DEADLINE = timedelta(minutes=10)
SHORTEST_DEADLINE = timedelta(seconds=15)
LONGEST_DEADLINE = timedelta(minutes=30)

_WITH_BODY = frozenset({HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


def check_new_task(task: Task, queue: str, now: datetime) -> None:
    """Refuse a task `queue` would not take: INVALID_ARGUMENT, or UNIMPLEMENTED when only the emulator is at a loss."""
    if task.name and queue_of(check_task(task.name)) != queue:
        raise invalid(f"The queue name from request («{queue}») must be the same as in the named task («{task.name}»)")
    if "app_engine_http_request" in task:
        raise unimplemented("App Engine tasks are not emulated; use http_request")
    if "http_request" not in task:
        raise invalid("Task.http_request is required")
    size = Task.pb(task).ByteSize()
    if size > MOST_BYTES:
        raise invalid(f"Task size too large: {size} bytes, the limit is {MOST_BYTES}")
    if "schedule_time" in task and task.schedule_time > now + FARTHEST_SCHEDULE:
        raise invalid("Task.schedule_time must be at most 30 days from now")
    _check_request(task.http_request)


def deadline_of(task: Task) -> timedelta:
    """Return the dispatch deadline of an HTTP task: 15 s to 30 min, 10 min when it is not set."""
    if "dispatch_deadline" not in task:
        return DEFAULT_DEADLINE
    deadline: timedelta = task.dispatch_deadline
    if not SHORTEST_DEADLINE <= deadline <= LONGEST_DEADLINE:
        raise invalid(f"Task.dispatch_deadline must be between [15s, 30m], not {deadline.total_seconds()}s")
    return timedelta(milliseconds=deadline // timedelta(milliseconds=1))


def method_of(request: HttpRequest) -> HttpMethod:
    """Return the HTTP method: POST when it is not set. One this client does not know is refused."""
    # Read past proto-plus, which warns about values it does not know.
    value = HttpRequest.pb(request).http_method or HttpMethod.POST
    try:
        return HttpMethod(value)
    except ValueError:
        raise invalid(f"HttpRequest.http_method {value} is not a known method") from None


def identity_of(request: HttpRequest) -> Identity | None:
    """Return whose token the request carries; the audience is the URL unless it is given."""
    if "oidc_token" not in request:
        return None
    token = request.oidc_token
    return Identity(email=token.service_account_email, audience=token.audience or request.url)


def limits_of(queue: Queue, burst: int | None) -> Limits:
    """Return the queue's limits; what is not set gets the service's default."""
    given = queue.rate_limits
    rate = given.max_dispatches_per_second or Limits.rate
    concurrent = given.max_concurrent_dispatches or Limits.concurrent
    try:
        return Limits(rate=rate, concurrent=concurrent, burst=burst)
    except ValueError as error:
        raise invalid(f"RateLimits: {error}") from None


def retry_rules(config: RetryConfig, base: RetryRules) -> RetryRules:
    """Return the rules of a `RetryConfig`; what is not set comes from `base`. Durations are cut to whole seconds."""
    rules = RetryRules(
        max_attempts=config.max_attempts or base.max_attempts,
        max_retry_duration=_duration(config, "max_retry_duration", base.max_retry_duration),
        min_backoff=_duration(config, "min_backoff", base.min_backoff),
        max_backoff=_duration(config, "max_backoff", base.max_backoff),
        max_doublings=config.max_doublings or base.max_doublings,
    )
    if rules.max_attempts < UNLIMITED:
        raise invalid("RetryConfig.max_attempts must be greater than or equal to -1")
    if rules.max_doublings < 0:
        raise invalid("RetryConfig.max_doublings must not be negative")
    if rules.min_backoff > rules.max_backoff:
        raise invalid("RetryConfig.max_backoff must be greater than or equal to RetryConfig.min_backoff")
    return rules


def check_queue_kind(queue: Queue) -> None:
    """Refuse queue settings the emulator would have to ignore."""
    for setting in ("app_engine_routing_override", "http_target"):
        if setting in queue:
            raise unimplemented(f"Queue.{setting} is not emulated")


def _duration(config: RetryConfig, name: str, base: timedelta) -> timedelta:
    """Return one duration of a `RetryConfig`. The service's own default of 0.1 s survives being sent back."""
    if name not in config:
        return base
    value: timedelta = getattr(config, name)
    if value < timedelta(0):
        raise invalid(f"RetryConfig.{name} must not be negative")
    return value if value == base else whole_seconds(value)


def _check_request(request: HttpRequest) -> None:
    _check_url(request.url)
    _check_headers(request.headers)
    method = method_of(request)
    if request.body and method not in _WITH_BODY:
        raise invalid(f"HttpRequest.body is only allowed with POST, PUT and PATCH, not {method.name}")
    if "oauth_token" in request:
        raise unimplemented("HttpRequest.oauth_token is not emulated; use oidc_token")
    if "oidc_token" in request and "@" not in request.oidc_token.service_account_email:
        raise invalid("OidcToken.service_account_email must be the e-mail address of a service account")


def _check_url(url: str) -> None:
    """Refuse what is not an absolute http(s) address. The text does not repeat it: it may carry a secret."""
    if not url.startswith(("http://", "https://")):
        raise invalid("HttpRequest.url must start with 'http://' or 'https://'")
    if len(quote(url, safe=":/?#[]@!$&'()*+,;=%~")) > LONGEST_URL:
        raise invalid(f"HttpRequest.url is longer than {LONGEST_URL} characters")
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", url):
        raise invalid("HttpRequest.url is not a valid URL")


def _check_headers(headers: Mapping[str, Any]) -> None:
    """Refuse headers no HTTP message can carry, and too much of them."""
    if sum(len(name) + len(value) for name, value in headers.items()) >= MOST_HEADER_BYTES:
        raise invalid("HttpRequest.headers must be less than 80KB")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise invalid(f"HttpRequest.headers: {name[:100]!r} is not a valid header")
