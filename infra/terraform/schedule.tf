# Both run each minute; a run that fails is tried again within its minute.

resource "google_cloud_scheduler_job" "this" {
  for_each = toset([for name, function in local.functions : name if function.caller == "scheduler"])

  project          = var.project_id
  region           = var.region
  name             = local.function_names[each.key]
  description      = local.functions[each.key].description
  schedule         = "* * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "${local.seconds[each.key] + 10}s"
  # With a webhook's key there is no token to renew.
  paused = each.key == "token_refresh" && !local.oauth

  retry_config {
    retry_count          = 2
    min_backoff_duration = "5s"
    max_backoff_duration = "20s"
  }

  http_target {
    http_method = "POST"
    uri         = module.function[each.key].url

    oidc_token {
      service_account_email = google_service_account.scheduler_invoker.email
      audience              = module.function[each.key].url
    }
  }
}
