# Alerts. Each key is an anchor of infra/RUNBOOK.md: what it means, what to look at, what to do.

locals {
  counted = { for name in concat(keys(local.counters), keys(local.distributions)) :
    name => "resource.type=\"cloud_run_revision\" metric.type=\"logging.googleapis.com/user/${var.name}/${name}\""
  }
  service_names = join("|", values(var.services))
  requests      = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\" resource.labels.service_name=monitoring.regex.full_match(\"${local.service_names}\")"
  # A stranger's 401 is no update of Telegram's; 5xx and 429 are delivered again, and masters wait.
  updates     = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\" resource.labels.service_name=\"${var.services["telegram_update"]}\""
  untaken     = "metric.labels.response_code=monitoring.regex.full_match(\"5..|429\")"
  queue_depth = "resource.type=\"cloud_tasks_queue\" metric.type=\"cloudtasks.googleapis.com/queue/depth\" resource.labels.queue_id=monitoring.regex.full_match(\"${join("|", values(var.queues))}\")"

  # kind: sum (of `minutes`), p95, max, failed (places that last saw no answer); above `limit`, or absent when nothing came for `minutes`. enough: a counter, and how much
  # of it there must be before the rest is believed.
  alerts = merge(
    {
      http-5xx = {
        title  = "Functions answer 5xx", severity = "ERROR", kind = "sum", minutes = 5, limit = 5,
        filter = "${local.requests} metric.labels.response_code_class=\"5xx\""
      }
      http-4xx = {
        title  = "Requests are turned away", severity = "WARNING", kind = "sum", minutes = 5, limit = var.limits.rejected_per_5_min,
        filter = "${local.requests} metric.labels.response_code_class=\"4xx\""
      }
      webhook-unreachable = {
        title  = "Telegram's webhook cannot be reached", severity = "CRITICAL", kind = "failed", minutes = 20, limit = 1,
        filter = "resource.type=\"uptime_url\" metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" metric.labels.check_id=\"${google_monitoring_uptime_check_config.webhook.uptime_check_id}\""
      }
      telegram-delivery = {
        title  = "Telegram cannot deliver updates", severity = "CRITICAL", kind = "sum", minutes = 15, limit = 1,
        filter = "${local.counted["telegram_state"]} metric.labels.state!=\"fine\""
      }
      telegram-backlog = {
        title  = "Updates pile up at Telegram", severity = "ERROR", kind = "max", minutes = 10, limit = var.limits.pending_updates,
        filter = local.counted["telegram_pending"]
      }
      search-latency = {
        title  = "Search in the catalogue is slow", severity = "WARNING", kind = "p95", minutes = 30, limit = var.limits.search_p95_ms / 1000,
        filter = local.counted["search_seconds"], enough = { filter = local.counted["searches"], count = 20 }
      }
      retries = {
        title  = "Calls of the portal are repeated often", severity = "WARNING", kind = "sum", minutes = 5, limit = var.limits.retries_per_5_min,
        filter = local.counted["retries"]
      }
      queue-depth = {
        title  = "A queue does not get shorter", severity = "ERROR", kind = "max", minutes = 5, limit = var.limits.queue_depth,
        filter = local.queue_depth
      }
      jobs-overdue = {
        title  = "Jobs wait too long", severity = "ERROR", kind = "max", minutes = 5, limit = var.limits.overdue_seconds,
        filter = local.counted["jobs_due_age"]
      }
      housekeeping-silent = {
        title  = "Housekeeping says nothing", severity = "CRITICAL", kind = "absent", minutes = 15, limit = 0,
        filter = local.counted["sweeps"]
      }
      dead-letters = {
        title  = "A bug put an event into dead_letters", severity = "ERROR", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["dead_letters"]
      }
      dead-letters-kept = {
        title  = "Dead letters wait for somebody", severity = "WARNING", kind = "max", minutes = 10, limit = var.limits.dead_letters_kept,
        filter = local.counted["dead_letters_kept"]
      }
      bugs = {
        title  = "A bug was met", severity = "ERROR", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["bugs"]
      }
      operators = {
        title  = "An order needs a human", severity = "ERROR", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["operators"]
      }
      operators-unreached = {
        title  = "The operators' chat is out of reach", severity = "ERROR", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["unreached"]
      }
      infrastructure = {
        title  = "The store or a queue is out of reach", severity = "ERROR", kind = "sum", minutes = 5, limit = 5,
        filter = local.counted["infrastructure"]
      }
      misconfigured = {
        title  = "A function's settings are unusable", severity = "CRITICAL", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["misconfigured"]
      }
      portal-stopped = {
        title  = "The portal refuses everything", severity = "CRITICAL", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["portal_stops"]
      }
      no-traffic = {
        title  = "Nobody writes to the bot", severity = "WARNING", kind = "absent", minutes = var.limits.quiet_hours * 60, limit = 0,
        filter = local.counted["updates"]
      }
      log-volume = {
        title  = "The log is larger than its budget", severity = "WARNING", kind = "sum", minutes = 1440, limit = var.limits.log_bytes_per_day,
        filter = "resource.type=\"global\" metric.type=\"logging.googleapis.com/billing/bytes_ingested\""
      }
    },
    !var.oauth ? {} : {
      token-not-refreshed = {
        title  = "The token is not looked after", severity = "CRITICAL", kind = "absent", minutes = var.limits.token_quiet_minutes, limit = 0,
        filter = "${local.counted["token_runs"]} metric.labels.did=monitoring.regex.full_match(\"renewed|fresh|idle|never\")"
      }
      token-lost = {
        title  = "The token is lost or refused", severity = "CRITICAL", kind = "sum", minutes = 5, limit = 0,
        filter = local.counted["token_trouble"]
      }
    },
  )

  aligners = { sum = "ALIGN_DELTA", p95 = "ALIGN_DELTA", max = "ALIGN_MAX", failed = "ALIGN_NEXT_OLDER", absent = "ALIGN_DELTA" }
  reducers = { sum = "REDUCE_SUM", p95 = "REDUCE_PERCENTILE_95", max = "REDUCE_MAX", failed = "REDUCE_COUNT_FALSE", absent = "REDUCE_SUM" }

  # Of a distribution the largest value is not kept, its last percentile is.
  is_distribution = { for name, alert in local.alerts : name => contains([for each in keys(local.distributions) : local.counted[each]], alert.filter) }

  # The incident names the function. The queues and the log as a whole are of none.
  by = { for name, alert in local.alerts :
    name => alert.kind == "sum" && startswith(alert.filter, "resource.type=\"cloud_run_revision\"") ? ["resource.label.service_name"] : []
  }

  channels = concat(tolist(var.limits.channels), [for channel in google_monitoring_notification_channel.email : channel.id])
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.limits.emails

  project      = var.project_id
  display_name = "${var.name}: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
}

