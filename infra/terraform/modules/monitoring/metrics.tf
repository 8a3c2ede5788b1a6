# Metrics counted from the functions' log. `events` are the values of the field `event` (infra/RUNBOOK.md, «Log events»); a
# test checks that the code writes each of them.

locals {
  service_filter = "resource.type=\"cloud_run_revision\" resource.labels.service_name=(${join(" OR ", [for service in values(var.services) : "\"${service}\""])})"

  search = "jsonPayload.methods:\"catalog.product.list\""
  late   = "jsonPayload.seconds>${local.answered_within}"

  counters = {
    updates        = { events = ["update"], labels = ["kind", "handled"] }
    webhooks       = { events = ["webhook"], labels = ["kind", "handled"] }
    duplicates     = { events = ["update", "webhook"], labels = ["event"], only = "jsonPayload.handled=\"duplicate\"" }
    bitrix_calls   = { events = ["bitrix_call"], labels = ["method", "verdict"] }
    late_answers   = { events = ["answered"], labels = [], only = local.late }
    searches       = { events = ["bitrix_call"], labels = [], only = local.search }
    funnel         = { events = ["funnel"], labels = ["step"] }
    sweeps         = { events = ["sweep"], labels = [] }
    retries        = { events = ["retry"], labels = ["kind", "outcome"] }
    dead_letters   = { events = ["dead_letter"], labels = ["error"] }
    operators      = { events = ["operators"], labels = ["kind", "code"] }
    unreached      = { events = ["operators_unreached", "support_lost"], labels = ["event"] }
    bugs           = { events = ["bug"], labels = ["function"] }
    infrastructure = { events = ["infrastructure"], labels = ["function"] }
    misconfigured  = { events = ["misconfigured"], labels = ["function"] }
    rejected       = { events = ["rejected"], labels = ["function", "code"] }
    portal_stops   = { events = ["portal_stopped"], labels = ["code"] }
    token_runs     = { events = ["token_refresh"], labels = ["did"] }
    telegram_state = { events = ["telegram_webhook"], labels = ["state"] }
    token_trouble  = { events = ["token_dead", "token_refused", "token_unsaved"], labels = ["event"] }
  }

  # limit: an alert's, and so a bound of the buckets, for a percentile is no more exact than these. Without one, they grow.
  distributions = {
    bitrix_seconds    = { events = ["bitrix_call"], value = "seconds", labels = ["method"], unit = "s", scale = 0.01, growth = 1.4 }
    answer_seconds    = { events = ["answered"], value = "seconds", labels = [], unit = "s", limit = local.answered_within }
    search_seconds    = { events = ["bitrix_call"], value = "seconds", labels = [], unit = "s", limit = var.limits.search_p95_ms / 1000, only = local.search }
    jobs_due_age      = { events = ["sweep"], value = "oldest_seconds", labels = [], unit = "s", limit = var.limits.overdue_seconds }
    telegram_pending  = { events = ["telegram_webhook"], value = "pending", labels = [], unit = "1", limit = var.limits.pending_updates }
    dead_letters_kept = { events = ["dead_letters"], value = "kept", labels = [], unit = "1", limit = var.limits.dead_letters_kept }
    token_age         = { events = ["token_refresh"], value = "age_seconds", labels = [], unit = "s", scale = 60, growth = 1.2 }
  }

  bounds = { for name, metric in local.distributions :
    name => try([for times in [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100] : times * metric.limit], [])
  }
}

resource "google_logging_metric" "counter" {
  for_each = local.counters

  project     = var.project_id
  name        = "${var.name}/${each.key}"
  description = "Log entries with event ${join(" or ", each.value.events)}."
  filter = join(" ", compact([
    local.service_filter, "jsonPayload.event=(${join(" OR ", [for event in each.value.events : "\"${event}\""])})", try(each.value.only, ""),
  ]))
  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = each.value.labels

      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }
}

resource "google_logging_metric" "distribution" {
  for_each = local.distributions

  project     = var.project_id
  name        = "${var.name}/${each.key}"
  description = "Field ${each.value.value} of log entries with event ${join(" or ", each.value.events)}."
  filter = join(" ", compact([
    local.service_filter, "jsonPayload.event=(${join(" OR ", [for event in each.value.events : "\"${event}\""])})", try(each.value.only, ""),
  ]))
  value_extractor  = "EXTRACT(jsonPayload.${each.value.value})"
  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels

      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  bucket_options {
    dynamic "explicit_buckets" {
      for_each = length(local.bounds[each.key]) > 0 ? [local.bounds[each.key]] : []

      content {
        bounds = explicit_buckets.value
      }
    }

    dynamic "exponential_buckets" {
      for_each = length(local.bounds[each.key]) > 0 ? [] : [each.value]

      content {
        num_finite_buckets = 40
        growth_factor      = exponential_buckets.value.growth
        scale              = exponential_buckets.value.scale
      }
    }
  }
}

# A metric that was just made may be unknown to alerts for ten minutes: the API answers 404 (issue 11102 of the provider).
resource "time_sleep" "metrics" {
  create_duration = "600s"
  # A metric that is added is waited for too.
  triggers = merge(
    { for name, metric in google_logging_metric.counter : name => metric.id },
    { for name, metric in google_logging_metric.distribution : name => metric.id },
  )
}
