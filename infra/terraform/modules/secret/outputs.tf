output "id" {
  description = "Name, once its readers may read it."
  value       = google_secret_manager_secret.this.secret_id

  depends_on = [google_secret_manager_secret_iam_member.reader]
}

output "readers" {
  description = "Who reads versions."
  value       = keys(google_secret_manager_secret_iam_member.reader)
}

output "writers" {
  description = "Who adds and destroys versions."
  value       = keys(google_secret_manager_secret_iam_member.writer)
}
