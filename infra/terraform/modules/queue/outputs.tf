output "id" {
  description = "Full name."
  value       = google_cloud_tasks_queue.this.id
}

output "rate" {
  description = "Tasks a second."
  value       = google_cloud_tasks_queue.this.rate_limits[0].max_dispatches_per_second
}

output "concurrent" {
  description = "Tasks at once."
  value       = google_cloud_tasks_queue.this.rate_limits[0].max_concurrent_dispatches
}

output "enqueuers" {
  description = "Who may put tasks in."
  value       = keys(google_cloud_tasks_queue_iam_member.enqueuer)
}
