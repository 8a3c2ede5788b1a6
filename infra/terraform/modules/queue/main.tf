resource "google_cloud_tasks_queue" "this" {
  project  = var.project_id
  location = var.region
  name     = var.name

  rate_limits {
    max_dispatches_per_second = var.rate.per_second
    max_concurrent_dispatches = var.rate.concurrent
  }

  retry_config {
    max_attempts       = var.retry.max_attempts
    max_retry_duration = var.retry.max_retry_duration
    min_backoff        = var.retry.min_backoff
    max_backoff        = var.retry.max_backoff
    max_doublings      = var.retry.max_doublings
  }

  # A sample of the operations: the functions log each of their requests themselves.
  stackdriver_logging_config {
    sampling_ratio = 0.01
  }

  # The name of a deleted queue cannot be used again for a week.
  deletion_policy = var.protected ? "PREVENT" : "DELETE"
}

resource "google_cloud_tasks_queue_iam_member" "enqueuer" {
  for_each = var.enqueuers

  project  = var.project_id
  location = var.region
  name     = google_cloud_tasks_queue.this.name
  role     = "roles/cloudtasks.enqueuer"
  member   = each.value
}
