# The promises to masters, and how fast their budgets burn: one that is spent within hours wakes somebody, one within days
# does not. Windows and rates are those of the SRE Workbook: 2 % of 30 days' budget in an hour, 5 % in six.

locals {
  # Seconds. A bound of the buckets too: between two bounds it is only guessed what is good.
  answered_within = 10

  # bad: what is counted beside the promise, so that one slow answer of a quiet night is no fire.
  promises = {
    updates = {
      title = "Telegram's updates are taken", goal = 0.995, total = local.updates, bad = "${local.updates} ${local.untaken}"
    }
    answers = {
      title = "Who writes has an answer within ${local.answered_within} s", goal = 0.99, times = local.counted["answer_seconds"], bad = local.counted["late_answers"]
    }
  }

  # long and short, in seconds: spent over the long one, and still being spent over the short one.
  burns = {
    updates-burn-fast = {
      promise = "updates", title = "Updates are not taken: the month's budget is gone in two days", severity = "CRITICAL", rate = 14.4, long = 3600, short = 300
    }
    updates-burn-slow = {
      promise = "updates", title = "Updates are not taken: the month's budget is gone in five days", severity = "ERROR", rate = 6, long = 21600, short = 1800
    }
    answers-burn-fast = {
      promise = "answers", title = "Answers come late: the month's budget is gone in two days", severity = "CRITICAL", rate = 14.4, long = 3600, short = 300
    }
    answers-burn-slow = {
      promise = "answers", title = "Answers come late: the month's budget is gone in five days", severity = "ERROR", rate = 6, long = 21600, short = 1800
    }
  }
}

resource "google_monitoring_custom_service" "this" {
  project      = var.project_id
  service_id   = var.name
  display_name = var.name
}

resource "google_monitoring_slo" "this" {
  for_each = local.promises

  project             = var.project_id
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = each.key
  display_name        = each.value.title
  goal                = each.value.goal
  rolling_period_days = 30

  request_based_sli {
    dynamic "good_total_ratio" {
      for_each = can(each.value.total) ? [each.value] : []

      content {
        total_service_filter = good_total_ratio.value.total
        bad_service_filter   = good_total_ratio.value.bad
      }
    }

    dynamic "distribution_cut" {
      for_each = can(each.value.times) ? [each.value] : []

      content {
        distribution_filter = distribution_cut.value.times

        range {
          max = local.answered_within
        }
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_alert_policy" "burn" {
  for_each = local.burns

  project               = var.project_id
  display_name          = "${var.name}: ${each.value.title}"
  combiner              = "AND"
  severity              = each.value.severity
  notification_channels = local.channels

  dynamic "conditions" {
    for_each = [each.value.long, each.value.short]

    content {
      display_name = "over ${conditions.value / 60} minutes"

      condition_threshold {
        filter          = "select_slo_burn_rate(\"${google_monitoring_slo.this[each.value.promise].name}\", \"${conditions.value}s\")"
        comparison      = "COMPARISON_GT"
        threshold_value = each.value.rate
        duration        = "0s"
      }
    }
  }

  # Of ten updates of a night a single one is a tenth: that is no fire.
  conditions {
    display_name = "more than a few"

    condition_threshold {
      filter          = local.promises[each.value.promise].bad
      comparison      = "COMPARISON_GT"
      threshold_value = 5
      duration        = "0s"

      aggregations {
        alignment_period     = "${each.value.long}s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  documentation {
    subject   = "${var.name}: ${each.value.title}"
    mime_type = "text/markdown"
    content   = "What it means and what to do: [runbook](${var.limits.runbook_url}#${each.key})"

    links {
      display_name = "Runbook"
      url          = "${var.limits.runbook_url}#${each.key}"
    }
  }
}
