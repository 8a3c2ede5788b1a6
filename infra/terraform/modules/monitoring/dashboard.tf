locals {
  # What is drawn: sums of counters by a label, percentiles of distributions, and the queues.
  charts = concat(
    [for name, by in {
      updates      = "handled", webhooks = "handled", bitrix_calls = "verdict", retries = "kind", duplicates = "event",
      dead_letters = "error", rejected = "code", token_runs = "did", telegram_state = "state", funnel = "step",
      } : {
      title = "${name} by ${by}", filter = local.counted[name], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", by = ["metric.label.${by}"]
    }],
    [{ title = "bitrix_calls by method", filter = local.counted["bitrix_calls"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", by = ["metric.label.method"] }],
    [for name in keys(local.distributions) : {
      title = "${name}, p95", filter = local.counted[name], aligner = "ALIGN_DELTA", reducer = "REDUCE_PERCENTILE_95", by = []
    }],
    [
      { title = "Tasks waiting, by queue", filter = local.queue_depth, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", by = ["resource.label.queue_id"] },
      { title = "Answers of the functions", filter = local.requests, aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", by = ["metric.label.response_code_class"] },
    ],
  )
}

# A position of 0 and an empty list are left out, as the API leaves them out: else each plan would find a difference.
resource "google_monitoring_dashboard" "this" {
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = var.name
    mosaicLayout = {
      columns = 12
      tiles = [for index, chart in local.charts : merge(index % 2 == 0 ? {} : { xPos = 6 }, index < 2 ? {} : { yPos = floor(index / 2) * 4 }, {
        width  = 6
        height = 4
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{
              plotType = "LINE"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = chart.filter
                  aggregation = merge(length(chart.by) > 0 ? { groupByFields = chart.by } : {}, {
                    alignmentPeriod    = "60s"
                    perSeriesAligner   = chart.aligner
                    crossSeriesReducer = chart.reducer
                  })
                }
              }
            }]
          }
        }
      })]
    }
  })

  depends_on = [google_logging_metric.counter, google_logging_metric.distribution]
}
