output "url" {
  description = "Address, once it can be called."
  value       = google_cloudfunctions2_function.this.service_config[0].uri

  depends_on = [google_cloud_run_v2_service_iam_binding.invoker]
}

output "public" {
  description = "Whether everybody may call it."
  value       = local.public
}

output "ingress" {
  description = "Where it may be called from."
  value       = google_cloudfunctions2_function.this.service_config[0].ingress_settings
}

output "environment" {
  description = "Its environment variables, secret ones by name and version only."
  value       = { plain = var.environment, secret = keys(var.secrets), versions = { for name, secret in var.secrets : name => secret.version } }
}

output "invokers" {
  description = "Who may call it."
  value       = google_cloud_run_v2_service_iam_binding.invoker.members
}

output "bundle" {
  description = "The zip on this machine, and what is in it."
  value       = { path = data.archive_file.bundle.output_path, files = keys(var.files) }
}

output "connector" {
  description = "The connector its calls leave through."
  value       = google_cloudfunctions2_function.this.service_config[0].vpc_connector
}

output "repository" {
  description = "Where its images go."
  value       = google_cloudfunctions2_function.this.build_config[0].docker_repository
}