resource "google_monitoring_alert_policy" "this" {
  for_each = local.alerts

  project               = var.project_id
  display_name          = "${var.name}: ${each.value.title}"
  combiner              = can(each.value.enough) ? "AND" : "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.value.title

    dynamic "condition_threshold" {
      for_each = each.value.kind == "absent" ? [] : [each.value]

      content {
        filter          = condition_threshold.value.filter
        comparison      = "COMPARISON_GT"
        threshold_value = condition_threshold.value.limit
        duration        = "0s"

        aggregations {
          alignment_period     = "${condition_threshold.value.minutes * 60}s"
          per_series_aligner   = local.is_distribution[each.key] ? "ALIGN_DELTA" : local.aligners[condition_threshold.value.kind]
          cross_series_reducer = local.is_distribution[each.key] && condition_threshold.value.kind == "max" ? "REDUCE_PERCENTILE_99" : local.reducers[condition_threshold.value.kind]
          group_by_fields      = local.by[each.key]
        }
      }
    }

    # A counter that counts nothing is not written at all.
    dynamic "condition_absent" {
      for_each = each.value.kind == "absent" ? [each.value] : []

      content {
        filter   = condition_absent.value.filter
        duration = "${condition_absent.value.minutes * 60}s"

        aggregations {
          alignment_period     = "300s"
          per_series_aligner   = local.aligners["absent"]
          cross_series_reducer = local.reducers["absent"]
        }
      }
    }
  }

  dynamic "conditions" {
    for_each = try([each.value.enough], [])

    content {
      display_name = "${each.value.title}: enough to tell"

      condition_threshold {
        filter          = conditions.value.filter
        comparison      = "COMPARISON_GT"
        threshold_value = conditions.value.count
        duration        = "0s"

        aggregations {
          alignment_period     = "${each.value.minutes * 60}s"
          per_series_aligner   = "ALIGN_DELTA"
          cross_series_reducer = "REDUCE_SUM"
        }
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

  depends_on = [time_sleep.metrics]
}
