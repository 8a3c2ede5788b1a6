# What wakes people, by the module alone: no function is packed for it, so that it is quick.

mock_provider "google" {}
mock_provider "time" {}

variables {
  project_id = "assistant-test-project"
  name       = "assistant"
  oauth      = true

  webhook_host   = "assistant-telegram-update-1.europe-west1.run.app"
  project_number = "1"
  budget         = { billing_account = "0123AB-4567CD-89EF01", monthly = 50, currency = "USD" }
  queues         = { bitrix = "assistant-bitrix", telegram = "assistant-telegram" }
  services = {
    telegram_update = "assistant-telegram-update", bitrix_call = "assistant-bitrix-call", housekeeping = "assistant-housekeeping"
  }
  limits = {
    emails              = ["alerts@example.com"]
    channels            = []
    runbook_url         = "https://git.example.com/infra/RUNBOOK.md"
    quiet_hours         = 23
    log_bytes_per_day   = 1073741824
    search_p95_ms       = 250
    overdue_seconds     = 120
    queue_depth         = 240
    pending_updates     = 100
    dead_letters_kept   = 10
    retries_per_5_min   = 30
    rejected_per_5_min  = 50
    token_quiet_minutes = 40
  }
}

run "alerts" {
  command = apply

  module {
    source = "./modules/monitoring"
  }

  assert {
    condition     = time_sleep.metrics.create_duration == "600s" && toset(keys(time_sleep.metrics.triggers)) == toset(concat(keys(google_logging_metric.counter), keys(google_logging_metric.distribution)))
    error_message = "A metric may be unknown to alerts for ten minutes after it was made, and each new one again."
  }

  assert {
    condition     = !strcontains(google_monitoring_dashboard.this.dashboard_json, "[]") && !can(regex("\"[xy]Pos\":0\\b", google_monitoring_dashboard.this.dashboard_json))
    error_message = "What the API drops from a dashboard would be a difference in every plan."
  }

  assert {
    condition     = endswith(google_monitoring_slo.this["updates"].request_based_sli[0].good_total_ratio[0].bad_service_filter, " metric.labels.response_code=monitoring.regex.full_match(\"5..|429\")")
    error_message = "A stranger's 401 wakes nobody: only 5xx and 429 are updates that wait."
  }

  assert {
    condition = alltrue([for name, burn in {
      updates-burn-fast = { of = "updates", rate = 14.4, windows = ["3600s", "300s"] }, updates-burn-slow = { of = "updates", rate = 6, windows = ["21600s", "1800s"] }
      answers-burn-fast = { of = "answers", rate = 14.4, windows = ["3600s", "300s"] }, answers-burn-slow = { of = "answers", rate = 6, windows = ["21600s", "1800s"] }
      } : alltrue([for index, window in burn.windows : (
        google_monitoring_alert_policy.burn[name].combiner == "AND"
        && google_monitoring_alert_policy.burn[name].conditions[index].condition_threshold[0].threshold_value == burn.rate
        && google_monitoring_alert_policy.burn[name].conditions[index].condition_threshold[0].filter == "select_slo_burn_rate(\"${google_monitoring_slo.this[burn.of].name}\", \"${window}\")"
    )])]) && google_monitoring_slo.this["updates"].goal == 0.995 && google_monitoring_slo.this["answers"].goal == 0.99
    error_message = "A budget that burns fast is told by two windows: what was spent, and that it still is."
  }

  assert {
    condition = (
      google_monitoring_slo.this["answers"].request_based_sli[0].distribution_cut[0].range[0].max == 10
      && endswith(google_monitoring_slo.this["answers"].request_based_sli[0].distribution_cut[0].distribution_filter, "/assistant/answer_seconds\"")
      && endswith(google_logging_metric.counter["late_answers"].filter, "jsonPayload.event=(\"answered\") jsonPayload.seconds>10")
    )
    error_message = "A late answer is the same to the promise, to its count and to the buckets."
  }

  assert {
    condition     = alltrue([for name, url in output.alerts : url == "https://git.example.com/infra/RUNBOOK.md#${name}"]) && contains(keys(output.alerts), "updates-burn-slow")
    error_message = "Each alert points to its entry of the runbook."
  }

  assert {
    condition     = one(google_monitoring_alert_policy.this["housekeeping-silent"].conditions[*].condition_absent[0].duration) == "900s"
    error_message = "When housekeeping is silent, the alerts that count its words are blind: somebody must be told."
  }

  assert {
    condition = alltrue([for name, limit in {
      answer_seconds = 10, search_seconds = 0.25, jobs_due_age = 120, telegram_pending = 100, dead_letters_kept = 10,
    } : contains(google_logging_metric.distribution[name].bucket_options[0].explicit_buckets[0].bounds, limit)])
    error_message = "An alert on a distribution is as exact as its buckets: the limit is a bound."
  }

  assert {
    condition = alltrue([for metric in google_logging_metric.distribution : alltrue([
      for options in metric.bucket_options : alltrue([for buckets in options.explicit_buckets :
        alltrue([for index in range(1, length(buckets.bounds)) : buckets.bounds[index - 1] < buckets.bounds[index]])
      ])
    ])])
    error_message = "Bounds must grow."
  }

  assert {
    condition = (
      google_monitoring_alert_policy.this["search-latency"].combiner == "AND"
      && length(google_monitoring_alert_policy.this["search-latency"].conditions) == 2
      && alltrue([for condition in google_monitoring_alert_policy.this["search-latency"].conditions : condition.condition_threshold[0].aggregations[0].alignment_period == "1800s"])
    )
    error_message = "One slow search in a quiet night is no latency: half an hour, and searches enough."
  }

  assert {
    condition     = one(google_monitoring_alert_policy.this["no-traffic"].conditions[*].condition_absent[0].duration) == "82800s"
    error_message = "A quiet night is no alert."
  }

  assert {
    condition = (
      google_monitoring_uptime_check_config.webhook.http_check[0].accepted_response_status_codes[0].status_value == 405
      && google_monitoring_uptime_check_config.webhook.monitored_resource[0].labels["host"] == "assistant-telegram-update-1.europe-west1.run.app"
      && one(google_monitoring_alert_policy.this["webhook-unreachable"].conditions[*].condition_threshold[0].aggregations[0].cross_series_reducer) == "REDUCE_COUNT_FALSE"
    )
    error_message = "The webhook is asked from outside, and more than one place without an answer is an alert."
  }

  assert {
    condition     = strcontains(google_logging_project_exclusion.rejected.filter, "jsonPayload.event=\"rejected\"") && endswith(google_logging_project_exclusion.rejected.filter, " sample(insertId, 0.99)")
    error_message = "A flood of strangers costs no log; one in a hundred shows what they try."
  }

  assert {
    condition     = google_billing_budget.this["month"].amount[0].specified_amount[0].units == "50" && length(google_billing_budget.this["month"].threshold_rules) == 4
    error_message = "Who pays is told before the month is over."
  }

  assert {
    condition     = alltrue([for name in ["http-5xx", "http-4xx"] : contains(one(google_monitoring_alert_policy.this[name].conditions[*].condition_threshold[0].aggregations[0].group_by_fields), "resource.label.service_name")])
    error_message = "The incident names the function."
  }
}
