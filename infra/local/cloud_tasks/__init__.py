"""Cloud Tasks on one machine: gRPC for the unchanged Google clients, real HTTP to the workers, in memory.

What it does as the service does (shared/pipeline/README.md, «Cloud Tasks»): names, limits and error codes; a token
bucket with fractional rates, in which retries take tokens too; concurrency; schedule times; retry rules with their
linear phase and whole seconds; deadlines; headers; identity tokens; deduplication of named tasks; throttling of a queue
whose workers are in trouble.

What it does not: redirects, App Engine and queue-level targets, OAuth tokens, IAM, batches, the slow ramp-up of a new
or idle queue, and «at least once»: nothing is delivered twice for no reason. Tasks go out in the order of their
schedule time; the service promises no order at all. Signatures of identity tokens are local.
"""

from infra.local.clock import ManualClock
from infra.local.cloud_tasks.backoff import RetryRules
from infra.local.cloud_tasks.emulator import CloudTasksEmulator
from infra.local.cloud_tasks.model import HttpCall, Reply
from infra.local.cloud_tasks.queue_state import Limits

__all__ = ["CloudTasksEmulator", "HttpCall", "Limits", "ManualClock", "Reply", "RetryRules"]
