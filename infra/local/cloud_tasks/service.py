"""The methods of `google.cloud.tasks.v2.CloudTasks`, one function per call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

from google.cloud import tasks_v2 as api

from infra.local import rpc
from infra.local.clock import Clock
from infra.local.cloud_tasks.backoff import RetryRules
from infra.local.cloud_tasks.checks import check_new_task, check_queue_kind, limits_of, retry_rules
from infra.local.cloud_tasks.model import TaskRecord
from infra.local.cloud_tasks.names import check_location, check_queue, check_task, location_of, queue_of
from infra.local.cloud_tasks.queue_state import Limits, QueueState
from infra.local.cloud_tasks.queues import Queues
from infra.local.cloud_tasks.wire import queue_message, task_message, task_record

SERVICE = "google.cloud.tasks.v2.CloudTasks"
MOST_QUEUES_A_PAGE = 9800
MOST_TASKS_A_PAGE = 1000

T = TypeVar("T", QueueState, TaskRecord)


class CloudTasksService:
    """Answers the calls of the client libraries.

    `dedup_window` is how long the name of a task that is gone stays taken: «up to 24 hours», so nothing to rely on.
    """

    def __init__(self, queues: Queues, clock: Clock, dedup_window: timedelta) -> None:
        self._queues = queues
        self._clock = clock
        self._dedup_window = dedup_window

    def methods(self) -> dict[str, rpc.Method]:
        """Return what is served, by method name."""
        method = rpc.Method
        return {
            "ListQueues": method(self.list_queues, api.ListQueuesRequest, api.ListQueuesResponse),
            "GetQueue": method(self.get_queue, api.GetQueueRequest, api.Queue),
            "CreateQueue": method(self.create_queue, api.CreateQueueRequest, api.Queue),
            "UpdateQueue": method(self.update_queue, api.UpdateQueueRequest, api.Queue),
            "DeleteQueue": method(self.delete_queue, api.DeleteQueueRequest),
            "PurgeQueue": method(self.purge_queue, api.PurgeQueueRequest, api.Queue),
            "PauseQueue": method(self.pause_queue, api.PauseQueueRequest, api.Queue),
            "ResumeQueue": method(self.resume_queue, api.ResumeQueueRequest, api.Queue),
            "ListTasks": method(self.list_tasks, api.ListTasksRequest, api.ListTasksResponse),
            "GetTask": method(self.get_task, api.GetTaskRequest, api.Task),
            "CreateTask": method(self.create_task, api.CreateTaskRequest, api.Task),
            "DeleteTask": method(self.delete_task, api.DeleteTaskRequest),
            "RunTask": method(self.run_task, api.RunTaskRequest, api.Task),
        }

    def open(self, name: str, limits: Limits, retry: RetryRules) -> QueueState:
        """Make a queue. ALREADY_EXISTS, and FAILED_PRECONDITION while the name of a deleted queue is locked."""
        now = self._clock.now()
        if self._queues.find(check_queue(name)) is not None:
            raise rpc.exists("Queue already exists")
        if self._queues.is_locked(name, now):
            raise rpc.precondition("The queue cannot be created because a queue with this name existed too recently.")
        state = QueueState(name, limits, retry, now)
        self._queues.open(state)
        return state

    def list_queues(self, request: api.ListQueuesRequest) -> api.ListQueuesResponse:
        """List the queues of a location by name. Filters are not emulated."""
        parent = check_location(request.parent)
        if request.filter:
            raise rpc.unimplemented("ListQueues.filter is not emulated")
        here = [queue for queue in self._queues.all() if location_of(queue.name) == parent]
        page, token = _page(here, request.page_size, request.page_token, MOST_QUEUES_A_PAGE)
        return api.ListQueuesResponse(queues=[queue_message(queue) for queue in page], next_page_token=token)

    def get_queue(self, request: api.GetQueueRequest) -> api.Queue:
        """Return a queue."""
        return queue_message(self._queue(request.name))

    def create_queue(self, request: api.CreateQueueRequest) -> api.Queue:
        """Make a queue; see `open` for what is refused."""
        parent = check_location(request.parent)
        name = check_queue(request.queue.name)
        if location_of(name) != parent:
            raise rpc.invalid(f"The queue «{name}» is not in the location «{parent}»")
        return self._make(request.queue)

    def update_queue(self, request: api.UpdateQueueRequest) -> api.Queue:
        """Change a queue's limits and retry rules, all or those in the mask; make the queue when there is none."""
        name = check_queue(request.queue.name)
        queue = self._queues.find(name)
        if queue is None:
            return self._make(request.queue)
        check_queue_kind(request.queue)
        wanted = _merged(queue_message(queue), request)
        # The burst is the emulator's own setting: clients cannot touch it, in the real service neither.
        limits = limits_of(wanted, queue.limits.burst)
        queue.change(limits, retry_rules(wanted.retry_config, RetryRules()), self._clock.now())
        self._queues.wake(name)
        return queue_message(queue)

    def delete_queue(self, request: api.DeleteQueueRequest) -> None:
        """Delete a queue with its tasks; its name is locked for days."""
        self._queues.close(self._queue(request.name).name, self._clock.now())

    def purge_queue(self, request: api.PurgeQueueRequest) -> api.Queue:
        """Delete all tasks of a queue, at once (the real service takes up to a minute)."""
        queue = self._queue(request.name)
        queue.purge(self._clock.now())
        return queue_message(queue)

    def pause_queue(self, request: api.PauseQueueRequest) -> api.Queue:
        """Stop dispatching; tasks may still be added."""
        queue = self._queue(request.name)
        queue.paused = True
        return queue_message(queue)

    def resume_queue(self, request: api.ResumeQueueRequest) -> api.Queue:
        """Dispatch again."""
        queue = self._queue(request.name)
        queue.paused = False
        self._queues.wake(queue.name)
        return queue_message(queue)

    def list_tasks(self, request: api.ListTasksRequest) -> api.ListTasksResponse:
        """List the tasks of a queue by name."""
        queue = self._queue(request.parent)
        page, token = _page(queue.tasks.values(), request.page_size, request.page_token, MOST_TASKS_A_PAGE)
        tasks = [task_message(task, request.response_view) for task in page]
        return api.ListTasksResponse(tasks=tasks, next_page_token=token)

    def get_task(self, request: api.GetTaskRequest) -> api.Task:
        """Return a task."""
        return task_message(self._task(request.name), request.response_view)

    def create_task(self, request: api.CreateTaskRequest) -> api.Task:
        """Add a task. ALREADY_EXISTS while a task of that name is there or was there lately."""
        now = self._clock.now()
        queue = self._queue(request.parent)
        check_new_task(request.task, queue.name, now)
        self._check_name(queue, request.task.name)
        task = task_record(request, queue, now)
        queue.add(task)
        self._queues.wake(queue.name)
        return task_message(task, request.response_view)

    def delete_task(self, request: api.DeleteTaskRequest) -> None:
        """Delete a task, waiting or running. What runs of it goes on, but its answer will not count."""
        task = self._task(request.name)
        self._queue(queue_of(task.name)).remove(task, self._clock.now())

    def run_task(self, request: api.RunTaskRequest) -> api.Task:
        """Dispatch a task now, even if its queue is paused or out of tokens and even if it is running already."""
        task = self._task(request.name)
        self._queues.force(queue_of(task.name), task)
        return task_message(task, request.response_view)

    def _make(self, queue: api.Queue) -> api.Queue:
        check_queue_kind(queue)
        rules = retry_rules(queue.retry_config, RetryRules())
        return queue_message(self.open(queue.name, limits_of(queue, self._queues.burst), rules))

    def _queue(self, name: str) -> QueueState:
        queue = self._queues.find(check_queue(name))
        if queue is None:
            raise rpc.missing(
                "Queue does not exist. If you just created the queue, "
                "wait at least a minute for the queue to initialize."
            )
        return queue

    def _task(self, name: str) -> TaskRecord:
        queue = self._queue(queue_of(check_task(name)))
        task = queue.tasks.get(name)
        if task is None:
            raise rpc.missing("The task no longer exists, or never did.")
        return task

    def _check_name(self, queue: QueueState, name: str) -> None:
        """Refuse a name that is taken, forgetting those that are free again."""
        horizon = self._clock.now() - self._dedup_window
        queue.graves = {old: gone for old, gone in queue.graves.items() if gone > horizon}
        if name in queue.tasks:
            raise rpc.exists("Requested entity already exists")
        if name in queue.graves:
            raise rpc.exists("The task cannot be created because a task with this name existed too recently.")


def _merged(message: api.Queue, request: api.UpdateQueueRequest) -> api.Queue:
    """Return the queue as it shall be: the fields in the mask, or all, taken from the request."""
    mask = request.update_mask
    if not mask.paths:
        return request.queue
    if not mask.IsValidForDescriptor(api.Queue.pb(message).DESCRIPTOR):
        raise rpc.invalid("UpdateQueueRequest.update_mask names a field that a Queue does not have")
    mask.MergeMessage(
        api.Queue.pb(request.queue), api.Queue.pb(message), replace_message_field=True, replace_repeated_field=True
    )
    return message


def _page(items: Iterable[T], size: int, token: str, most: int) -> tuple[list[T], str]:
    """Return one page of what is listed, by name, and the token of the next: the last name of this one."""
    if size < 0:
        raise rpc.invalid("page_size must not be negative")
    rest = sorted((item for item in items if item.name > token), key=lambda item: item.name)
    page = rest[: min(size or most, most)]
    return page, page[-1].name if len(page) < len(rest) else ""
