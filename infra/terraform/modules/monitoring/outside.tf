# What is seen from outside, and what strangers cost: the webhook asked from three continents, the log kept small.

resource "google_monitoring_uptime_check_config" "webhook" {
  project          = var.project_id
  display_name     = "${var.name}: Telegram's webhook can be reached"
  period           = "300s"
  timeout          = "10s"
  selected_regions = ["ASIA_PACIFIC", "EUROPE", "USA"]

  # A GET is turned away before anything is read: who says so is there.
  http_check {
    request_method = "GET"
    path           = "/"
    port           = 443
    use_ssl        = true
    validate_ssl   = true

    accepted_response_status_codes {
      status_value = 405
    }
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = var.webhook_host
    }
  }
}

# A flood of strangers costs no log: one entry in a hundred is kept, of ours and of the platform's. Metrics count all of them, for
# they are counted before entries are left out.
resource "google_logging_project_exclusion" "rejected" {
  project     = var.project_id
  name        = "${var.name}-rejected"
  description = "Ninety-nine in a hundred requests that were turned away."
  filter = join(" ", [
    local.service_filter,
    "(jsonPayload.event=\"rejected\" OR (log_id(\"run.googleapis.com/requests\") AND httpRequest.status>=400 AND httpRequest.status<500 AND httpRequest.status!=429))",
    "sample(insertId, 0.99)",
  ])
}

# Tells, and stops nothing: half of it, nine tenths, all of it, and that the month will pass it.
resource "google_billing_budget" "this" {
  for_each = var.budget == null ? {} : { month = var.budget }

  billing_account = each.value.billing_account
  display_name    = var.name

  budget_filter {
    projects = ["projects/${var.project_number}"]
  }

  amount {
    specified_amount {
      currency_code = each.value.currency
      units         = tostring(each.value.monthly)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  # No more than five may be named.
  all_updates_rule {
    monitoring_notification_channels = slice(local.channels, 0, min(5, length(local.channels)))
  }
}
