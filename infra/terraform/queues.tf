# The two queues. A permit that is lost is made again by housekeeping; a message that is lost is lost, so it is tried for a day.

locals {
  queue_names = { for name in keys(local.queues) : name => "${var.name}-${name}" }
  queue_ids   = { for name, queue in local.queue_names : name => "projects/${var.project_id}/locations/${var.region}/queues/${queue}" }

  queues = {
    bitrix = {
      rate  = var.queues.bitrix
      retry = { max_attempts = 10, max_retry_duration = "600s", min_backoff = "1s", max_backoff = "60s", max_doublings = 6 }
    }
    telegram = {
      rate  = var.queues.telegram
      retry = { max_attempts = 100, max_retry_duration = "86400s", min_backoff = "2s", max_backoff = "600s", max_doublings = 8 }
    }
  }
}

module "queue" {
  source   = "./modules/queue"
  for_each = local.queues

  project_id = var.project_id
  region     = var.region
  name       = local.queue_names[each.key]
  rate       = each.value.rate
  retry      = each.value.retry
  protected  = var.protected
  enqueuers = { for name, function in local.functions :
    name => google_service_account.function[name].member if contains(function.queues, each.key)
  }

  depends_on = [google_project_service.this]
}
